// What an account holds and owes: Pool.getUserAccountData, recomputed from parts.
import { type Address, zeroAddress } from 'viem'
import type { Fault } from '../../model/market.ts'
import type { PriceKey } from '../../model/price.ts'
import { type Bps, bps } from '../../units/brands.ts'
import type { Env } from '../adapter.ts'
import { indicesOf } from './accrual.ts'
import {
  bitsOf,
  decodeConfiguration,
  isBorrowing,
  isUsing,
  isUsingAsCollateral,
  type ReserveConfiguration,
} from './configuration.ts'
import { keys } from './keys.ts'
import { revisionOf } from './revisions/index.ts'
import type { AccountMath, AccountTotals, Revision } from './revisions/revision.ts'
import {
  type AaveMarket,
  type AavePosition,
  type EModeCategory,
  type Leg,
  type Reserve,
  reservesOf,
} from './state.ts'

/**
 * One reserve's part of an account at a time. Amounts in units of the asset, values in the base currency; a supply that
 * does not count as collateral is an amount without a value. `ltv`, `liquidationThreshold` and `bonus` are those that the
 * account gets, its e-mode included.
 */
export type AccountLeg = {
  readonly reserve: Reserve
  readonly configuration: ReserveConfiguration
  readonly priceKey: PriceKey
  readonly price: bigint
  readonly isCollateral: boolean
  readonly supplied: bigint
  readonly collateralValue: bigint
  readonly ltv: Bps
  readonly liquidationThreshold: Bps
  readonly bonus: Bps
  readonly isBorrowed: boolean
  readonly variableDebt: bigint
  readonly stableDebt: bigint
  readonly debtValue: bigint
}

/** An account at a time, by the rules of its pool's revision. */
export type Account = {
  readonly revision: Revision
  readonly legs: readonly AccountLeg[]
  readonly totals: AccountTotals
}

/** The account's e-mode category, if it has one. */
export const categoryOf = (market: AaveMarket, eMode: number): EModeCategory | Fault | undefined => {
  if (eMode === 0) return undefined
  const category = market.eModes[eMode]
  if (!category) return { reason: 'not-yet-read', detail: `e-mode category ${eMode} is still to be read` }
  return category.fault ?? category
}

/** Variable debt as the pool counts it: on GHO before 3.4, interest since the last action is discounted. */
const variableDebtOf = (
  { scaledVariableDebt, discount }: Leg,
  debtIndex: bigint,
  { variableDebtBalance, discounted }: AccountMath,
): bigint => {
  if (scaledVariableDebt === 0n && !discount) return 0n
  const balance = variableDebtBalance(scaledVariableDebt, debtIndex)
  if (!discount || discounted === undefined) return balance
  return discounted(
    balance,
    variableDebtBalance(scaledVariableDebt, discount.previousIndex),
    discount.percent,
  )
}

type Traits = { readonly configuration: ReserveConfiguration; readonly priceKey: PriceKey }

const traitsOfReserve = new WeakMap<Reserve, Traits>()

/** What a reserve is to every position: computed once. */
const traitsOf = (reserve: Reserve): Traits => {
  const known = traitsOfReserve.get(reserve)
  if (known) return known
  const configuration = decodeConfiguration(reserve.configuration)
  const traits = { configuration, priceKey: keys.price(reserve.asset) }
  traitsOfReserve.set(reserve, traits)
  return traits
}

/** The price that counts for a reserve's asset: until 3.1 a category may have one source for all its members. */
export const priceOf = (
  reserve: Reserve,
  category: EModeCategory | undefined,
  env: Env,
): { readonly priceKey: PriceKey; readonly price: bigint } | Fault => {
  const hasOwnSource = category && category.priceSource !== zeroAddress
  const priceKey = hasOwnSource ? keys.price(category.priceSource) : traitsOf(reserve).priceKey
  const reading = env.prices(priceKey)
  if (reading?.kind === 'price') return { priceKey, price: reading.price }
  const error = reading?.error ?? 'was not read'
  return { reason: 'price-failed', detail: `price of ${reserve.symbol}: ${error}` }
}

