// The health of a loan over time, with its alerts.
import { useMemo, useState } from 'preact/hooks'
import type uPlot from 'uplot'
import type { History } from '../../client/client.ts'
import type { Alert } from '../data/types.ts'
import { useAnswer } from '../data/use-answer.ts'
import { momentText, tickText } from '../format/times.ts'
import { Answered } from './answered.tsx'
import { Empty } from './notes.tsx'
import { axis, Plot, type PlotProps } from './plot.tsx'

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

/** Moments at which alerts began to fire, as marks from top to bottom. */
const marks =
  (alerts: readonly Alert[], colour: string) =>
  (plot: uPlot): void => {
    const { ctx, bbox } = plot
    ctx.save()
    ctx.strokeStyle = colour
    ctx.setLineDash([2, 4])
    for (const { startsAt, activeAt } of alerts) {
      const x = Math.round(plot.valToPos(startsAt ?? activeAt, 'x', true)) + 0.5
      if (x < bbox.left || x > bbox.left + bbox.width) continue
      ctx.beginPath()
      ctx.moveTo(x, bbox.top)
      ctx.lineTo(x, bbox.top + bbox.height)
      ctx.stroke()
    }
    ctx.restore()
  }

const line =
  (colour: string) =>
  (plot: uPlot): void => {
    const { ctx, bbox } = plot
    const y = Math.round(plot.valToPos(1, 'y', true)) + 0.5
    ctx.save()
    ctx.strokeStyle = colour
    ctx.lineWidth = 2
    ctx.beginPath()
    ctx.moveTo(bbox.left, y)
    ctx.lineTo(bbox.left + bbox.width, y)
    ctx.stroke()
    ctx.restore()
  }

const optionsOf =
  (alerts: readonly Alert[]): PlotProps['options'] =>
  (colours) => ({
    cursor: { y: false, points: { size: 7 } },
    legend: { show: true, live: true },
    scales: { y: { range: (_plot, min, max) => [Math.min(0.95, min - 0.03), Math.max(1.15, max + 0.05)] } },
    axes: [
      axis(colours, { values: (_plot, ticks, _axis, _space, step) => ticks.map((at) => tickText(at, step)) }),
      axis(colours, { size: 48, values: (_plot, ticks) => ticks.map((one) => one.toFixed(2)) }),
    ],
    hooks: { draw: [line(colours.of('under')), marks(alerts, colours.of('near'))] },
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

const Drawn = ({ history, alerts }: { readonly history: History; readonly alerts: readonly Alert[] }) => {
  const points = history.points
  const data = useMemo(
    (): uPlot.AlignedData => [
      points.map(({ block }) => block.timestamp),
      points.map(({ healthFactor }) => wadNumber(healthFactor)),
    ],
    [points],
  )
  const options = useMemo(() => optionsOf(alerts), [alerts])
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
  const alerts = useAnswer(['alerts', 'of', id], (client, options) =>
    client.alerts({ subject: id, limit: 100 }, options),
  )
  const none = useMemo(() => [], [])
  return (
    <section class="history">
      <div class="section-head">
        <h3>Health over time; dotted where an alert began</h3>
        <div class="segments">
          {SPANS.map(({ name }, at) => (
            <button key={name} type="button" aria-pressed={at === index} onClick={() => setIndex(at)}>
              {name}
            </button>
          ))}
        </div>
      </div>
      <Answered answer={answer} height={200}>
        {(history) => <Drawn history={history} alerts={alerts.data?.alerts ?? none} />}
      </Answered>
    </section>
  )
}
