// A name of ENS: which account it stands for, as the chain says, whatever a link says.
import { useEffect } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import type { Name } from '../../client/client.ts'
import { useName } from '../data/use-name.ts'
import { Account } from './address.tsx'
import { Answered } from './answered.tsx'
import { Note } from './notes.tsx'

type Props = { readonly name: string; readonly account: string }

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

const isOf = (found: Name, account: string): boolean => found.address.toLowerCase() === account.toLowerCase()

/** The name of an account, where the chain agrees that it is. */
export const NameOf = ({ name, account }: Props) => {
  const { data, isOld } = useName(name)
  return data && !isOld && isOf(data, account) ? <p class="ens-name">{data.name}</p> : null
}

/** Whose a name is that a link gives to another account. */
export const OtherName = ({ name, account }: Props) => {
  const { data, isOld } = useName(name)
  if (!data || isOld || isOf(data, account)) return null
  return (
    <Note tone="warn">
      {data.name} is not the name of this account: it stands for <Account address={data.address} />
    </Note>
  )
}
