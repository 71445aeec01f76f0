// Histories of loans, one above the other: any range, as finely as a screen shows it, exact at every point.
import { useMemo, useState } from 'preact/hooks'
import { type Measure, namedIn, type Range, rangeOf, SPANS, spanOf } from '../../data/explore.ts'
import { status } from '../../data/live.ts'
import { useAnswer } from '../../data/use-answer.ts'
import { useEvents } from '../../data/use-events.ts'
import { useFilters } from '../../data/use-filters.ts'
import { LINES_MAX, type Line, useIds, useLines } from '../../data/use-lines.ts'
import { useLabels } from '../../data/watched.ts'
import { marketText, shortAddress } from '../../format/loans.ts'
import { momentField, momentOfField } from '../../format/times.ts'
import { Answered } from '../../parts/answered.tsx'
import { EventList } from '../../parts/event-list.tsx'
import { Brush, ExplorerPlot } from '../../parts/explorer-plot.tsx'
import { ExportButtons } from '../../parts/export-buttons.tsx'
import { MarkKey } from '../../parts/mark-key.tsx'
import { Empty, Waiting } from '../../parts/notes.tsx'
import { Readout } from '../../parts/readout.tsx'

const DAY = 86_400
const MEASURES: readonly { readonly measure: Measure; readonly name: string }[] = [
  { measure: 'health', name: 'Health' },
  { measure: 'collateral', name: 'Collateral' },
  { measure: 'debt', name: 'Debt' },
]

const measureOf = (text: string | undefined): Measure =>
  MEASURES.find(({ measure }) => measure === text)?.measure ?? 'health'

const isNamed = (text: string): boolean =>
  /^0x[0-9a-fA-F]{40}$/.test(text) || /^\d{1,10}(:[A-Za-z0-9._~-]+){4}$/.test(text)

/** Loans worth a look: watched ones, else those nearest to their lines. */
const useSuggested = () => {
  const ask = (key: string, query: object) =>
    useAnswer(
      ['suggested', key],
      (client, options) => client.positions({ limit: LINES_MAX, ...query }, options),
      { everyMs: 60_000 },
    )
  const [watched, worst] = [ask('watched', { watched: true }), ask('worst', { maxHealth: 100 })]
  if (!watched.data || !worst.data) return undefined
  return watched.data.positions.length > 0 ? watched.data.positions : worst.data.positions
}

type ChooseProps = { readonly named: readonly string[]; onChange(named: readonly string[]): void }

/** Adds a loan or an account. */
const Choose = ({ named, onChange }: ChooseProps) => {
  const [fault, setFault] = useState('')
  const labels = useLabels()
  const suggested = useSuggested() ?? []
  const isFull = named.length >= LINES_MAX
  const submit = (event: SubmitEvent): void => {
    event.preventDefault()
    const form = event.currentTarget as HTMLFormElement
    const text = String(new FormData(form).get('who') ?? '').trim()
    setFault(isNamed(text) ? '' : 'Write an address, or chainId:protocol:deployment:market:account.')
    if (!isNamed(text)) return
    onChange([...named, text])
    form.reset()
  }
  return (
    <>
      <form class="search" onSubmit={submit}>
        <label class="visually-hidden" for="who">
          Address of an account, or id of a loan
        </label>
        <input
          class="field mono"
          id="who"
          name="who"
          placeholder="0x… an account, or the id of a loan"
          autocomplete="off"
          spellcheck={false}
          disabled={isFull}
          aria-invalid={fault === '' ? undefined : true}
          aria-describedby="who-fault"
        />
        <button class="button" data-kind="main" type="submit" disabled={isFull}>
          Add to the plot
        </button>
        <p class="search-fault" id="who-fault" role="alert">
          {isFull ? `More than ${LINES_MAX} lines cannot be told apart: remove one.` : fault}
        </p>
      </form>
      <div class="days">
        <span class="soft small">or one of these:</span>
        {suggested.map((loan) => (
          <button
            key={loan.id}
            class="button"
            type="button"
            aria-pressed={named.includes(loan.id)}
            disabled={isFull && !named.includes(loan.id)}
            title={loan.id}
            onClick={() =>
              onChange(named.includes(loan.id) ? named.filter((one) => one !== loan.id) : [...named, loan.id])
            }
          >
            {labels.get(loan.owner) ?? shortAddress(loan.owner)}
            <span class="soft small">{marketText(loan)}</span>
          </button>
        ))}
      </div>
    </>
  )
}

type RangeProps = { readonly range: Range; readonly values: Readonly<Record<string, string>> }

const RangeFields = ({
  range,
  values,
  put,
}: RangeProps & { put(values: Readonly<Record<string, string>>): void }) => {
  const move = (end: 'since' | 'until', text: string): void => {
    const at = momentOfField(text)
    const next = { ...range, ...(at === undefined ? {} : { [end]: at }) }
    if (next.since < next.until) put({ since: String(next.since), until: String(next.until), span: '' })
  }
  return (
    <div class="ranges">
      <div class="segments">
        {SPANS.map(({ name, text }) => (
          <button
            key={name}
            type="button"
            aria-pressed={spanOf(values) === name}
            onClick={() => put({ span: name, since: '', until: '' })}
          >
            {text}
          </button>
        ))}
      </div>
      {(['since', 'until'] as const).map((end) => (
        <label key={end} class="small soft">
          {end === 'since' ? 'from ' : 'to '}
          <input
            class="field"
            type="datetime-local"
            value={momentField(range[end])}
            onChange={({ currentTarget }) => move(end, currentTarget.value)}
          />
        </label>
      ))}
    </div>
  )
}

