// A spiral, round by round, beside the same liquidations at prices that do not mind them.
import { useMemo } from 'preact/hooks'
import type uPlot from 'uplot'
import type { Cascade, CascadeRun } from '../../client/client.ts'
import { compactText, countText, usdShort } from '../format/numbers.ts'
import { Usd } from './exact.tsx'
import { type Colours, Plot, type PlotProps, xAxis, yAxis } from './plot.tsx'

/** More lines than this cannot be told apart. */
const VENUES_MAX = 4
const COLOURS = ['curve-1', 'curve-2', 'curve-3', 'curve-4'] as const

/** Sums up to each round, from none on, as long as the longer run goes. */
const sums = ({ rounds }: CascadeRun, count: number): readonly number[] => {
  const found = [0]
  for (let round = 0; round < count; round++)
    found.push((found.at(-1) ?? 0) + Number(rounds[round]?.repaidUsd ?? 0))
  return found
}

const roundsAxis = (colours: Colours): uPlot.Axis =>
  xAxis(colours, (_plot, ticks) => ticks.map((one) => (Number.isInteger(one) ? String(one) : '')))

const repaidOptions: PlotProps['options'] = (colours) => ({
  cursor: { y: false, points: { size: 7 } },
  legend: { show: true, live: true },
  scales: { x: { time: false }, y: { range: (_plot, _min, max) => [0, (max ?? 0) * 1.08 || 1] } },
  axes: [roundsAxis(colours), yAxis(colours, usdShort)],
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
    axes: [roundsAxis(colours), yAxis(colours, (one) => `${one} %`)],
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
          <h2>Debt repaid, round by round</h2>
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

/** Written off by liquidations, and beyond the collateral of what nobody liquidates. */
const badDebtOf = ({ badDebtUsd, outstanding }: CascadeRun): number =>
  Number(badDebtUsd) + Number(outstanding.badDebtUsd)

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

/** What is sold without a depth moves nothing: to be told, since it makes the spiral look small. */
const soldStill = ({ withoutDepth }: CascadeRun): string =>
  withoutDepth.length === 0
    ? ''
    : ` Sold at no loss, since no depth is given: ${withoutDepth.map(({ symbol, usd }) => `${symbol} (${usdShort(Number(usd))})`).join(', ')}.`

/** What the API tells of a cascade. */
export const CascadeResult = ({ cascade }: { readonly cascade: Cascade }) => {
  const { withFeedback, withoutFeedback, amplification, onlyBySpiral } = cascade
  return (
    <section class="stack" aria-label="Cascade">
      <div>
        <h2>When what is seized is sold</h2>
        <p class="soft small">
          What liquidators seize they sell, which lowers the price, which makes more loans liquidatable.
          {withFeedback.isAtRest ? '' : ' It had not come to rest when it was cut off.'}
          {soldStill(withFeedback)}
        </p>
      </div>
      <dl class="tiles">
        <div class="tile">
          <dt>Amplified</dt>
          <dd>
            {times(amplification)}
            <small>debt that falls, to that at still prices</small>
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
            {usdShort(badDebtOf(withFeedback))}
            <small>{usdShort(badDebtOf(withoutFeedback))} at still prices</small>
          </dd>
        </div>
      </dl>
      <Charts {...cascade} />
      <Sensitivity {...cascade} />
    </section>
  )
}