const accountLeg = (
  reserve: Reserve,
  leg: Leg,
  position: AavePosition,
  category: EModeCategory | undefined,
  math: AccountMath,
  env: Env,
): AccountLeg | Fault => {
  const { configuration } = traitsOf(reserve)
  const { decimals } = configuration
  const isInCategory =
    category !== undefined && math.isInCategory(category, position.eMode, reserve.id, configuration)
  const priced = priceOf(reserve, isInCategory ? category : undefined, env)
  if ('reason' in priced) return priced
  const { priceKey, price } = priced
  const indices = indicesOf(reserve, math, env.timestamp)
  const isCollateral =
    math.countsAsCollateral(configuration) && isUsingAsCollateral(position.userConfiguration, reserve.id)
  const { scaledCollateral } = leg
  const supplied = scaledCollateral === 0n ? 0n : math.collateralBalance(scaledCollateral, indices.income)
  const variableDebt = variableDebtOf(leg, indices.debt, math)
  const isBorrowed = isBorrowing(position.userConfiguration, reserve.id)
  const stableDebt = leg.stableDebt ? math.stableBalance(leg.stableDebt, env.timestamp) : 0n
  return {
    reserve,
    configuration,
    priceKey,
    price,
    isCollateral,
    supplied,
    collateralValue: isCollateral ? math.collateralValue(supplied, price, decimals) : 0n,
    ltv: math.ltv(configuration, reserve.id, category, isInCategory),
    liquidationThreshold: isInCategory
      ? bps(category.liquidationThreshold)
      : configuration.liquidationThreshold,
    bonus: isInCategory ? bps(category.liquidationBonus) : configuration.liquidationBonus,
    isBorrowed,
    variableDebt,
    stableDebt,
    debtValue: isBorrowed ? math.debtValue(variableDebt + stableDebt, price, decimals) : 0n,
  }
}

/** Why legs of set bits are missing: a reserve that failed, or balances that are still to be read. */
const missingFault = (market: AaveMarket, missingBits: bigint): Fault => {
  const missing = reservesOf(market).filter(({ id }) => id >= 0 && isUsing(missingBits, id))
  const failed = missing.find(({ fault }) => fault)?.fault
  const names = missing.map(({ symbol }) => symbol).join(', ') || 'a reserve that could not be read'
  return failed ?? { reason: 'not-yet-read', detail: `balances in ${names} are still to be read` }
}

const legsOf = (
  market: AaveMarket,
  position: AavePosition,
  math: AccountMath,
  env: Env,
): readonly AccountLeg[] | Fault => {
  const category = categoryOf(market, position.eMode)
  if (category && 'reason' in category) return category
  const legs: AccountLeg[] = []
  let knownBits = 0n
  for (const asset in position.legs) {
    const leg = position.legs[asset as Address]
    const reserve = market.reserves[asset as Address]
    if (!leg || !reserve || reserve.id < 0) continue
    const valued = reserve.fault ?? accountLeg(reserve, leg, position, category, math, env)
    if (!('reason' in valued)) legs.push(valued)
    else if (isUsing(position.userConfiguration, reserve.id)) return valued
    knownBits |= bitsOf(reserve.id)
  }
  const missingBits = position.userConfiguration & ~knownBits
  return missingBits === 0n ? legs : missingFault(market, missingBits)
}

const weighs = ({ isCollateral, isBorrowed }: AccountLeg): boolean => isCollateral || isBorrowed

/**
 * An account by the rules of its pool's revision, interest accrued to `env.timestamp`; a fault anywhere in it is the
 * account's, as the contract would revert. Throws `ArithmeticError` where the contract's arithmetic would.
 */
export const accountOf = (market: AaveMarket, position: AavePosition, env: Env): Account | Fault => {
  const fault = market.fault ?? position.fault
  if (fault) return fault
  const revision = revisionOf(market.revision)
  if (!revision) return { reason: 'unknown-revision', detail: `no maths for revision ${market.revision}` }
  const legs = legsOf(market, position, revision.account, env)
  if ('reason' in legs) return legs
  return { revision, legs, totals: revision.account.totals(legs.filter(weighs)) }
}

/** Everything that a borrower owes in one reserve. */
export const owedIn = ({ variableDebt, stableDebt }: AccountLeg): bigint => variableDebt + stableDebt
