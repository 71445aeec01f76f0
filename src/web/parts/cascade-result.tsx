// A spiral, round by round, beside the same liquidations at prices that do not mind them.
import { useMemo } from 'preact/hooks'
import type uPlot from 'uplot'
import type { Stress } from '../../client/client.ts'
import { compactText, countText, usdShort } from '../format/numbers.ts'
import { Usd } from './exact.tsx'
import { axis, Plot, type PlotProps } from './plot.tsx'

type Left = readonly { readonly venue: string; readonly part: number }[]

type Run = {
  readonly isAtRest: boolean
  readonly liquidations: number
  readonly liquidated: readonly string[]
  readonly repaidUsd: string
  readonly seizedUsd: string
  readonly badDebtUsd: string
  readonly left: Left
  readonly rounds: readonly {
    readonly repaidUsd: string
    readonly badDebtUsd: string
    readonly liquidations: number
    readonly left: Left
  }[]
}

type Cascade = {
  readonly amplification: number | null
  readonly onlyBySpiral: readonly string[]
  readonly withFeedback: Run
  readonly withoutFeedback: Run
  readonly sensitivity: readonly {
    readonly factor: number
    readonly liquidations: number
    readonly repaidUsd: string
    readonly badDebtUsd: string
    readonly amplification: number | null
  }[]
}

/** More lines than this cannot be told apart. */
const VENUES_MAX = 4
const COLOURS = ['curve-1', 'curve-2', 'curve-3', 'curve-4'] as const

/** Sums up to each round, from none on, as long as the longer run goes. */
const sums = ({ rounds }: Run, count: number): readonly number[] => {
  const found = [0]
  for (let round = 0; round < count; round++)
    found.push((found.at(-1) ?? 0) + Number(rounds[round]?.repaidUsd ?? 0))
  return found
}

const xAxis: uPlot.Axis = {
  values: (_plot, ticks) => ticks.map((one) => (Number.isInteger(one) ? String(one) : '')),
}

const repaidOptions: PlotProps['options'] = (colours) => ({
  cursor: { y: false, points: { size: 7 } },
  legend: { show: true, live: true },
  scales: { x: { time: false }, y: { range: (_plot, _min, max) => [0, (max ?? 0) * 1.08 || 1] } },
  axes: [axis(colours, xAxis), axis(colours, { size: 62, values: (_plot, ticks) => ticks.map(usdShort) })],
  series: [
    { label: 'round', value: (_plot, value) => (value === null ? '' : String(value)) },
    ...(['with the spiral', 'at prices that stand still'] as const).map((label, index) => ({
      label,
      stroke: colours.of(COLOURS[index] ?? 'curve-1'),
      width: index === 0 ? 2.5 : 1.5,
      ...(index === 0 ? {} : { dash: [6, 4] }),
      points: { show: false },
      value: (_plot: uPlot, value: number | null) => (value === null ? '' : usdShort(value)),
    })),
  ],
})

const leftOptions =
  (venues: readonly string[]): PlotProps['options'] =>
  (colours) => ({
    cursor: { y: false, points: { size: 7 } },
    legend: { show: true, live: true },
    scales: {
      x: { time: false },
      y: { range: (_plot, min) => [Math.max(0, Math.min(90, (min ?? 100) - 2)), 100] },
    },
    axes: [
      axis(colours, xAxis),
      axis(colours, { size: 62, values: (_plot, ticks) => ticks.map((one) => `${one} %`) }),
    ],
    series: [
      { label: 'round', value: (_plot, value) => (value === null ? '' : String(value)) },
      ...venues.map((label, index) => ({
        label,
        stroke: colours.of(COLOURS[index] ?? 'curve-1'),
        width: 2,
        points: { show: false },
        value: (_plot: uPlot, value: number | null) => (value === null ? '' : `${value.toFixed(2)} %`),
      })),
    ],
  })

