// Health of an account.
import type { Address } from 'viem'
import type {
  Assessment,
  BlockedBy,
  CollateralLeg,
  DebtLeg,
  Health,
  Phase,
  Subject,
} from '../../model/assessment.ts'
import type { Fault } from '../../model/market.ts'
import { subjectOf } from '../../model/subject.ts'
import { ArithmeticError } from '../../units/errors.ts'
import type { Env } from '../adapter.ts'
import { unassessable, usdOf } from '../assessing.ts'
import { RefusedError } from '../refusing.ts'
import {
  borrowedValueDown,
  type Holding,
  healthFactorDown,
  holdingsOf,
  type Sums,
  shortfallOf,
  sumsOf,
  suppliedValueDown,
} from './account.ts'
import { underlyingDown } from './accrual.ts'
import { type CompoundPool, isDeprecated, liquidityOf, maxCloseDown, valuationOf } from './comptroller.ts'
import { accrueMarkets } from './execution.ts'
import { settled } from './position.ts'
import { slotOf } from './slot.ts'
import { type CompoundMarket, type CompoundPosition, type CompoundToken, priceKeyOf } from './state.ts'

type EnteredHolding = Holding<CompoundToken>

/** An account at a slot: everything that it entered, accrued. */
type Valued = { readonly holdings: readonly EnteredHolding[]; readonly sums: Sums; readonly stored: Sums }

export const poolOf = ({ cTokens }: CompoundMarket, account: CompoundPosition): CompoundPool => ({
  cTokens,
  account,
})

/** The market and the position as an action leaves them; a position that is gone is undefined. */
export const afterOf = (market: CompoundMarket, position: CompoundPosition, pool: CompoundPool) => ({
  market: { ...market, cTokens: pool.cTokens },
  position: settled({ ...position, ...pool.account }),
})

/** Markets and account with every entered market accrued, as anybody may do before a liquidation. */
export const accruedPoolOf = (market: CompoundMarket, position: CompoundPosition, env: Env): CompoundPool =>
  accrueMarkets(poolOf(market, position), position.entered, slotOf(market, env))

/** A fault of the market, of the position, or of a market or price that the position depends on. */
const faultOf = (market: CompoundMarket, position: CompoundPosition, env: Env): Fault | undefined => {
  const known = market.fault ?? position.fault
  if (known) return known
  for (const address of position.entered) {
    const cToken = market.cTokens[address]
    const fault = market.faults[address]
    if (fault) return fault
    if (!cToken) return { reason: 'not-yet-read', detail: `market ${address} is not read yet` }
    const reading = env.prices(priceKeyOf(address))
    if (!reading) return { reason: 'not-yet-read', detail: `the price of ${cToken.symbol} is not read yet` }
    if (reading.kind === 'failed')
      return { reason: 'price-failed', detail: `price of ${cToken.symbol}: ${reading.error}` }
    if (reading.price === 0n)
      return {
        reason: 'price-failed',
        detail: `the oracle answers 0 for ${cToken.symbol}, with which the comptroller says PRICE_ERROR`,
      }
  }
  return undefined
}

const collateralLeg = (holding: EnteredHolding): CollateralLeg => {
  const { cToken, tokens, price, weight } = holding
  return {
    ...cToken.underlying,
    priceKey: priceKeyOf(cToken.address),
    amount: underlyingDown(tokens, cToken),
    price,
    value: suppliedValueDown(holding),
    maxLtv: weight,
    liquidationThreshold: weight,
  }
}

const debtLeg = (holding: EnteredHolding): DebtLeg => ({
  ...holding.cToken.underlying,
  priceKey: priceKeyOf(holding.cToken.address),
  amount: holding.borrowBalance,
  price: holding.price,
  value: borrowedValueDown(holding),
})

const sumOf = (legs: readonly { readonly value: bigint }[]): bigint =>
  legs.reduce((sum, { value }) => sum + value, 0n)

