import type { Health } from '../model/assessment.ts'
import type { Groups } from './groups.ts'
import { type LiquidationPrice, liquidationPrices } from './liquidation-price.ts'
import type { Loan } from './loan.ts'
import { type GroupShock, type Shock, shocksOf } from './shock.ts'

/** What prices do to a loan. */
export type PriceRisk = {
  readonly liquidationPrices: readonly LiquidationPrice[]
  readonly shock: Shock | null
  readonly shocks: readonly GroupShock[]
}

/** Which prices liquidate a loan, one feed after the other, and which fall of all that secures it. */
export const pricesOf = (loan: Loan, health: Health, groups: Groups): PriceRisk => ({
  liquidationPrices: liquidationPrices(loan, health, groups),
  ...shocksOf(loan, health, groups),
})
