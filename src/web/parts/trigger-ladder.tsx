// The prices at which loans become liquidatable, one feed at a time, nearest first: for whoever acts on a coming oracle update.
import { useState } from 'preact/hooks'
import type { Feed, Triggers } from '../../client/client.ts'
import { useAnswer } from '../data/use-answer.ts'
import { useLabels } from '../data/watched.ts'
import { marketText } from '../format/loans.ts'
import { countText } from '../format/numbers.ts'
import { Account } from './address.tsx'
import { Answered } from './answered.tsx'
import { Health, Share, Usd } from './exact.tsx'
import { Empty } from './notes.tsx'
import { Price } from './price.tsx'

const FALLS = ['2%', '5%', '10%', '25%'] as const
const ROWS = 25

const nameOf = ({ assets }: Feed): string => assets.map(({ symbol }) => symbol).join(', ')

/** Feeds whose fall harms a loan, the most pressing first. */
const harmful = (feeds: readonly Feed[]): readonly Feed[] =>
  feeds.filter(({ fallPpm }) => fallPpm !== null).toSorted((a, b) => (b.fallPpm ?? 0) - (a.fallPpm ?? 0))

const Rungs = ({ triggers, feeds }: Triggers) => {
  const labels = useLabels()
  const [feed] = feeds
  if (!feed || triggers.length === 0)
    return (
      <Empty title="No loan within this fall">
        A deeper fall of this price, or of several together, may still reach one.
      </Empty>
    )
  return (
    <div class="scroll-x">
      <table class="plain-table">
        <thead>
          <tr>
            <th>At</th>
            <th class="right">Fall</th>
            <th>Borrower</th>
            <th class="right">Health now</th>
            <th class="right">Debt</th>
          </tr>
        </thead>
        <tbody>
          {triggers.map(({ id, owner, price, changePpm, position }) => (
            <tr key={id}>
              <td>
                <Price price={price} scale={feed.scale ?? '1'} />
              </td>
              <td class="right">
                <Share ppm={changePpm} isChange />
              </td>
              <td>
                <Account address={owner} label={labels.get(owner)} />
                <p class="soft small">{marketText(position)}</p>
              </td>
              <td class="right">
                <Health health={position.healthFactor} />
              </td>
              <td class="right">
                <Usd usd={position.usd?.debt} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

const Ladder = ({ feed, fall }: { readonly feed: string; readonly fall: string }) => {
  const answer = useAnswer(['triggers', feed, fall], (client, options) =>
    client.triggers({ feed, down: fall, limit: ROWS }, options),
  )
  return (
    <div data-old={answer.isOld ? true : undefined}>
      <Answered answer={answer} height={200}>
        {(found) => (
          <>
            <Rungs {...found} />
            {found.next === null ? null : (
              <p class="soft small">The nearest {countText(ROWS)}; the API tells all.</p>
            )}
          </>
        )}
      </Answered>
    </div>
  )
}

/** Choose a feed and a fall. */
export const TriggerLadder = () => {
  const feeds = useAnswer(['triggers'], (client, options) => client.triggers({}, options))
  const [chosen, setChosen] = useState('')
  const [fall, setFall] = useState<string>('10%')
  return (
    <section class="card">
      <header>
        <div>
          <h2>Trigger ladder</h2>
          <p class="soft small">Who becomes liquidatable as one price falls, others held.</p>
        </div>
        <div class="segments">
          {FALLS.map((one) => (
            <button key={one} type="button" aria-pressed={one === fall} onClick={() => setFall(one)}>
              −{one}
            </button>
          ))}
        </div>
      </header>
      <Answered answer={feeds} height={240}>
        {({ feeds: known }) => {
          const volatile = harmful(known)
          const feed = volatile.find(({ id }) => id === chosen) ?? volatile[0]
          if (!feed) return <Empty title="No price can harm a loan by falling" />
          return (
            <>
              <div class="segments ladder-feeds">
                {volatile.map((one) => (
                  <button
                    key={one.id}
                    type="button"
                    aria-pressed={one.id === feed.id}
                    onClick={() => setChosen(one.id)}
                  >
                    {nameOf(one)}
                  </button>
                ))}
              </div>
              <Ladder feed={feed.id} fall={fall} />
            </>
          )
        }}
      </Answered>
    </section>
  )
}
