// What fires, what fired, who was told and why, and what is not told for a time.
import type { AlertsQuery } from '../../client/client.ts'
import { api } from '../data/api.ts'
import type { Silences as SilencesAnswer } from '../data/types.ts'
import { type Answer, useAnswer } from '../data/use-answer.ts'
import { useFilters } from '../data/use-filters.ts'
import { usePages } from '../data/use-pages.ts'
import { AlertCard } from '../parts/alert-card.tsx'
import { Answered } from '../parts/answered.tsx'
import { More } from '../parts/more.tsx'
import { Empty } from '../parts/notes.tsx'
import { Receivers } from '../parts/receivers.tsx'
import { SilenceButton } from '../parts/silence-button.tsx'
import { Moment } from '../parts/time.tsx'

const STATES = [
  { name: 'Firing', value: '' },
  { name: 'Pending', value: 'pending' },
  { name: 'Resolved', value: 'resolved' },
  { name: 'All', value: 'all' },
] as const

const NARROWS = ['severity', 'rule', 'account', 'label', 'chain', 'fingerprint'] as const

/** What of the address narrows the list; the API says what is wrong with it. */
const queryOf = (values: Readonly<Record<string, string>>): AlertsQuery => {
  const { state = 'firing' } = values
  return {
    ...{ limit: 50, explain: true },
    ...(state === 'all' ? {} : { state: state as NonNullable<AlertsQuery['state']> }),
    ...(Object.fromEntries(
      NARROWS.filter((name) => values[name]).map((name) => [name, values[name]]),
    ) as AlertsQuery),
  }
}

const Filters = () => {
  const { values, set } = useFilters()
  return (
    <form class="filters" onSubmit={(event) => event.preventDefault()} aria-label="Filters">
      <div class="segments">
        {STATES.map(({ name, value }) => (
          <button
            key={name}
            type="button"
            aria-pressed={(values['state'] ?? '') === value}
            onClick={() => set('state', value)}
          >
            {name}
          </button>
        ))}
      </div>
      <label>
        Severity
        <select
          class="field"
          value={values['severity'] ?? ''}
          onChange={({ currentTarget }) => set('severity', currentTarget.value)}
        >
          <option value="">any</option>
          <option value="critical">critical</option>
          <option value="warning">warning</option>
          <option value="info">info</option>
        </select>
      </label>
    </form>
  )
}

const Silences = ({ answer }: { readonly answer: Answer<SilencesAnswer> }) => {
  const end = async (id: string): Promise<void> => {
    await api.value.endSilence(id)
    answer.again()
  }
  return (
    <section class="card">
      <header>
        <h2>Silences</h2>
        <SilenceButton match={{}} name="Add" onChange={answer.again} />
      </header>
      <Answered answer={answer}>
        {({ silences }) =>
          silences.length === 0 ? (
            <Empty title="Nothing is silenced">Every alert is told to its receivers.</Empty>
          ) : (
            <ul class="rows">
              {silences.map(({ id, match, endsAt, createdBy, comment }) => (
                <li key={id}>
                  <div class="grow">
                    <p>
                      {Object.entries(match).map(([name, value]) => (
                        <code key={name} class="label">
                          {name}={value}
                        </code>
                      ))}
                    </p>
                    <p class="soft small">
                      until <Moment at={endsAt} /> · {createdBy}
                      {comment ? ` · ${comment}` : ''}
                    </p>
                  </div>
                  <button class="button" type="button" onClick={() => void end(id)}>
                    End
                  </button>
                </li>
              ))}
            </ul>
          )
        }
      </Answered>
    </section>
  )
}

/** `/alerts`. */
export const Alerts = () => {
  const { values } = useFilters()
  const query = queryOf(values)
  const answer = usePages(['alerts', query], (client, cursor, options) =>
    client.alerts({ ...query, ...cursor }, options),
  )
  const silences = useAnswer(['silences'], (client, options) => client.silences({ holds: true }, options))
  return (
    <div class="stack">
      <div class="head">
        <div>
          <h1>Alerts</h1>
          <p>On the time of the chain; each with who was told, and why not.</p>
        </div>
        <Filters />
      </div>
      <div class="grid">
        <div class="two-thirds stack">
          <Answered answer={answer} height={320}>
            {(pages) => {
              const alerts = pages.flatMap((page) => page.alerts)
              return alerts.length === 0 ? (
                <section class="card">
                  <Empty title="All quiet">No alert fits these filters.</Empty>
                </section>
              ) : (
                alerts.map((alert) => (
                  <AlertCard
                    key={`${alert.fingerprint}${alert.activeAt}`}
                    alert={alert}
                    onChange={() => {
                      answer.again()
                      silences.again()
                    }}
                  />
                ))
              )
            }}
          </Answered>
          <More pages={answer} />
        </div>
        <div class="third stack">
          <Silences answer={silences} />
          <Receivers />
        </div>
      </div>
    </div>
  )
}
