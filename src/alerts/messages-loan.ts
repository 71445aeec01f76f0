// What a message says of a loan below its headline: what repairs it, what it holds and owes.
import type { DebtLeg, Health } from '../model/assessment.ts'
import type { JsonOf } from '../model/json.ts'
import type { Risk } from '../risk/risk.ts'
import { WAD } from '../units/brands.ts'
import { formatAmount, formatFixed, formatWad } from '../units/format.ts'
import { plain } from '../units/plain.ts'
import { repairText } from './nearness.ts'

const LEGS_MAX = 4

const legText = ({ amount, decimals, symbol }: JsonOf<DebtLeg>): string =>
  `${formatAmount(BigInt(amount), decimals)} ${plain(symbol)}`

const legsText = (legs: readonly JsonOf<DebtLeg>[]): string => {
  const shown = legs.slice(0, LEGS_MAX).map(legText)
  const hidden = legs.length - shown.length
  return [...shown, ...(hidden > 0 ? [`${hidden} more`] : [])].join(', ') || 'nothing'
}

const sideText = (
  name: string,
  legs: readonly JsonOf<DebtLeg>[],
  value: string,
  { symbol, decimals }: JsonOf<Health>['quote'],
): string => `${name}: ${legsText(legs)} (${formatFixed(BigInt(value), decimals, 2)} ${plain(symbol)})`

const repairLine = (risk: JsonOf<Risk>): readonly string[] => {
  const [nearest] = risk.repairs
  const way = repairText(risk)
  if (!nearest) return []
  const target = BigInt(nearest.targetHealthFactor)
  const health = formatWad(target, target % (WAD / 10n) === 0n ? 1 : 2)
  return [
    way ? `To health ${health}: ${way}` : `Nothing that its owner can do alone brings it to health ${health}`,
  ]
}

/** What repairs the loan, then its collateral and debt; `risk` is null where nothing has to be repaired. */
export const loanLines = (health: JsonOf<Health>, risk: JsonOf<Risk> | null): readonly string[] => [
  ...(risk ? repairLine(risk) : []),
  sideText('Collateral', health.collateral, health.collateralValue, health.quote),
  sideText('Debt', health.debt, health.debtValue, health.quote),
]
