// Everything that goes beyond a loan's health.
import type { Health } from '../model/assessment.ts'
import type { Groups } from './groups.ts'
import type { Loan } from './loan.ts'
import { type Margin, marginOf } from './margin.ts'
import { type PriceRisk, pricesOf } from './prices.ts'
import { type Repair, repairsOf } from './repairs.ts'
import { secondsToLiquidation } from './time-to-liquidation.ts'

/**
 * `leverage` is exposure ÷ equity, a wad; `borrowCostPerYear` is interest paid less interest earned in a year at the rates of now, in
 * the market's quote, null where a day's interest could not be told; `secondsToLiquidation` by interest alone, null where never.
 */
export type Risk = PriceRisk & {
  readonly leverage: bigint
  readonly secondsToLiquidation: number | null
  readonly borrowCostPerYear: bigint | null
  readonly margin: Margin
  readonly repairs: readonly Repair[]
}

/** What liquidates a loan, when, at what cost, and what repairs it; `health` is that of the loan in its env. */
export const riskOf = (loan: Loan, health: Health, groups: Groups): Risk => {
  const margin = marginOf(loan, health)
  return {
    leverage: margin.leverage,
    ...pricesOf(loan, health, groups),
    secondsToLiquidation: secondsToLiquidation(loan),
    borrowCostPerYear: margin.cost?.netCostPerYear ?? null,
    margin,
    repairs: repairsOf(loan, health),
  }
}
