// What an account's state means: Pool.getUserAccountData, recomputed from parts.
import { type Address, zeroAddress } from 'viem'
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
import { type Bps, bps, bpsToWad, WAD } from '../../units/brands.ts'
import { ArithmeticError } from '../../units/errors.ts'
import type { Env } from '../adapter.ts'
import { unassessable, usdOf } from '../assessing.ts'
import { bitsOf, decodeConfiguration, isBorrowing, isUsing, isUsingAsCollateral } from './configuration.ts'
import { keys } from './keys.ts'
import { mathOf } from './revisions/index.ts'
import type { AccountMath, ValuedLeg } from './revisions/revision.ts'
import {
  type AaveMarket,
  type AavePosition,
  type EModeCategory,
  type Leg,
  type Reserve,
  reservesOf,
} from './state.ts'

/** Below this health factor a sentinel no longer protects (ValidationLogic.MINIMUM_HEALTH_FACTOR_LIQUIDATION_THRESHOLD). */
const SENTINEL_PROTECTS_FROM = (95n * WAD) / 100n

type LegAssessment = ValuedLeg & {
  readonly reserve: Reserve
  readonly collateral?: CollateralLeg
  readonly debt?: DebtLeg
}

type Indices = { readonly timestamp: number; readonly income: bigint; readonly debt: bigint }

const indicesOfReserve = new WeakMap<Reserve, Indices>()

/** A reserve's indices at a time: the same for every position of the market, so computed once. */
const indicesOf = (reserve: Reserve, math: AccountMath, timestamp: number): Indices => {
  const known = indicesOfReserve.get(reserve)
  if (known?.timestamp === timestamp) return known
  const income = math.normalizedIncome(reserve, timestamp)
  const indices = { timestamp, income, debt: math.normalizedDebt(reserve, timestamp) }
  indicesOfReserve.set(reserve, indices)
  return indices
}

const categoryOf = (market: AaveMarket, position: AavePosition): EModeCategory | Fault | undefined => {
  if (position.eMode === 0) return undefined
  const category = market.eModes[position.eMode]
  if (!category)
    return { reason: 'not-yet-read', detail: `e-mode category ${position.eMode} is still to be read` }
  return category.fault ?? category
}

const assessLeg = (
  reserve: Reserve,
  leg: Leg,
  position: AavePosition,
  category: EModeCategory | undefined,
  math: AccountMath,
  env: Env,
): LegAssessment | Fault => {
  const { decimals, eMode, liquidationThreshold } = decodeConfiguration(reserve.configuration)
  const isInCategory = category !== undefined && eMode === position.eMode
  const hasCategoryPrice = isInCategory && category.priceSource !== zeroAddress
  const priceKey = keys.price(hasCategoryPrice ? category.priceSource : reserve.asset)
  const reading = env.prices(priceKey)
  if (reading?.kind !== 'price')
    return {
      reason: 'price-failed',
      detail: `price of ${reserve.symbol}: ${reading?.error ?? 'was not read'}`,
    }
  const indices = indicesOf(reserve, math, env.timestamp)
  const shared = { asset: reserve.asset, symbol: reserve.symbol, decimals, priceKey, price: reading.price }
  const threshold: Bps = isInCategory ? bps(category.liquidationThreshold) : liquidationThreshold
  const counts = liquidationThreshold !== 0n && isUsingAsCollateral(position.userConfiguration, reserve.id)
  const supplied = counts ? math.collateralBalance(leg.scaledCollateral, indices.income) : 0n
  const collateralValue = counts ? math.collateralValue(supplied, reading.price, decimals) : 0n
  const variable = math.variableDebtBalance(leg.scaledVariableDebt, indices.debt)
  const borrows = isBorrowing(position.userConfiguration, reserve.id)
  const stable = leg.stableDebt ? math.stableBalance(leg.stableDebt, env.timestamp) : 0n
  const owed = borrows ? variable + stable : 0n
  const debtValue = borrows ? math.debtValue(owed, reading.price, decimals) : 0n
  return {
    reserve,
    collateralValue,
    liquidationThreshold: threshold,
    debtValue,
    ...(counts
      ? {
          collateral: {
            ...shared,
            amount: supplied,
            value: collateralValue,
            liquidationThreshold: bpsToWad(threshold),
          },
        }
      : {}),
    ...(borrows ? { debt: { ...shared, amount: owed, value: debtValue } } : {}),
  }
}

const phaseOf = (
  debtValue: bigint,
  hasDebt: boolean,
  isLiquidatable: boolean,
  collateralValue: bigint,
): Phase => {
  if (!hasDebt) return 'no-debt'
  if (!isLiquidatable) return 'healthy'
  return collateralValue < debtValue ? 'bad-debt' : 'liquidatable'
}

