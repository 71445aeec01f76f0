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
import { WAD } from '../../units/brands.ts'
import { ArithmeticError } from '../../units/errors.ts'
import type { Env } from '../adapter.ts'
import { unassessable, usdOf } from '../assessing.ts'
import {
  borrowedValueDown,
  type Holding,
  healthFactorDown,
  type Sums,
  shortfallOf,
  suppliedValueDown,
} from '../compound-v2/account.ts'
import { underlyingDown } from '../compound-v2/accrual.ts'
import { RefusedError } from '../refusing.ts'
import { debtIn, seizableOf, vaiDebtIn } from './comptroller.ts'
import { accrued } from './execution.ts'
import { liquidationHoldings, liquidityOf, vaiDebtOf } from './liquidity.ts'
import { effectiveParameters } from './pool-parameters.ts'
import {
  CORE_POOL_ID,
  type ComptrollerAction,
  priceKeyOf,
  VAI_PRICE_KEY,
  type VenusMarket,
  type VenusPosition,
  type VToken,
} from './state.ts'
import { vaiOf, type World } from './world.ts'

/** What the account's health depends on: the markets that it entered, and VAI's controller only where it owes any. */
export const accruableOf = ({ market, position }: World): readonly Address[] => {
  const vai = position.vai.minted > 0n ? vaiOf(market) : undefined
  return [...position.entered, ...(vai ? [vai.controller] : [])]
}

/** Everything that the account's health depends on accrued to the block, as anybody may do before a liquidation. */
export const accruedWorld = (world: World, env: Env): World => accrued(world, accruableOf(world), env)

const priceFaultOf = (
  { position }: World,
  { address, symbol }: VToken,
  env: Env,
  skipsEmpty: boolean,
): Fault | undefined => {
  const leg = position.legs[address]
  if (skipsEmpty && !leg) return undefined
  const reading = env.prices(priceKeyOf(address))
  if (!reading) return { reason: 'not-yet-read', detail: `the price of ${symbol} is not read yet` }
  if (reading.kind === 'failed')
    return { reason: 'price-failed', detail: `price of ${symbol}: ${reading.error}` }
  if (reading.price > 0n) return undefined
  return {
    reason: 'price-failed',
    detail: `the oracle answers 0 for ${symbol}, with which the comptroller says PRICE_ERROR`,
  }
}

/** A fault of the market or the position, or of a market, pool, price or VAI that the position depends on. */
const faultOf = (world: World, env: Env): Fault | undefined => {
  const { market, position } = world
  const known = market.fault ?? position.fault
  if (known) return known
  for (const address of position.entered) {
    const vToken = market.cTokens[address]
    if (market.faults[address]) return market.faults[address]
    if (!vToken) return { reason: 'not-yet-read', detail: `market ${address} is not read yet` }
    const fault = priceFaultOf(world, vToken, env, market.revision === 'core-diamond')
    if (fault) return fault
  }
  if (position.poolId !== CORE_POOL_ID && !market.pools[position.poolId])
    return { reason: 'not-yet-read', detail: `pool ${position.poolId} is not read yet` }
  const { vai } = market
  return vai && 'fault' in vai && position.vai.minted > 0n ? vai.fault : undefined
}

const collateralLeg = ({ market, position }: World, holding: Holding<VToken>): CollateralLeg => {
  const { cToken, tokens, price, weight } = holding
  return {
    ...cToken.underlying,
    priceKey: priceKeyOf(cToken.address),
    amount: underlyingDown(tokens, cToken),
    price,
    value: suppliedValueDown(holding),
    maxLtv: effectiveParameters(market, position.poolId, cToken).collateralFactor,
    liquidationThreshold: weight,
  }
}

const debtLeg = (holding: Holding<VToken>): DebtLeg => ({
  ...holding.cToken.underlying,
  priceKey: priceKeyOf(holding.cToken.address),
  amount: holding.borrowBalance,
  price: holding.price,
  value: borrowedValueDown(holding),
})

/** The comptroller takes a VAI for a dollar, whatever an oracle says. */
const vaiLegs = (world: World): readonly DebtLeg[] => {
  const vai = vaiOf(world.market)
  const amount = vaiDebtOf(world)
  if (!vai || amount === 0n) return []
  const token = { asset: vai.token, symbol: 'VAI', decimals: 18 }
  return [{ ...token, priceKey: VAI_PRICE_KEY, amount, price: WAD, value: amount }]
}

const isEvery = (
  markets: readonly { readonly pausedActions: readonly ComptrollerAction[] }[],
  ...actions: readonly ComptrollerAction[]
): boolean => markets.every(({ pausedActions }) => actions.some((action) => pausedActions.includes(action)))