const hasTokens = ({ legs }: CompoundPosition): boolean =>
  Object.keys(legs).some((address) => (legs[address as Address]?.tokens ?? 0n) > 0n)

/** `dust`: of every debt, what may be repaid at once is cut to nothing. */
const blockedByOf = (
  market: CompoundMarket,
  position: CompoundPosition,
  owing: readonly EnteredHolding[],
): readonly BlockedBy[] => {
  const isDust = owing.every(
    ({ cToken, borrowBalance }) => maxCloseDown(market, cToken, borrowBalance) === 0n,
  )
  return [
    ...(market.isSeizePaused ? (['paused'] as const) : []),
    ...(hasTokens(position) ? [] : (['no-collateral'] as const)),
    ...(isDust ? (['dust'] as const) : []),
  ]
}

const phaseOf = (
  hasDebt: boolean,
  isLiquidatable: boolean,
  collateralValue: bigint,
  debtValue: bigint,
): Phase => {
  if (!hasDebt) return 'no-debt'
  if (!isLiquidatable) return 'healthy'
  return collateralValue < debtValue ? 'bad-debt' : 'liquidatable'
}

/** Exact unless a rate was taken from its model's own answer, or a debt from a balance instead of its snapshot. */
const fidelityOf = ({ cTokens }: CompoundMarket, { entered, legs }: CompoundPosition): Health['fidelity'] =>
  entered.some(
    (address) => cTokens[address]?.rateModel.kind === 'given' || legs[address]?.borrow?.from === 'estimate',
  )
    ? 'observed'
    : 'exact'

const healthOf = (
  subject: Subject,
  market: CompoundMarket,
  position: CompoundPosition,
  { holdings, sums, stored }: Valued,
  env: Env,
): Health => {
  const { revision, revisionRaw, quote } = market
  const collateral = holdings.filter(({ tokens }) => tokens > 0n).map(collateralLeg)
  const owing = holdings.filter(({ borrowBalance }) => borrowBalance > 0n)
  const collateralValue = sumOf(collateral)
  const isLiquidatable = shortfallOf(sums) > 0n || owing.some(({ cToken }) => isDeprecated(market, cToken))
  const blockedBy = isLiquidatable ? blockedByOf(market, position, owing) : []
  return {
    kind: 'assessed',
    ...subject,
    revision,
    revisionRaw,
    fidelity: fidelityOf(market, position),
    quote,
    collateral,
    debt: owing.map(debtLeg),
    collateralValue,
    liquidationValue: sums.collateral,
    debtValue: sums.borrows,
    healthFactor: healthFactorDown(sums),
    isLiquidatable,
    isExecutable: isLiquidatable && blockedBy.length === 0,
    phase: phaseOf(owing.length > 0, isLiquidatable, collateralValue, sums.borrows),
    blockedBy,
    stored: { healthFactor: healthFactorDown(stored), isLiquidatable: shortfallOf(stored) > 0n },
    usd: usdOf(quote, collateralValue, sums.borrows, env),
  }
}

/**
 * Comptroller.getAccountLiquidity with every entered market accrued to the block; `stored` is what the view itself answers.
 * A deprecated market's debts can be liquidated without a shortfall.
 */
export const assess = (market: CompoundMarket, position: CompoundPosition, env: Env): Assessment => {
  const subject = subjectOf(position, env.block)
  const fault = faultOf(market, position, env)
  if (fault) return unassessable(subject, fault)
  try {
    const holdings = [...holdingsOf(accruedPoolOf(market, position, env), valuationOf(env))]
    const stored = liquidityOf(poolOf(market, position), env)
    return healthOf(subject, market, position, { holdings, sums: sumsOf(holdings), stored }, env)
  } catch (error) {
    if (error instanceof ArithmeticError || error instanceof RefusedError)
      return unassessable(subject, { reason: 'maths-reverts', detail: error.message })
    throw error
  }
}
