// The health of a loan over time, with what happened to it.
import { useMemo, useState } from 'preact/hooks'
import type uPlot from 'uplot'
import type { History } from '../../client/client.ts'
import { useAnswer } from '../data/use-answer.ts'
import { type LoanEvent, useEvents } from '../data/use-events.ts'
import { momentText, tickText } from '../format/times.ts'
import { Answered } from './answered.tsx'
import { MarkKey } from './mark-key.tsx'
import { eventMarks, loadLine } from './marks.ts'
import { Empty } from './notes.tsx'
import { Plot, type PlotProps, xAxis, yAxis } from './plot.tsx'

const SPANS = [
  { name: '24 h', since: '24h', every: undefined },
  { name: '7 days', since: '7d', every: undefined },
  { name: '30 days', since: '30d', every: '30m' },
  { name: '90 days', since: '90d', every: '2h' },
] as const

/** Healths above are drawn at the edge: what is far from the line says nothing. */
const HEALTH_MAX = 4

const wadNumber = (text: string | null): number | null => {
  if (text === null) return null
  return Math.min(Number(BigInt(text) / 10n ** 12n) / 1e6, HEALTH_MAX)
}

const optionsOf =
  (events: readonly LoanEvent[]): PlotProps['options'] =>
  (colours) => ({
    cursor: { y: false, points: { size: 7 } },
    legend: { show: true, live: true },
    scales: { y: { range: (_plot, min, max) => [Math.min(0.95, min - 0.03), Math.max(1.15, max + 0.05)] } },
    axes: [
      xAxis(colours, (_plot, ticks, _axis, _space, step) => ticks.map((at) => tickText(at, step))),
      yAxis(colours, (one) => one.toFixed(2), 48),
    ],
    hooks: { draw: [loadLine(colours.of('under')), eventMarks(events, colours)] },
    series: [
      { label: 'time', value: (_plot, at) => (at === null ? '' : momentText(at)) },
      {
        label: 'health',
        stroke: colours.of('accent'),
        width: 2,
        points: { show: false },
        value: (_plot, value) => (value === null ? '' : Number(value).toFixed(3)),
      },
    ],
  })

type DrawnProps = { readonly history: History; readonly events: readonly LoanEvent[] }

const Drawn = ({ history, events }: DrawnProps) => {
  const points = history.points
  const data = useMemo(
    (): uPlot.AlignedData => [
      points.map(({ block }) => block.timestamp),
      points.map(({ healthFactor }) => wadNumber(healthFactor)),
    ],
    [points],
  )
  const options = useMemo(() => optionsOf(events), [events])
  if (points.length < 2)
    return (
      <Empty title="No history in this span">
        A point is stored when health moves; kept for {history.historyDays} days.
      </Empty>
    )
  return (
    <Plot data={data} options={options} height={200} label={`Health over time, ${points.length} points`} />
  )
}

/** Health over a span, with the line that it must stay above. */
export const LoanHistory = ({ id }: { readonly id: string }) => {
  const [index, setIndex] = useState(2)
  const span = SPANS[index] ?? SPANS[0]
  const answer = useAnswer(['history', id, span.since], (client, options) =>
    client.positionHistory(id, { limit: 500, since: span.since, every: span.every }, options),
  )
  const events = useEvents([id], { since: span.since })
  return (
    <section class="history">
      <div class="section-head">
        <h3>Health over time</h3>
        <div class="segments">
          {SPANS.map(({ name }, at) => (
            <button key={name} type="button" aria-pressed={at === index} onClick={() => setIndex(at)}>
              {name}
            </button>
          ))}
        </div>
      </div>
      <Answered answer={answer} height={200}>
        {(history) => <Drawn history={history} events={events} />}
      </Answered>
      <div class="section-head">
        <MarkKey events={events} />
        <a class="small" href={`/analyst?who=${encodeURIComponent(id)}`}>
          Explore and compare
        </a>
      </div>
    </section>
  )
}