const Charts = ({ withFeedback, withoutFeedback }: Cascade) => {
  const count = Math.max(withFeedback.rounds.length, withoutFeedback.rounds.length)
  const venues = withFeedback.left.slice(0, VENUES_MAX).map(({ venue }) => venue)
  const options = useMemo(() => leftOptions(venues), [venues.join()])
  const [repaid, left] = useMemo(() => {
    const rounds = Array.from({ length: count + 1 }, (_, round) => round)
    const partOf = (venue: string, round: number): number =>
      100 * (withFeedback.rounds[round - 1]?.left.find((one) => one.venue === venue)?.part ?? 1)
    const known = rounds.slice(0, withFeedback.rounds.length + 1)
    return [
      [rounds, [...sums(withFeedback, count)], [...sums(withoutFeedback, count)]],
      [known, ...venues.map((venue) => known.map((round) => (round === 0 ? 100 : partOf(venue, round))))],
    ] as [uPlot.AlignedData, uPlot.AlignedData]
  }, [withFeedback, withoutFeedback])
  return (
    <div class="grid">
      <section class="card half">
        <header>
          <h2>Debt that falls, round by round</h2>
        </header>
        <Plot
          data={repaid}
          options={repaidOptions}
          height={220}
          label={`Debt repaid by liquidators in ${count} rounds: ${usdShort(Number(withFeedback.repaidUsd))} with the spiral, ${usdShort(Number(withoutFeedback.repaidUsd))} without`}
        />
      </section>
      <section class="card half">
        <header>
          <h2>What sales leave of prices</h2>
        </header>
        <Plot
          data={left}
          options={options}
          height={220}
          label={`What is left of prices: ${withFeedback.left.map(({ venue, part }) => `${venue} ${(part * 100).toFixed(1)} %`).join(', ')}`}
        />
      </section>
    </div>
  )
}

const times = (amplification: number | null): string =>
  amplification === null ? '–' : `${compactText(Math.round(amplification * 100) / 100)}×`

const Sensitivity = ({ sensitivity }: Cascade) => (
  <section class="card">
    <header>
      <h2>If markets are shallower, or deeper</h2>
    </header>
    <div class="scroll-x">
      <table class="plain-table">
        <thead>
          <tr>
            <th>Depth</th>
            <th class="right">Liquidations</th>
            <th class="right">Repaid</th>
            <th class="right">Bad debt</th>
            <th class="right">Amplified</th>
          </tr>
        </thead>
        <tbody>
          {sensitivity.map(({ factor, liquidations, repaidUsd, badDebtUsd, amplification }) => (
            <tr key={factor}>
              <td>{factor === 1 ? 'as stated' : `${factor}× as deep`}</td>
              <td class="right">{countText(liquidations)}</td>
              <td class="right">
                <Usd usd={repaidUsd} />
              </td>
              <td class="right">
                <Usd usd={badDebtUsd} />
              </td>
              <td class="right">{times(amplification)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  </section>
)

/** What the API tells of a cascade. */
export const CascadeResult = ({ cascade }: { readonly cascade: NonNullable<Stress['cascade']> }) => {
  const known = cascade as unknown as Cascade
  const { withFeedback, withoutFeedback, amplification, onlyBySpiral } = known
  return (
    <section class="stack" aria-label="Cascade">
      <div>
        <h2>When what is seized is sold</h2>
        <p class="soft small">
          What liquidators seize they sell, which lowers the price, which makes more loans liquidatable.
          {withFeedback.isAtRest ? '' : ' It had not come to rest when it was cut off.'}
        </p>
      </div>
      <dl class="tiles">
        <div class="tile">
          <dt>Amplified</dt>
          <dd>
            {times(amplification)}
            <small>debt that falls, against still prices</small>
          </dd>
        </div>
        <div class="tile">
          <dt>Liquidations</dt>
          <dd>
            {countText(withFeedback.liquidations)}
            <small>{countText(withoutFeedback.liquidations)} at still prices</small>
          </dd>
        </div>
        <div class="tile">
          <dt>Only by the spiral</dt>
          <dd>
            {countText(onlyBySpiral.length)}
            <small>loans that would have survived</small>
          </dd>
        </div>
        <div class="tile">
          <dt>Bad debt</dt>
          <dd>
            {usdShort(Number(withFeedback.badDebtUsd))}
            <small>{usdShort(Number(withoutFeedback.badDebtUsd))} at still prices</small>
          </dd>
        </div>
      </dl>
      <Charts {...known} />
      <Sensitivity {...known} />
    </section>
  )
}
