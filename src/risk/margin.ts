// A loan in the terms of a margin desk.
import type { Address } from 'viem'
import type { CollateralLeg, Health } from '../model/assessment.ts'
import { WAD } from '../units/brands.ts'
import { laterBy } from './later.ts'
import { leverageOf } from './leverage.ts'
import { assessLoan, type Loan } from './loan.ts'
import { type LiquidationLoss, liquidationLoss } from './margin-loss.ts'

/** What a collateral does not count for, a wad: when borrowing (1 − maximum LTV), and against liquidation (1 − threshold). */
export type Haircut = {
  readonly asset: Address
  readonly symbol: string
  readonly initial: bigint
  readonly maintenance: bigint
}

/** A year of interest at today's rates and prices, in the market's quote; `net` is what is paid beyond what is earned. */
export type YearlyCost = {
  readonly borrowCostPerYear: bigint
  readonly supplyIncomePerYear: bigint
  readonly netCostPerYear: bigint
}

/**
 * Values in the market's quote, ratios wads of the exposure, which is all collateral. `equity` is the collateral beyond the debt,
 * negative where it is short. `marginRatio` is equity ÷ exposure, cut; `initialMargin` is the least with which one may borrow,
 * `maintenanceMargin` the least that keeps from liquidation, both rounded up; null without exposure, or where a price that the
 * contract never asks for is missing. `initialBuffer` and `maintenanceBuffer` are the values by which the loan is beyond them, negative where it is not,
 * and `maintenanceBufferShare` the latter by exposure, cut. `mode`: `cross` where several collaterals or debts stand for each other.
 */
export type Margin = {
  readonly exposure: bigint
  readonly equity: bigint
  readonly leverage: bigint
  readonly mode: 'cross' | 'isolated'
  readonly marginRatio: bigint | null
  readonly initialMargin: bigint | null
  readonly maintenanceMargin: bigint | null
  readonly initialBuffer: bigint
  readonly maintenanceBuffer: bigint | null
  readonly maintenanceBufferShare: bigint | null
  readonly haircuts: readonly Haircut[]
  readonly cost: YearlyCost | null
  readonly liquidationLoss: LiquidationLoss | null
}

/** Signed, cut toward minus infinity: a margin is never told too high. */
const floorDiv = (a: bigint, b: bigint): bigint => (a % b < 0n ? a / b - 1n : a / b)

const DAY_SECONDS = 86_400
const DAYS_PER_YEAR = 365n

/** Where the contract's debt grows only once somebody makes it accrue, that is counted. */
const debtOf = ({ debtValue, refreshed }: Health): bigint => refreshed?.debtValue ?? debtValue

/**
 * What a day adds to both sides, times 365: no more exact than 365 units of the quote each, and where interest counts blocks,
 * by the whole blocks of a day. Null where it is not known: a market whose rates, or prices, are taken from the contract's word may
 * not tell what a day brings.
 */
const yearlyCostOf = (loan: Loan, health: Health): YearlyCost | null => {
  const tomorrow = assessLoan(laterBy(loan, DAY_SECONDS))
  if (tomorrow.kind !== 'assessed') return null
  const borrowCostPerYear = (debtOf(tomorrow) - debtOf(health)) * DAYS_PER_YEAR
  const supplyIncomePerYear = (tomorrow.collateralValue - health.collateralValue) * DAYS_PER_YEAR
  const isStill = borrowCostPerYear === 0n && supplyIncomePerYear === 0n
  if (isStill && health.fidelity === 'observed') return null
  return {
    borrowCostPerYear,
    supplyIncomePerYear,
    netCostPerYear: borrowCostPerYear - supplyIncomePerYear,
  }
}

const haircutOf = ({ asset, symbol, maxLtv, liquidationThreshold }: CollateralLeg): Haircut => ({
  asset,
  symbol,
  initial: WAD - maxLtv,
  maintenance: WAD - liquidationThreshold,
})

const isOne = (legs: readonly { readonly amount: bigint }[]): boolean =>
  legs.filter(({ amount }) => amount > 0n).length <= 1

/** The most that this collateral lets one borrow, in the quote, cut. */
const borrowableValue = ({ collateral }: Health): bigint =>
  collateral.reduce((sum, { value, maxLtv }) => sum + value * maxLtv, 0n) / WAD

/** What a loan looks like to a margin desk; `health` is that of the loan in its env. */
export const marginOf = (loan: Loan, health: Health): Margin => {
  const { collateral, debt, collateralValue: exposure, debtValue, liquidationValue } = health
  const equity = exposure - debtValue
  const borrowable = borrowableValue(health)
  const shareDown = (value: bigint | null): bigint | null =>
    value === null || exposure === 0n ? null : floorDiv(value * WAD, exposure)
  const maintenanceBuffer = liquidationValue === null ? null : liquidationValue - debtValue
  const counted = shareDown(liquidationValue)
  const lent = shareDown(borrowable)
  return {
    exposure,
    equity,
    leverage: leverageOf(exposure, debtValue),
    mode: isOne(collateral) && isOne(debt) ? 'isolated' : 'cross',
    marginRatio: shareDown(equity),
    initialMargin: lent === null ? null : WAD - lent,
    maintenanceMargin: counted === null ? null : WAD - counted,
    initialBuffer: borrowable - debtValue,
    maintenanceBuffer,
    maintenanceBufferShare: shareDown(maintenanceBuffer),
    haircuts: collateral.map(haircutOf),
    cost: yearlyCostOf(loan, health),
    liquidationLoss: liquidationLoss(loan, health),
  }
}
