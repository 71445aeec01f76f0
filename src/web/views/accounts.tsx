// Whose loans to look at.
import { useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { useAnswer } from '../data/use-answer.ts'
import { hasNames, isAddress, isName } from '../data/use-name.ts'
import { useLabels, useWatches } from '../data/watched.ts'
import { Account } from '../parts/address.tsx'
import { Answered } from '../parts/answered.tsx'
import { LoanRow } from '../parts/loan-row.tsx'
import { Empty, Unread } from '../parts/notes.tsx'

/** What is wrong with what was written, in words; empty where it can be looked up. */
const faultOf = (text: string): string => {
  if (isAddress(text) || (hasNames.value && isName(text))) return ''
  if (hasNames.value) return 'Write 0x and 40 hex digits, or a name such as vitalik.eth.'
  return isName(text)
    ? 'No followed chain has ENS names. Write 0x and 40 hex digits.'
    : 'Write 0x and 40 hex digits.'
}

/** Takes an address, or a name where a chain has names, and goes there. */
export const Search = ({ isLarge = false }: { readonly isLarge?: boolean }) => {
  const { route } = useLocation()
  const [fault, setFault] = useState('')
  const submit = (event: SubmitEvent): void => {
    event.preventDefault()
    const text = String(new FormData(event.currentTarget as HTMLFormElement).get('address') ?? '').trim()
    const found = faultOf(text)
    setFault(found)
    if (found === '') route(`/accounts/${encodeURIComponent(text)}`)
  }
  return (
    <form class="search" data-large={isLarge ? true : undefined} onSubmit={submit}>
      <label class="visually-hidden" for="address">
        {hasNames.value ? 'Address or ENS name of an account' : 'Address of an account'}
      </label>
      <input
        class="field mono"
        id="address"
        name="address"
        placeholder={hasNames.value ? '0x… or name.eth' : '0x… paste an address'}
        autocomplete="off"
        spellcheck={false}
        aria-invalid={fault === '' ? undefined : true}
        aria-describedby="address-fault"
      />
      <button class="button" data-kind="main" type="submit">
        Show its loans
      </button>
      <p id="address-fault" class="search-fault" role="alert">
        {fault}
      </p>
    </form>
  )
}

/** Search, who is watched, and the loans nearest to their lines. */
export const Accounts = () => {
  const watches = useWatches()
  const labels = useLabels()
  const worst = useAnswer(['positions', 'worst'], (client, options) =>
    client.positions({ limit: 25, maxHealth: 100 }, options),
  )
  return (
    <div class="stack">
      <section class="hero">
        <h1>How far is it from the line?</h1>
        <p class="soft">
          Every loan of an account on every followed chain: its health, what price kills it, and what mends
          it.
        </p>
        <Search isLarge />
      </section>
      <div class="grid">
        <section class="card third">
          <header>
            <h2>Watched</h2>
          </header>
          <Answered answer={watches}>
            {({ watches: rows }) =>
              rows.length === 0 ? (
                <Empty title="Nobody yet">
                  Show an account and watch it, or list it under watch in plimsoll.yaml.
                </Empty>
              ) : (
                <ul class="rows">
                  {rows.map(({ account, label, receivers }) => (
                    <li key={account}>
                      <div class="grow">
                        <Account address={account} label={label} />
                        <p class="soft small">
                          {receivers.length === 0 ? 'nobody is told' : `tells ${receivers.join(', ')}`}
                        </p>
                      </div>
                    </li>
                  ))}
                </ul>
              )
            }
          </Answered>
        </section>
        <section class="card two-thirds">
          <header>
            <h2>Nearest to the line</h2>
            <span class="soft small">of all followed loans</span>
          </header>
          <Answered answer={worst} height={400}>
            {({ positions, unread }) =>
              positions.length === 0 && unread.length > 0 ? (
                <Unread unread={unread} />
              ) : positions.length === 0 ? (
                <Empty title="No loans are followed yet" />
              ) : (
                <ul class="rows">
                  {positions.map((loan) => (
                    <LoanRow key={loan.id} loan={loan} label={labels.get(loan.owner)} />
                  ))}
                </ul>
              )
            }
          </Answered>
        </section>
      </div>
    </div>
  )
}