/** The liquidator contract wants VAI debts from 0 on liquidated first, also of who has none: then nothing can be. */
const isHeldUp = ({ market }: World, vaiOwed: bigint, isForced: boolean): boolean => {
  const { liquidatorContract: contract, vai } = market
  if (!contract || isForced) return false
  if ('fault' in contract) return true
  const isVaiFree = !vai || 'fault' in vai || vai.pausedActions.includes('LIQUIDATE')
  return contract.forcedVai?.debtMin === 0n && vaiOwed === 0n && !isVaiFree
}

/** What stands in the way of every liquidation, whichever debt and collateral it names. */
const blockedByOf = (world: World, owing: readonly VToken[], isForced: boolean): readonly BlockedBy[] => {
  const { market, position } = world
  const vaiOwed = vaiDebtOf(world)
  const vai = vaiOwed > 0n ? vaiOf(market) : undefined
  const seizable = seizableOf(world)
  const isPaused =
    market.isProtocolPaused ||
    (isEvery(owing, 'LIQUIDATE', 'REPAY') && (!vai || vai.isPaused || isEvery([vai], 'LIQUIDATE'))) ||
    (seizable.length > 0 && isEvery(seizable, 'SEIZE'))
  return [
    ...(isPaused || position.isRestricted || isHeldUp(world, vaiOwed, isForced) ? (['paused'] as const) : []),
    ...(seizable.length === 0 ? (['no-collateral'] as const) : []),
  ]
}

const isAnyForced = (world: World, owing: readonly VToken[]): boolean => {
  const owed = vaiDebtOf(world)
  const vai = vaiOf(world.market)
  return (
    owing.some((vToken) => debtIn(world, vToken).isForced) ||
    (vai !== undefined && owed > 0n && vaiDebtIn(world, vai, owed).isForced)
  )
}

const phaseOf = (hasDebt: boolean, isLiquidatable: boolean, supplied: bigint, owed: bigint): Phase => {
  if (!hasDebt) return 'no-debt'
  if (!isLiquidatable) return 'healthy'
  return supplied < owed ? 'bad-debt' : 'liquidatable'
}

const healthOf = (subject: Subject, world: World, sums: Sums, stored: Sums, env: Env): Health => {
  const { revision, revisionRaw, fidelity, quote } = world.market
  const holdings = [...liquidationHoldings(world, env)]
  const collateral = holdings
    .filter(({ tokens }) => tokens > 0n)
    .map((holding) => collateralLeg(world, holding))
  const owing = holdings.filter(({ borrowBalance }) => borrowBalance > 0n)
  const borrowed = owing.map(({ cToken }) => cToken)
  const debt = [...owing.map(debtLeg), ...vaiLegs(world)]
  const collateralValue = collateral.reduce((sum, { value }) => sum + value, 0n)
  const isForced = isAnyForced(world, borrowed)
  const isLiquidatable = shortfallOf(sums) > 0n || isForced
  const blockedBy = isLiquidatable ? blockedByOf(world, borrowed, isForced) : []
  return {
    kind: 'assessed',
    ...subject,
    ...{ revision, revisionRaw, fidelity, quote, collateral, debt, collateralValue },
    liquidationValue: sums.collateral,
    debtValue: sums.borrows,
    healthFactor: healthFactorDown(sums),
    isLiquidatable,
    isExecutable: isLiquidatable && blockedBy.length === 0,
    phase: phaseOf(debt.length > 0, isLiquidatable, collateralValue, sums.borrows),
    blockedBy,
    stored: { healthFactor: healthFactorDown(stored), isLiquidatable: shortfallOf(stored) > 0n },
    usd: usdOf(quote, collateralValue, sums.borrows, env),
  }
}

/**
 * Comptroller.getAccountLiquidity with every entered market and VAI accrued to the block; `stored` is what the view itself answers.
 * A forced debt can be liquidated without a shortfall.
 */
export const assess = (market: VenusMarket, position: VenusPosition, env: Env): Assessment => {
  const subject = subjectOf(position, env.block)
  const stored: World = { market, position }
  const fault = faultOf(stored, env)
  if (fault) return unassessable(subject, fault)
  try {
    const world = accruedWorld(stored, env)
    return healthOf(subject, world, liquidityOf(world, env), liquidityOf(stored, env), env)
  } catch (error) {
    if (error instanceof ArithmeticError || error instanceof RefusedError)
      return unassessable(subject, { reason: 'maths-reverts', detail: error.message })
    throw error
  }
}
