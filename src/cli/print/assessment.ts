import colors from 'picocolors'
import type { Assessment, DebtLeg, Foreseen, Health, Unassessable } from '../../model/assessment.ts'
import { type MarketId, parsePositionId } from '../../model/ids.ts'
import type { LiquidationPrice } from '../../risk/liquidation-price.ts'
import type { Risk } from '../../risk/risk.ts'
import { UINT256_MAX, WAD } from '../../units/brands.ts'
import { formatAmount, formatFixed, formatPpm, formatWad, shortAddress } from '../../units/format.ts'
import { plain } from './output.ts'
import { repairLines, riskLines } from './risk.ts'
import { table } from './table.ts'
import { valueText } from './value.ts'

const SCALE_HUNDREDTHS = 100n

/** Health in the colour of its distance to 1: red below 1.05, yellow below 1.25, green above. */
export const healthText = (healthFactor: bigint): string => {
  const text = formatWad(healthFactor)
  const hundredths = (healthFactor * SCALE_HUNDREDTHS) / WAD
  if (hundredths < 105n) return colors.red(text)
  return hundredths < 125n ? colors.yellow(text) : colors.green(text)
}

/** One word for how a loan is. */
export const phaseText = (assessment: Assessment): string => {
  if (assessment.kind === 'unassessable') return colors.magenta(`unknown: ${assessment.reason}`)
  const { phase, blockedBy } = assessment
  if (phase === 'healthy') return colors.green(phase)
  if (phase === 'no-debt') return colors.dim('no debt')
  const blocked = blockedBy.length > 0 ? ` (blocked: ${blockedBy.join(', ')})` : ''
  return colors.red(`${phase}${blocked}`)
}

/** Where a loan is; the market by its first and last digits where its name is a long number. */
export const marketText = ({ chainId, protocol, deployment, market }: MarketId): string =>
  `${chainId}:${protocol}:${deployment}:${market.startsWith('0x') ? shortAddress(market) : market}`

/** The loan's own number or address in its market, where that is not its owner's. */
const accountText = ({ id, owner }: Assessment): string => {
  const { account } = parsePositionId(id)
  return account === owner ? '' : ` · ${shortAddress(account)}`
}

/** An oracle's integer in the quote's whole units; its scale is a power of ten. */
const priceText = (price: bigint, scale: bigint): string => formatAmount(price, scale.toString().length - 1)

const legRow = (
  side: string,
  leg: DebtLeg,
  threshold: string,
  health: Health,
  prices: readonly LiquidationPrice[],
): readonly string[] => {
  const found = prices.find(({ asset }) => asset === leg.asset)
  const liquidation =
    found?.liquidationPrice && found.changePpm !== null
      ? `${priceText(found.liquidationPrice, found.scale)} (${formatPpm(found.changePpm)})`
      : '–'
  return [
    side,
    plain(leg.symbol),
    formatAmount(leg.amount, leg.decimals),
    found ? priceText(leg.price, found.scale) : '–',
    valueText(leg.value, health.quote),
    threshold,
    liquidation,
  ]
}

const title = (assessment: Assessment): string =>
  colors.bold(
    `${marketText(assessment).replace(/^\d+:/, '')} · chain ${assessment.chainId} · ${assessment.owner}${accountText(assessment)}`,
  )

const unknownCard = (assessment: Unassessable): string =>
  [title(assessment), `  ${phaseText(assessment)}`, `  ${plain(assessment.detail)}`].join('\n')

/** What is known to come, where it differs from what is: after anybody's accrual, with an announced price; and what redemptions take first. */
const outlook = (health: Health): readonly string[] => {
  const { refreshed, next, debtInFront, debt } = health
  const [leg] = debt
  const text = ({ healthFactor, isLiquidatable }: Foreseen): string =>
    `${healthText(healthFactor)}${isLiquidatable && !health.isLiquidatable ? colors.red(' liquidatable') : ''}`
  return [
    ...(refreshed && refreshed.healthFactor !== health.healthFactor
      ? [`${text(refreshed)} once its prices and rates are refreshed`]
      : []),
    ...(next ? [`${text(next)} with the next price, from ${new Date(next.at * 1_000).toISOString()}`] : []),
    ...(leg && typeof debtInFront === 'bigint'
      ? [`redemptions take ${formatFixed(debtInFront, leg.decimals, 2)} ${plain(leg.symbol)} of others first`]
      : []),
  ]
}

/** A loan as a card: what it holds, what it owes, how near it is, what liquidates it, when, at what cost, and what repairs it. */
export const assessmentCard = (assessment: Assessment, risk?: Risk): string => {
  if (assessment.kind === 'unassessable') return unknownCard(assessment)
  const prices = risk?.liquidationPrices ?? []
  const rows = [
    ...assessment.collateral.map((leg) =>
      legRow('collateral', leg, `${formatFixed(leg.liquidationThreshold, 16, 2)} %`, assessment, prices),
    ),
    ...assessment.debt.map((leg) => legRow('debt', leg, '', assessment, prices)),
  ]
  const legs = table(
    [
      { head: '' },
      { head: 'asset' },
      { head: 'amount', align: 'right' },
      { head: 'price', align: 'right' },
      { head: 'value', align: 'right' },
      { head: 'threshold', align: 'right' },
      { head: 'liquidated at', align: 'right' },
    ],
    rows,
  )
  const summary = [
    `health ${healthText(assessment.healthFactor)}`,
    phaseText(assessment),
    `collateral ${valueText(assessment.collateralValue, assessment.quote)}`,
    `debt ${valueText(assessment.debtValue, assessment.quote)}`,
    ...(risk && risk.leverage !== UINT256_MAX ? [`leverage ${formatWad(risk.leverage, 2)}×`] : []),
  ]
  return [
    title(assessment),
    `  ${summary.join(' · ')}`,
    ...outlook(assessment).map((line) => `  ${line}`),
    ...(risk ? riskLines(assessment, risk) : []).map((line) => `  ${line}`),
    legs,
    ...(risk ? repairLines(risk) : []).map((line) => `  ${line}`),
  ].join('\n')
}

const healthCell = (assessment: Assessment): string =>
  assessment.kind === 'assessed' ? healthText(assessment.healthFactor) : '?'

/** Many loans as one table, a line each. */
export const assessmentTable = (assessments: readonly Assessment[]): string =>
  table(
    [
      { head: 'account' },
      { head: 'market' },
      { head: 'health', align: 'right' },
      { head: 'collateral', align: 'right' },
      { head: 'debt', align: 'right' },
      { head: '' },
    ],
    assessments.map((assessment) => [
      assessment.owner,
      marketText(assessment),
      healthCell(assessment),
      assessment.kind === 'assessed' ? valueText(assessment.collateralValue, assessment.quote) : '?',
      assessment.kind === 'assessed' ? valueText(assessment.debtValue, assessment.quote) : '?',
      phaseText(assessment),
    ]),
  )