type ExplorerProps = {
  readonly ids: readonly string[]
  readonly whole: Range
  onRemove(id: string): void
}

const Explorer = ({ ids, whole, onRemove }: ExplorerProps) => {
  const { values, put } = useFilters()
  const labels = useLabels()
  const measure = measureOf(values['measure'])
  const coarse = useLines({ ids, range: whole, labels, isCoarse: true })
  const first = Math.min(
    ...(coarse.data ?? []).map(({ points }) => points[0]?.block.timestamp ?? whole.until),
  )
  // What is kept begins with the first point; a day at least, so that there is something to drag over.
  const kept = { since: Math.min(first, whole.until - DAY), until: whole.until }
  const range = rangeOf(values, kept)
  const answer = useLines({ ids, range, labels })
  const events = useEvents(ids, range)
  const [chosen, setAt] = useState<number>()
  const at =
    chosen !== undefined && chosen >= range.since && chosen <= range.until
      ? chosen
      : Math.min(range.until, whole.until)
  const setRange = ({ since, until }: Range): void =>
    put({ since: String(since), until: String(until), span: '' })
  const nameOf = (subject: string): string =>
    answer.data?.find(({ id }) => id === subject)?.name ?? subject.split(':').slice(1).join(' ')
  const isMixed = (lines: readonly Line[]): boolean =>
    measure !== 'health' && new Set(lines.map(({ quote }) => quote?.symbol)).size > 1
  return (
    <>
      <div class="section-head">
        <div class="segments">
          {MEASURES.map(({ measure: one, name }) => (
            <button
              key={one}
              type="button"
              aria-pressed={one === measure}
              onClick={() => put({ measure: one === 'health' ? '' : one })}
            >
              {name}
            </button>
          ))}
        </div>
        <RangeFields {...{ range, values, put }} />
      </div>
      <Answered answer={answer} height={480}>
        {(lines) => (
          <div class="stack" data-old={answer.isOld ? true : undefined}>
            {isMixed(lines) ? (
              <p class="soft small">These markets count in different units: compare shapes, not heights.</p>
            ) : null}
            <ExplorerPlot {...{ lines, measure, range, events, at }} onAt={setAt} onRange={setRange} />
            <MarkKey events={events} />
            <Brush {...{ lines: coarse.data ?? lines, measure, range, whole: kept }} onRange={setRange} />
            <Readout {...{ lines, measure, range, at, onRemove }} onAt={setAt} />
            <EventList {...{ events, range, nameOf }} onAt={setAt} />
            <ExportButtons
              table="snapshots"
              what="what was noted of these accounts in this range"
              query={{
                ...range,
                account:
                  [...new Set(lines.map(({ account }) => account).filter(isNamed))].join(',') || undefined,
              }}
            />
          </div>
        )}
      </Answered>
    </>
  )
}

/** The history of whom the address names; of the first loan that is worth a look where it names nobody. */
export const HistoryPart = () => {
  const { values, put } = useFilters()
  const suggested = useSuggested()
  const given = namedIn(values['who'])
  const named = given.length > 0 ? given : (suggested ?? []).slice(0, 1).map(({ id }) => id)
  const answer = useIds(named)
  const known = status.value
  const until = Math.max(0, ...(known?.blocks ?? []).map(({ timestamp }) => timestamp))
  const days = known?.historyDays ?? 0
  // Moves with days, not with blocks: what is asked for stays the same meanwhile.
  const whole = useMemo(
    () => ({ since: (Math.floor(until / DAY) - days) * DAY, until }),
    [Math.floor(until / 60), days],
  )
  const setNamed = (next: readonly string[]): void => put({ who: [...new Set(next)].join(',') })
  return (
    <section class="card">
      <header>
        <div>
          <h2>History</h2>
          <p class="soft small">
            Recomputed exactly at the blocks that were observed, between what was noted when it moved; kept
            for {days} days. Drag over the plot to look closer.
          </p>
        </div>
      </header>
      <Choose named={named} onChange={setNamed} />
      {until === 0 || (given.length === 0 && !suggested) ? (
        <Waiting height={480} />
      ) : named.length === 0 ? (
        <Empty title="No loan is followed yet">Name an account that had one.</Empty>
      ) : (
        <Answered answer={answer} height={480}>
          {(ids) =>
            ids.length === 0 ? (
              <Empty title="No loan of it is known">
                Nothing is stored of this account. Watch it, and its history begins.
              </Empty>
            ) : (
              <Explorer
                ids={ids}
                whole={whole}
                onRemove={(id) => setNamed(ids.filter((one) => one !== id))}
              />
            )
          }
        </Answered>
      )}
    </section>
  )
}
