// What a scenario does, for people.
import colors from 'picocolors'
import type { Moved, RiskCurve, StepReport, StressReport } from '../../app/stress.ts'
import type { Assessment } from '../../model/assessment.ts'
import { formatDeploymentId } from '../../model/ids.ts'
import type { Step } from '../../risk/scenario.ts'
import type { AssetStress, MarketStress } from '../../risk/stress.ts'
import type { KeptRates } from '../../risk/stress-rates.ts'
import { formatPpm } from '../../units/format.ts'
import { healthText, marketText, phaseText } from './assessment.ts'
import { dollarText } from './dollars.ts'
import { plain } from './output.ts'
import { curvePlot, plotWidth } from './plot.ts'
import { table } from './table.ts'

const PLOT_HEIGHT = 10

/** Every so many percent of a curve is a row of its table. */
const CURVE_STRIDE = 10

/** So many groups have a column of their own. */
const GROUPS_MAX = 4

/** A longer scenario shows its worst steps. */
const STEPS_MAX = 12

const right = (head: string) => ({ head, align: 'right' }) as const

const spanText = (seconds: number): string => {
  if (seconds === 0) return ''
  const [days, hours] = [Math.floor(seconds / 86_400), Math.round((seconds % 86_400) / 3_600)]
  return ` +${days > 0 ? `${days}d` : ''}${hours > 0 || days === 0 ? `${hours}h` : ''}`
}

const movedText = (moved: readonly Moved[]): string =>
  moved.length === 0
    ? 'no price moves'
    : moved.map(({ symbol, changePpm }) => `${plain(symbol)} ${formatPpm(changePpm)}`).join(', ')

const ratesText = ({ rates = [] }: Step): string => {
  const jumps = rates.map(({ subject, risePpm }) => `${plain(subject)} ${formatPpm(risePpm)}`)
  return jumps.length > 0 ? ` · rates a year: ${jumps.join(', ')}` : ''
}

const badDebtText = (dollars: number): string =>
  dollars > 0 ? colors.red(dollarText(dollars)) : dollarText(0)

/** Worst first. */
const byLoss = (a: StepReport, b: StepReport): number => b.stress.newly.debtUsd - a.stress.newly.debtUsd

/** The step in which most debt becomes liquidatable. */
export const worstOf = (steps: readonly StepReport[]): StepReport | undefined => [...steps].sort(byLoss)[0]

/** One row a step; of many steps, the worst, in their order. */
export const stepTable = (steps: readonly StepReport[]): string => {
  const shown = new Set([...steps].sort(byLoss).slice(0, STEPS_MAX))
  const rows = steps.filter((one) => shown.has(one))
  return table(
    [
      { head: 'step' },
      right('newly liquidatable'),
      right('debt'),
      right('collateral'),
      right('recovered'),
      right('liquidatable in all'),
      right('debt'),
      right('bad debt'),
    ],
    rows.map(({ step, stress: { newly, after, recovered } }) => [
      `${plain(step.name)}${colors.dim(spanText(step.seconds))}`,
      newly.count > 0 ? colors.red(String(newly.count)) : colors.green('0'),
      dollarText(newly.debtUsd),
      dollarText(newly.collateralUsd),
      String(recovered),
      String(after.count),
      dollarText(after.debtUsd),
      badDebtText(after.badDebtUsd),
    ]),
  )
}

const marketTable = (markets: readonly MarketStress[], limit: number): string => {
  const shown = [...markets].sort((a, b) => b.newly.debtUsd - a.newly.debtUsd).slice(0, limit)
  const heads = ['loans', 'debt', 'newly liquidatable', 'debt', 'of its debt', 'bad debt']
  return table(
    [{ head: 'market' }, ...heads.map(right)],
    shown.map(({ id, label, all, newly, after }) => [
      `${marketText(id)} ${colors.dim(plain(label))}`,
      String(all.count),
      dollarText(all.debtUsd),
      String(newly.count),
      dollarText(newly.debtUsd),
      all.debtUsd > 0 ? `${((newly.debtUsd / all.debtUsd) * 100).toFixed(2)} %` : '–',
      badDebtText(after.badDebtUsd),
    ]),
  )
}

const assetTable = (assets: readonly AssetStress[], limit: number): string => {
  const rows = assets
    .slice(0, limit)
    .map((one) => [plain(one.symbol), dollarText(one.collateralUsd), dollarText(one.debtUsd)])
  return table([{ head: 'asset' }, ...['collateral at stake', 'debt to be repaid'].map(right)], rows)
}

const largestTable = (largest: readonly Assessment[]): string => {
  const rows = largest.map((one) => [
    one.owner,
    marketText(one),
    ...(one.kind === 'assessed'
      ? [healthText(one.healthFactor), one.usd?.debt ?? '–', one.usd?.collateral ?? '–']
      : ['–', '–', '–']),
    phaseText(one),
  ])
  const heads = ['health', 'debt USD', 'collateral USD'].map(right)
  return table([{ head: 'account' }, { head: 'market' }, ...heads, { head: '' }], rows)
}

