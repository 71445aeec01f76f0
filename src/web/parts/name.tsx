// A name of ENS: which account it stands for, as the chain says, whatever a link says.
import { useEffect } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { useName } from '../data/use-name.ts'
import { Account } from './address.tsx'
import { Answered } from './answered.tsx'
import { Note } from './notes.tsx'

/** Goes to the account that a name stands for, or says why there is none. */
export const NameSearch = ({ name }: { readonly name: string }) => {
  const { route } = useLocation()
  const answer = useName(name)
  const found = answer.isOld ? undefined : answer.data
  useEffect(() => {
    if (found) route(`/accounts/${found.address}?name=${encodeURIComponent(found.name)}`, true)
  }, [found])
  return (
    <div class="stack">
      <div class="head">
        <div class="grow">
          <h1 class="cut">{name}</h1>
          <p>an ENS name, looked up on the chain</p>
        </div>
      </div>
      <Answered answer={{ ...answer, data: found }} height={96}>
        {() => null}
      </Answered>
    </div>
  )
}

type Props = { readonly name: string; readonly account: string }

/** The name of an account, where the chain agrees; where it says another account, that. */
export const NameOf = ({ name, account }: Props) => {
  const { data, isOld } = useName(name)
  if (!data || isOld) return null
  if (data.address.toLowerCase() === account.toLowerCase()) return <strong class="name">{data.name}</strong>
  return (
    <Note tone="warn">
      {data.name} is not the name of this account: it stands for <Account address={data.address} />.
    </Note>
  )
}
