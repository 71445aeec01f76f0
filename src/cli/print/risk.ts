// What goes beyond a loan's health, in a few lines of its card.
import colors from 'picocolors'
import { addText, enoughText, repayText, togetherText } from '../../alerts/nearness.ts'
import type { Health } from '../../model/assessment.ts'
import type { Repair } from '../../risk/repairs.ts'
import type { Risk } from '../../risk/risk.ts'
import { WAD } from '../../units/brands.ts'
import { formatFixed, formatPpm, formatWad } from '../../units/format.ts'
import { spanText } from '../../units/span.ts'
import { plain } from './output.ts'
import { valueText } from './value.ts'

/** A hundredth of a percent, as a wad. */
const BASIS_POINT = WAD / 10_000n

/** A ratio (wad) as percent, to the nearest hundredth. */
const percentText = (ratio: bigint): string =>
  `${formatFixed((ratio + (ratio < 0n ? -BASIS_POINT : BASIS_POINT) / 2n) / BASIS_POINT, 2, 2)} %`

/** The borrower's headline: which fall liquidates. */
const shockText = ({ shock, shocks }: Risk): string => {
  const names = shocks.filter(({ isStable }) => !isStable).map(({ group }) => plain(group))
  if (names.length === 0) return 'nothing volatile secures it'
  const subject = names.length === 1 ? names[0] : `${names.join(', ')} together`
  if (!shock) return `no fall of ${names.join(', ')} liquidates it`
  const again = shock.nonMonotone ? colors.dim(' (rounding makes it safe again somewhere below)') : ''
  const before = shock.unproven ? colors.dim(' (a smaller fall may do it too)') : ''
  return `liquidated at ${subject} ${colors.bold(formatPpm(shock.changePpm))}${again}${before}`
}

/** Where rates or prices are taken from the contract's word, that no time was found does not say that there is none. */
const timeText = ({ fidelity }: Health, { secondsToLiquidation }: Risk): string => {
  if (secondsToLiquidation !== null) return `by interest alone in ${spanText(secondsToLiquidation)}`
  return fidelity === 'observed' ? 'by interest alone not known' : 'never by interest alone'
}

const costText = (health: Health, { borrowCostPerYear, margin: { liquidationLoss } }: Risk): string => {
  const interest =
    borrowCostPerYear === null
      ? ['what it costs a year is not known']
      : [
          borrowCostPerYear < 0n
            ? `earns ${valueText(-borrowCostPerYear, health.quote)} a year`
            : `costs ${valueText(borrowCostPerYear, health.quote)} a year`,
        ]
  const loss = liquidationLoss
    ? [
        `a liquidation ${liquidationLoss.at === 'now' ? 'now ' : ''}takes ${percentText(liquidationLoss.share)} more than it repays`,
      ]
    : []
  return [...interest, ...loss].join(' · ')
}

const marginText = ({ margin }: Risk): string => {
  const { mode, initialMargin, maintenanceMargin, marginRatio } = margin
  if (initialMargin === null || maintenanceMargin === null || marginRatio === null) return ''
  return colors.dim(
    `${mode} margin ${percentText(marginRatio)} · initial ${percentText(initialMargin)} · maintenance ${percentText(maintenanceMargin)}`,
  )
}

/** What a loan with debt is told beyond its health; nothing without debt. */
export const riskLines = (health: Health, risk: Risk): readonly string[] => {
  if (health.phase === 'no-debt') return []
  const outlook = health.isLiquidatable ? [] : [`${shockText(risk)} · ${timeText(health, risk)}`]
  return [...outlook, costText(health, risk), marginText(risk)].filter((line) => line !== '')
}

const waysOf = ({ repay, supply, deleverage, cheapest }: Repair): readonly string[] => {
  const [repaid] = repay
  const [supplied] = supply
  const [sold] = deleverage
  const mix = !repaid && cheapest && cheapest.length > 1 ? [togetherText(cheapest)] : []
  return [
    ...(repaid ? [repayText(repaid)] : []),
    ...(supplied ? [addText(supplied)] : []),
    ...(sold ? [`sell ${enoughText(sold.withdraw)} to ${repayText(sold.repay)}`] : []),
    ...mix,
  ]
}

/** What brings a loan to each health that it does not reach, cheapest first. */
export const repairLines = ({ repairs }: Risk): readonly string[] =>
  repairs.map((repair) => {
    const ways = waysOf(repair)
    const target = formatWad(
      repair.targetHealthFactor,
      repair.targetHealthFactor % (WAD / 10n) === 0n ? 1 : 2,
    )
    const [reason] = repair.unfit
    return ways.length > 0
      ? `to health ${target}: ${ways.join(', or ')}`
      : colors.dim(
          `to health ${target}: nothing does it${reason ? ` (${plain(reason.symbol)}: ${plain(reason.reason)})` : ''}`,
        )
  })
