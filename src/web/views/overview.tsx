// Everything at a glance: who is watched, where all loans stand, what falls when prices do.

import { status } from '../data/live.ts'
import type { Alerts, Status } from '../data/types.ts'
import { type Answer, useAnswer } from '../data/use-answer.ts'
import { useLabels } from '../data/watched.ts'
import { marketText } from '../format/loans.ts'
import { countText } from '../format/numbers.ts'
import { Account } from '../parts/address.tsx'
import { AlertRow } from '../parts/alert-row.tsx'
import { Answered } from '../parts/answered.tsx'
import { Bands } from '../parts/bands.tsx'
import { Amount, Health, Usd } from '../parts/exact.tsx'
import { FallCurves } from '../parts/fall-curves.tsx'
import { LoanRow } from '../parts/loan-row.tsx'
import { Empty, Unread } from '../parts/notes.tsx'
import { Sources } from '../parts/sources.tsx'
import { Tiles } from '../parts/tiles.tsx'
import { Moment } from '../parts/time.tsx'

/** Curves look at every loan at every depth: they are not asked for with every block. */
const CURVE_MS = 300_000

const Watched = () => {
  const answer = useAnswer(['positions', 'watched'], (client, options) =>
    client.positions({ watched: true, limit: 12 }, options),
  )
  const labels = useLabels()
  return (
    <section class="card" data-order="1">
      <header>
        <h2>Watched loans</h2>
        <a href="/accounts">All borrowers</a>
      </header>
      <Answered answer={answer} height={240}>
        {({ positions, unread }) =>
          positions.length === 0 && unread.length > 0 ? (
            <Unread unread={unread} />
          ) : positions.length === 0 ? (
            <Empty title="No watched account has a loan">
              <a href="/accounts">Look an account up</a> and watch it.
            </Empty>
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
  )
}

const WEIGHT: Readonly<Record<string, number>> = { critical: 0, warning: 1, info: 2 }

/** Worst first; of those as bad, alerts of loans before those of the watcher. */
const inOrder = (alerts: Alerts['alerts']): Alerts['alerts'] =>
  alerts.toSorted(
    (a, b) =>
      (WEIGHT[a.severity] ?? 3) - (WEIGHT[b.severity] ?? 3) ||
      Number('account' in b.labels) - Number('account' in a.labels),
  )

const Firing = ({ answer }: { readonly answer: Answer<Alerts> }) => (
  <section class="card" data-order="2">
    <header>
      <h2>Firing</h2>
      <a href="/alerts">All alerts</a>
    </header>
    <Answered answer={answer}>
      {({ alerts }) =>
        alerts.length === 0 ? (
          <Empty title="All quiet">No alert fires.</Empty>
        ) : (
          <ul class="rows">
            {inOrder(alerts)
              .slice(0, 5)
              .map((alert) => (
                <AlertRow key={alert.fingerprint} alert={alert} />
              ))}
          </ul>
        )
      }
    </Answered>
  </section>
)

const Best = () => {
  const answer = useAnswer(['candidates', 'best'], (client, options) =>
    client.candidates({ limit: 5 }, options),
  )
  const labels = useLabels()
  return (
    <section class="card" data-order="5">
      <header>
        <h2>Candidates now</h2>
        <a href="/candidates">All candidates</a>
      </header>
      <Answered answer={answer}>
        {({ candidates, unassessableCount, unread }) =>
          candidates.length === 0 && unread.length > 0 ? (
            <Unread unread={unread} />
          ) : candidates.length === 0 ? (
            <Empty title="Nothing that is known can be liquidated">
              {unassessableCount === 0
                ? 'Every loan is above its line.'
                : `${countText(unassessableCount)} loans could not be assessed; any of them may be under it.`}
            </Empty>
          ) : (
            <table class="plain-table">
              <thead>
                <tr>
                  <th>Borrower</th>
                  <th class="right">Health</th>
                  <th class="right">Debt</th>
                  <th class="right">Earns</th>
                </tr>
              </thead>
              <tbody>
                {candidates.map(({ position, incentiveUsd }) => (
                  <tr key={position.id}>
                    <td>
                      <Account address={position.owner} label={labels.get(position.owner)} />
                    </td>
                    <td class="right">
                      <Health health={position.healthFactor} />
                    </td>
                    <td class="right">
                      <Usd usd={position.usd?.debt} />
                    </td>
                    <td class="right">
                      <Usd usd={incentiveUsd} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          )
        }
      </Answered>
    </section>
  )
}

const Last = () => {
  const answer = useAnswer(['liquidations', 'last'], (client, options) =>
    client.liquidations({ limit: 5 }, options),
  )
  const labels = useLabels()
  return (
    <section class="card" data-order="6">
      <header>
        <h2>Last liquidations</h2>
        <a href="/analyst/liquidations">All, and what was foretold</a>
      </header>
      <Answered answer={answer}>
        {({ liquidations }) =>
          liquidations.length === 0 ? (
            <Empty title="None seen yet">They are listed from when a market is followed.</Empty>
          ) : (
            <ul class="rows">
              {liquidations.map((row) => {
                const { transactionHash, logIndex, owner, position, seenAt, debt, collateral } = row
                const [, protocol = '', deployment = '', market = ''] = position.split(':')
                return (
                  <li key={`${transactionHash}${logIndex}`}>
                    <div class="grow">
                      <Account address={owner} label={labels.get(owner)} />
                      <p class="soft small">{marketText({ protocol, deployment, market })}</p>
                    </div>
                    <div class="right small">
                      {seenAt === null ? null : <Moment at={seenAt} />}
                      {debt && collateral ? (
                        <p class="soft">
                          <Amount amount={row.repaid} {...debt} /> for{' '}
                          <Amount amount={row.seized} {...collateral} />
                        </p>
                      ) : null}
                    </div>
                  </li>
                )
              })}
            </ul>
          )
        }
      </Answered>
    </section>
  )
}

/** More chains than this are counted. */
const NAMED_MAX = 3

/** What is followed, in a line. */
const chainsText = (chains: Status['chains']): string => {
  const parts = (['book', 'watched'] as const).flatMap((follow) => {
    const some = chains.filter((one) => one.follow === follow)
    const names =
      some.length <= NAMED_MAX
        ? some.map(({ label }) => label).join(', ')
        : `${countText(some.length)} chains`
    return some.length === 0 ? [] : [`${names}: ${follow === 'book' ? 'every borrower' : 'watched accounts'}`]
  })
  return parts.join(' · ')
}

/** The first view. */
export const Overview = () => {
  const all = useAnswer(['distribution'], (client, options) => client.distribution({}, options))
  const firing = useAnswer(['alerts', 'firing'], (client, options) =>
    client.alerts({ state: 'firing', limit: 50 }, options),
  )
  const curves = useAnswer(
    ['stress', 'curve'],
    (client, options) => client.stress({ curve: true }, options),
    { everyMs: CURVE_MS },
  )
  return (
    <div class="stack">
      <div class="head">
        <div class="grow">
          <h1>Where the loans stand</h1>
          <p>{chainsText(status.value?.chains ?? [])}</p>
        </div>
        <a class="button" href="/accounts">
          Look up an account
        </a>
      </div>
      <Answered answer={all} height={110}>
        {(known) =>
          known.blocks.length === 0 ? (
            <Unread unread={known.unread} />
          ) : (
            <Tiles all={known} alerts={firing.data} />
          )
        }
      </Answered>
      <div class="columns">
        <div class="column">
          <Watched />
          <section class="card" data-order="3">
            <header>
              <h2>If prices fall</h2>
              <span class="soft small">debt that can be liquidated</span>
            </header>
            <Answered answer={curves} height={260}>
              {({ curves: rows }) => <FallCurves curves={rows} />}
            </Answered>
          </section>
          <Best />
        </div>
        <div class="column">
          <Firing answer={firing} />
          <section class="card" data-order="4">
            <header>
              <h2>Debt by health</h2>
              <span class="soft small">all followed loans</span>
            </header>
            <Answered answer={all} height={260}>
              {({ bands, blocks, unread }) =>
                blocks.length === 0 ? <Unread unread={unread} /> : <Bands bands={bands} />
              }
            </Answered>
          </section>
          <Last />
          <section class="card" data-order="7">
            <header>
              <h2>Where this comes from</h2>
            </header>
            <Sources />
          </section>
        </div>
      </div>
    </div>
  )
}
