// Histories of several loans in one plot, and all that is kept of them below it, where a range is chosen with the pointer.
import { useEffect, useMemo, useRef } from 'preact/hooks'
import uPlot from 'uplot'
import { drawnOf, type Measure, type Range } from '../data/explore.ts'
import type { LoanEvent } from '../data/use-events.ts'
import type { Line } from '../data/use-lines.ts'
import { compactText, usdShort } from '../format/numbers.ts'
import { tickText } from '../format/times.ts'
import { eventMarks, loadLine } from './marks.ts'
import { type Colours, Plot, type PlotProps, xAxis, yAxis } from './plot.tsx'

const COLOURS = ['curve-1', 'curve-2', 'curve-3', 'curve-4', 'curve-5', 'curve-6'] as const
const DRAG_PIXELS_MIN = 4
/** Pixels that texts of a measure take at the side. */
const SIDE: Readonly<Record<Measure, number>> = { health: 44, collateral: 62, debt: 62 }
const EMPTY_RANGE = { left: 0, width: 0, top: 0, height: 0 }

/** Lines side by side; those without points have no place in them. */
const dataOf = (lines: readonly Line[], measure: Measure): uPlot.AlignedData => {
  // Points of one second, of two blocks, would be one mark above the other: the later one is kept.
  const once = lines.map(({ points, quote }): uPlot.AlignedData => {
    const kept = new Map(
      points.map((point) => [point.block.timestamp, drawnOf(point, measure, quote?.decimals ?? 0)]),
    )
    return [[...kept.keys()], [...kept.values()]]
  })
  return once.length === 0 ? [[]] : once.length === 1 ? (once[0] ?? [[]]) : uPlot.join(once)
}

const seriesOf = (lines: readonly Line[], colours: Colours, width: number): uPlot.Series[] =>
  lines.map(({ name }, index) => ({
    label: name,
    stroke: colours.of(COLOURS[index] ?? 'curve-1'),
    width,
    points: { show: false },
  }))

/** What was dragged over, in seconds; undefined for a mere click. */
const draggedOf = (plot: uPlot): Range | undefined => {
  const { left, width } = plot.select
  if (width < DRAG_PIXELS_MIN) return undefined
  const since = Math.floor(plot.posToVal(left, 'x'))
  return { since, until: Math.max(since + 1, Math.ceil(plot.posToVal(left + width, 'x'))) }
}

const valuesText = (lines: readonly Line[], measure: Measure): ((value: number) => string) =>
  measure === 'health'
    ? (value) => value.toFixed(2)
    : lines.every(({ quote }) => quote?.symbol === 'USD')
      ? usdShort
      : compactText

const spanOfHealth = (min: number | null, max: number | null): [number, number] => [
  Math.min(0.95, (min ?? 1) - 0.03),
  Math.max(1.15, (max ?? 1) + 0.05),
]

type Props = {
  readonly lines: readonly Line[]
  readonly measure: Measure
  readonly range: Range
  readonly events: readonly LoanEvent[]
  /** The moment that is told of. */
  readonly at: number
  /** Hears of the moment under the pointer. */
  onAt(seconds: number): void
  onRange(range: Range): void
}

/** The chosen range. Dragging over it chooses a part of it. */
export const ExplorerPlot = ({ lines, measure, range, events, at, onAt, onRange }: Props) => {
  const hears = useRef({ onAt, onRange })
  hears.current = { onAt, onRange }
  const plot = useRef<uPlot | undefined>(undefined)
  const data = useMemo(() => dataOf(lines, measure), [lines, measure])
  const names = lines.map(({ name }) => name).join()
  const options = useMemo(
    (): PlotProps['options'] => (colours) => ({
      cursor: { y: false, points: { size: 7 }, drag: { x: true, y: false, setScale: false } },
      legend: { show: false },
      scales: {
        x: { range: [range.since, range.until] },
        y: {
          range: (_plot, min, max) =>
            measure === 'health' ? spanOfHealth(min, max) : [0, (max ?? 0) * 1.08 || 1],
        },
      },
      axes: [
        xAxis(colours, (_plot, ticks, _at, _space, step) => ticks.map((one) => tickText(one, step))),
        yAxis(colours, valuesText(lines, measure), SIDE[measure]),
      ],
      hooks: {
        draw: [...(measure === 'health' ? [loadLine(colours.of('under'))] : []), eventMarks(events, colours)],
        setCursor: [
          ({ cursor: { left = -1 }, posToVal }) => {
            if (left >= 0) hears.current.onAt(Math.round(posToVal(left, 'x')))
          },
        ],
        setSelect: [
          (drawn) => {
            const dragged = draggedOf(drawn)
            drawn.setSelect(EMPTY_RANGE, false)
            if (dragged) hears.current.onRange(dragged)
          },
        ],
      },
      series: [{}, ...seriesOf(lines, colours, 2)],
    }),
    [names, measure, range.since, range.until, events],
  )
  useEffect(() => {
    const { current } = plot
    if (!current || current.over.matches(':hover')) return
    current.setCursor({ left: current.valToPos(at, 'x'), top: 0 }, false)
  }, [at, data, options])
  return (
    <Plot
      data={data}
      options={options}
      height={300}
      label={`${measure} over time of ${lines.map(({ name }) => name).join('; ')}. What it is exactly stands below.`}
      onPlot={(drawn) => {
        plot.current = drawn
      }}
    />
  )
}

const markRange = (plot: uPlot, { since, until }: Range, whole: Range): void => {
  const place = (at: number): number => plot.valToPos(Math.min(whole.until, Math.max(whole.since, at)), 'x')
  const [left, right] = [place(since), place(until)]
  plot.setSelect({ left, width: Math.max(2, right - left), top: 0, height: plot.over.clientHeight }, false)
}

type BrushProps = Pick<Props, 'lines' | 'measure' | 'range' | 'onRange'> & { readonly whole: Range }

/** All that is kept, with the range marked. */
export const Brush = ({ lines, measure, range, whole, onRange }: BrushProps) => {
  const hears = useRef({ onRange, range })
  hears.current = { onRange, range }
  const plot = useRef<uPlot | undefined>(undefined)
  const data = useMemo(() => dataOf(lines, measure), [lines, measure])
  const names = lines.map(({ name }) => name).join()
  const options = useMemo(
    (): PlotProps['options'] => (colours) => ({
      cursor: { y: false, x: false, points: { show: false }, drag: { x: true, y: false, setScale: false } },
      legend: { show: false },
      scales: {
        x: { range: [whole.since, whole.until] },
        y: {
          range: (_plot, min, max) =>
            measure === 'health' ? spanOfHealth(min, max) : [0, (max ?? 0) * 1.08 || 1],
        },
      },
      axes: [
        xAxis(colours, (_plot, ticks, _at, _space, step) => ticks.map((one) => tickText(one, step))),
        yAxis(colours, () => '', SIDE[measure]),
      ],
      hooks: {
        draw: [(drawn) => markRange(drawn, hears.current.range, whole)],
        setSelect: [
          (drawn) => {
            const dragged = draggedOf(drawn)
            if (dragged) hears.current.onRange(dragged)
          },
        ],
      },
      series: [{}, ...seriesOf(lines, colours, 1)],
    }),
    [names, measure, whole.since, whole.until],
  )
  useEffect(() => plot.current?.redraw(false), [range.since, range.until])
  return (
    <div class="brush">
      <Plot
        data={data}
        options={options}
        height={90}
        label="All that is kept, with the range marked: drag over it to choose another, or write its ends above"
        onPlot={(drawn) => {
          plot.current = drawn
        }}
      />
    </div>
  )
}