/** Why none of these reserves can take part in a liquidation; nothing where at least one can. */
const reasonsAgainst = (side: readonly LegAssessment[]): readonly BlockedBy[] => {
  const configurations = side.map(({ reserve }) => decodeConfiguration(reserve.configuration))
  if (configurations.some(({ isActive, isPaused }) => isActive && !isPaused)) return []
  return [
    ...(configurations.some(({ isPaused }) => isPaused) ? (['paused'] as const) : []),
    ...(configurations.some(({ isActive }) => !isActive) ? (['inactive'] as const) : []),
  ]
}

/** What stands in the way of a liquidation, whichever debt and collateral it names (ValidationLogic.validateLiquidationCall, 3.0). */
const blockersOf = (
  market: AaveMarket,
  legs: readonly LegAssessment[],
  healthFactor: bigint,
): readonly BlockedBy[] => {
  const collaterals = legs.filter(({ collateral }) => collateral && collateral.amount > 0n)
  const debts = legs.filter(({ debt }) => debt && debt.amount > 0n)
  const { sentinel } = market
  const isProtected =
    sentinel !== undefined &&
    healthFactor >= SENTINEL_PROTECTS_FROM &&
    !('isLiquidationAllowed' in sentinel && sentinel.isLiquidationAllowed)
  return [
    ...(collaterals.length === 0 ? (['no-collateral'] as const) : []),
    ...new Set([...reasonsAgainst(collaterals), ...reasonsAgainst(debts)]),
    ...(isProtected ? (['sequencer-down'] as const) : []),
  ]
}

/** Why legs of set bits are missing: a reserve that failed, or balances that are still to be read. */
const missingFault = (market: AaveMarket, missingBits: bigint): Fault => {
  const missing = reservesOf(market).filter(({ id }) => id >= 0 && isUsing(missingBits, id))
  const failed = missing.find(({ fault }) => fault)?.fault
  const names = missing.map(({ symbol }) => symbol).join(', ') || 'a reserve that could not be read'
  return failed ?? { reason: 'not-yet-read', detail: `balances in ${names} are still to be read` }
}

const assessLegs = (
  market: AaveMarket,
  position: AavePosition,
  math: AccountMath,
  env: Env,
): readonly LegAssessment[] | Fault => {
  const category = categoryOf(market, position)
  if (category && 'reason' in category) return category
  const legs: LegAssessment[] = []
  let missingBits = position.userConfiguration
  for (const [asset, leg] of Object.entries(position.legs)) {
    const reserve = market.reserves[asset as Address]
    if (!reserve || reserve.id < 0) continue
    if (reserve.fault) return reserve.fault
    const assessed = assessLeg(reserve, leg, position, category, math, env)
    if ('reason' in assessed) return assessed
    legs.push(assessed)
    missingBits &= ~bitsOf(reserve.id)
  }
  return missingBits === 0n ? legs : missingFault(market, missingBits)
}

const healthOf = (
  subject: Subject,
  market: AaveMarket,
  legs: readonly LegAssessment[],
  math: AccountMath,
  env: Env,
): Health => {
  const { collateralValue, debtValue, liquidationValue, healthFactor } = math.totals(legs)
  const isLiquidatable = healthFactor < WAD
  const debt = legs.flatMap((leg) => (leg.debt ? [leg.debt] : []))
  const blockedBy = isLiquidatable ? blockersOf(market, legs, healthFactor) : []
  return {
    kind: 'assessed',
    ...subject,
    revision: market.revision,
    revisionRaw: market.revisionRaw,
    fidelity: market.fidelity,
    quote: market.quote,
    collateral: legs.flatMap((leg) => (leg.collateral ? [leg.collateral] : [])),
    debt,
    collateralValue,
    liquidationValue,
    debtValue,
    healthFactor,
    isLiquidatable,
    isExecutable: isLiquidatable && blockedBy.length === 0,
    phase: phaseOf(
      debtValue,
      debt.some(({ amount }) => amount > 0n),
      isLiquidatable,
      collateralValue,
    ),
    blockedBy,
    usd: usdOf(market.quote, collateralValue, debtValue, env),
  }
}

/** Pool.getUserAccountData at the block's timestamp, with its legs; a fault anywhere in it makes it unassessable, as the contract would revert. */
export const assess = (market: AaveMarket, position: AavePosition, env: Env): Assessment => {
  const subject = subjectOf(position, env.block)
  const math = mathOf(market.revision)
  const fault = market.fault ?? position.fault
  if (fault) return unassessable(subject, fault)
  if (!math)
    return unassessable(subject, {
      reason: 'unknown-revision',
      detail: `no maths for revision ${market.revision}`,
    })
  try {
    const legs = assessLegs(market, position, math, env)
    return 'reason' in legs ? unassessable(subject, legs) : healthOf(subject, market, legs, math, env)
  } catch (error) {
    if (error instanceof ArithmeticError)
      return unassessable(subject, { reason: 'maths-reverts', detail: error.message })
    throw error
  }
}