/** One step in full: what moves, and who falls in which market over which asset. */
export const stepLines = ({ step, moved, stress }: StepReport, limit: number): readonly string[] => {
  const frozen = step.frozen.length > 0 ? ` · frozen: ${step.frozen.map(plain).join(', ')}` : ''
  const hidden = stress.badDebtAtMarketUsd
  return [
    '',
    `${colors.bold(plain(step.name))}  ${movedText(moved)}${spanText(step.seconds)}${ratesText(step)}${frozen}`,
    ...(hidden === null
      ? []
      : [`  bad debt at the prices that frozen oracles do not tell: ${badDebtText(hidden)}`]),
    ...(stress.newly.count === 0
      ? [colors.green('  nothing becomes liquidatable')]
      : [
          marketTable(
            stress.markets.filter(({ newly }) => newly.count > 0),
            limit,
          ),
          '',
          assetTable(stress.assets, limit),
          '',
          largestTable(stress.largest),
        ]),
  ]
}

/** Deployments with debts whose rates no step moved, each in the step that asks for most of them. */
const keptIn = (steps: readonly StepReport[]): readonly KeptRates[] => {
  const worst = new Map<string, KeptRates>()
  for (const kept of steps.flatMap(({ stress }) => stress.keptRates)) {
    const name = formatDeploymentId(kept)
    if (kept.loans > (worst.get(name)?.loans ?? 0)) worst.set(name, kept)
  }
  return [...worst.values()]
}

const keptLine = (kept: readonly KeptRates[]): string => {
  const names = kept.map(
    (one) =>
      `${formatDeploymentId(one)} (${one.symbols.map(plain).join(', ')}: ${one.loans} loans owing ${dollarText(one.debtUsd)} USD)`,
  )
  const deployments = `${kept.length} ${kept.length === 1 ? 'deployment' : 'deployments'}`
  return `rates of ${deployments} are not moved, as no market sets them: ${names.join(', ')}`
}

/** What is not in the figures, a line each. */
export const caveats = ({ steps, unmoved, leftOut }: StressReport): readonly string[] => {
  const unassessable = Math.max(0, ...steps.map(({ stress }) => stress.unassessable.length))
  const newlyUnassessable = Math.max(0, ...steps.map(({ stress }) => stress.newlyUnassessable))
  const unvalued = steps[0]?.stress.unvalued ?? 0
  const kept = keptIn(steps)
  return [
    ...(kept.length > 0 ? [colors.yellow(keptLine(kept))] : []),
    ...(unassessable > 0
      ? [
          colors.magenta(
            `${unassessable} loans could not be assessed, ${newlyUnassessable} of them only under the scenario; they are in no figure`,
          ),
        ]
      : []),
    ...(unvalued > 0
      ? [
          colors.magenta(
            `${unvalued} loans count, but add no USD: nothing followed prices what their market quotes in`,
          ),
        ]
      : []),
    ...(leftOut.length > 0
      ? [colors.yellow(`not in the store, left out: ${leftOut.map(plain).join(', ')}`)]
      : []),
    ...(unmoved.length > 0
      ? [colors.dim(`volatile and not moved: ${unmoved.map(({ symbol }) => plain(symbol)).join(', ')}`)]
      : []),
  ]
}

const depthText = (changePpm: bigint): string => `−${-changePpm / 10_000n} %`

/** Value at risk by depth of fall: a plot of the debt that can be liquidated, and a table with the groups beside. */
export const curveLines = (curves: readonly RiskCurve[]): readonly string[] => {
  const [all, ...groups] = curves
  if (!all) return []
  const most = (curve: RiskCurve): number => curve.depths.at(-1)?.liquidatable.debtUsd ?? 0
  const shown = [...groups]
    .sort((a, b) => most(b) - most(a))
    .filter((one) => most(one) > 0)
    .slice(0, GROUPS_MAX)
  const rows = all.depths
    .map((depth, index) => ({ depth, index }))
    .filter(({ index }) => index === 4 || (index + 1) % CURVE_STRIDE === 0)
  return [
    '',
    `${colors.bold('debt that can be liquidated')}, USD, as ${all.name} falls together${colors.dim(` (${all.symbols.map(plain).join(', ')})`)}`,
    curvePlot({
      values: all.depths.map(({ liquidatable }) => liquidatable.debtUsd),
      ends: ['−1 %', '−90 %'],
      height: PLOT_HEIGHT,
      width: plotWidth(),
      label: dollarText,
    }),
    '',
    table(
      [
        right('fall'),
        right('loans'),
        right('debt'),
        right('bad debt'),
        ...shown.map(({ name }) => right(`${plain(name)} alone`)),
      ],
      rows.map(({ depth: { changePpm, liquidatable }, index }) => [
        depthText(changePpm),
        String(liquidatable.count),
        dollarText(liquidatable.debtUsd),
        badDebtText(liquidatable.badDebtUsd),
        ...shown.map(({ depths }) => dollarText(depths[index]?.liquidatable.debtUsd ?? 0)),
      ]),
    ),
  ]
}
