// Debt that can be liquidated at every depth of a fall, per asset and together.
import { useMemo } from 'preact/hooks'
import type uPlot from 'uplot'
import type { Curve } from '../data/types.ts'
import { usdShort } from '../format/numbers.ts'
import { Empty } from './notes.tsx'
import { Plot, type PlotProps, xAxis, yAxis } from './plot.tsx'

/** More lines than this cannot be told apart. */
const SHOWN_MAX = 4
/** Falls up to this are shown, percent. */
const FALL_MAX = 60
const COLOURS = ['curve-1', 'curve-2', 'curve-3', 'curve-4'] as const

const lastDebt = ({ depths }: Curve): number => Number(depths.at(-1)?.debtUsd ?? 0)

/** Curves that rise at all: the common one first, then those that weigh most. */
const shownOf = (curves: readonly Curve[]): readonly Curve[] => {
  const [common, ...single] = curves
  const risen = single
    .filter((one) => lastDebt(one) > Number(one.depths[0]?.debtUsd ?? 0))
    .sort((a, b) => lastDebt(b) - lastDebt(a))
  return [...(common ? [common] : []), ...risen].slice(0, SHOWN_MAX)
}

const optionsOf =
  (curves: readonly Curve[]): PlotProps['options'] =>
  (colours) => ({
    cursor: { y: false, points: { size: 7 } },
    legend: { show: true, live: true },
    scales: { x: { time: false }, y: { range: (_plot, _min, max) => [0, max * 1.08 || 1] } },
    axes: [
      xAxis(colours, (_plot, ticks) => ticks.map((one) => (one === 0 ? '0' : `−${one} %`))),
      yAxis(colours, usdShort),
    ],
    series: [
      { label: 'fall', value: (_plot, value) => (value === null ? '' : `−${value} %`) },
      ...curves.map(({ name }, index) => ({
        label: name,
        stroke: colours.of(COLOURS[index] ?? 'curve-1'),
        width: index === 0 ? 2.5 : 1.5,
        points: { show: false },
        value: (_plot: uPlot, value: number | null) => (value === null ? '' : usdShort(value)),
      })),
    ],
  })

export const FallCurves = ({ curves }: { readonly curves: readonly Curve[] }) => {
  const shown = useMemo(() => shownOf(curves), [curves])
  const options = useMemo(() => optionsOf(shown), [shown])
  const data = useMemo((): uPlot.AlignedData => {
    const depths = (shown[0]?.depths ?? []).filter(({ changePpm }) => -Number(changePpm) / 10_000 <= FALL_MAX)
    return [
      depths.map(({ changePpm }) => -Number(changePpm) / 10_000),
      ...shown.map((curve) => curve.depths.slice(0, depths.length).map(({ debtUsd }) => Number(debtUsd))),
    ]
  }, [shown])
  if (shown.length === 0)
    return <Empty title="No loan would be hit">Nothing volatile stands behind any debt.</Empty>
  return (
    <Plot
      data={data}
      options={options}
      height={230}
      label={`Debt that can be liquidated when prices fall: ${shown.map((one) => `${one.name} ${usdShort(lastDebt(one))} at the deepest`).join(', ')}`}
    />
  )
}
