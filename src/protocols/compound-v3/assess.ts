// Health of an account, by the predicate that absorb applies and by the one that the view shows.
import type { Assessment, CollateralLeg, DebtLeg, Health, Phase, Subject } from '../../model/assessment.ts'
import type { Fault } from '../../model/market.ts'
import { subjectOf } from '../../model/subject.ts'
import { UINT256_MAX, WAD } from '../../units/brands.ts'
import { ArithmeticError } from '../../units/errors.ts'
import type { Env } from '../adapter.ts'
import { unassessable, usdOf } from '../assessing.ts'
import { RefusedError, unlessRefused } from '../refusing.ts'
import { creditedDown } from './absorb.ts'
import {
  balanceOf,
  balanceValue,
  type Held,
  heldAssets,
  isLiquidatable,
  PriceRefusedError,
  priceIn,
  valueDown,
} from './account.ts'
import { accruePool, type Pool, readMarket } from './accrual.ts'
import { mulFactorDown } from './math.ts'
import { isPaused } from './movements.ts'
import { type CometMarket, type CometPosition, faultOf, priceKeyOf, tokenOf } from './state.ts'

/** A collateral with its price, or none where its feed fails. */
type Leg = CollateralLeg & { readonly weighed: bigint }

const legOf = ({ market }: Pool, held: Held, env: Env): Leg | undefined => {
  const { info, amount } = held
  const valued = unlessRefused(() => {
    const value = valueDown(held, env)
    return { value, weighed: mulFactorDown(value, info.liquidateCollateralFactor) }
  })
  if ('kind' in valued) return undefined
  return {
    asset: info.asset,
    ...tokenOf(market, info.asset),
    priceKey: priceKeyOf(info.priceFeed),
    amount,
    price: priceIn(env, info.priceFeed),
    ...valued,
    maxLtv: info.borrowCollateralFactor,
    liquidationThreshold: info.liquidateCollateralFactor,
  }
}

/** All that is held, as far as it has a price; `isWhole` where everything has. */
const collateralOf = (pool: Pool, env: Env) => {
  const held = [...heldAssets(pool)]
  const legs = held.flatMap((one) => legOf(pool, one, env) ?? [])
  return {
    legs,
    value: legs.reduce((sum, { value }) => sum + value, 0n),
    weighed: legs.reduce((sum, { weighed }) => sum + weighed, 0n),
    isWhole: legs.length === held.length,
  }
}

const debtLegsOf = (pool: Pool, env: Env): readonly DebtLeg[] => {
  if (pool.position.principal >= 0n) return []
  const { baseToken, baseTokenPriceFeed } = pool.market.configuration
  return [
    {
      asset: baseToken,
      ...tokenOf(pool.market, baseToken),
      priceKey: priceKeyOf(baseTokenPriceFeed),
      amount: -balanceOf(pool),
      price: priceIn(env, baseTokenPriceFeed),
      value: -balanceValue(pool, env),
    },
  ]
}

/** Weighed collateral ÷ debt, a wad, cut; 2^256 − 1 where the debt is worth nothing. Collateral without a price counts for nothing. */
const healthFactorDown = (weighed: bigint, debtValue: bigint): bigint =>
  debtValue === 0n ? UINT256_MAX : (weighed * WAD) / debtValue

const debtValueOf = (pool: Pool, env: Env): bigint =>
  pool.position.principal >= 0n ? 0n : -balanceValue(pool, env)

/** `bad-debt` where the protocol would lose by absorbing: what it credits for the collateral does not reach the debt. */
const phaseOf = (pool: Pool, env: Env, liquidatable: boolean): Phase => {
  if (pool.position.principal >= 0n) return 'no-debt'
  if (!liquidatable) return 'healthy'
  return creditedDown(pool, env).credited < -balanceOf(pool) ? 'bad-debt' : 'liquidatable'
}

const healthOf = (subject: Subject, stored: Pool, env: Env): Health => {
  const { revision, revisionRaw, fidelity, quote } = stored.market
  const pool = accruePool(stored, env.timestamp)
  const liquidatable = isLiquidatable(pool, env)
  const blockedBy = liquidatable && isPaused(pool.market, 'absorb') ? (['paused'] as const) : []
  const { legs, value: collateralValue, weighed, isWhole } = collateralOf(pool, env)
  const debtValue = debtValueOf(pool, env)
  return {
    kind: 'assessed',
    ...subject,
    revision,
    revisionRaw,
    fidelity,
    quote,
    collateral: legs.map(({ weighed: _, ...leg }) => leg),
    debt: debtLegsOf(pool, env),
    collateralValue,
    liquidationValue: isWhole ? weighed : null,
    debtValue,
    healthFactor: healthFactorDown(weighed, debtValue),
    isLiquidatable: liquidatable,
    isExecutable: liquidatable && blockedBy.length === 0,
    phase: phaseOf(pool, env, liquidatable),
    blockedBy,
    stored: {
      healthFactor: healthFactorDown(weighed, debtValueOf(stored, env)),
      isLiquidatable: isLiquidatable(stored, env),
    },
    usd: usdOf(quote, collateralValue, debtValue, env),
  }
}

/** A price that is missing is the price's fault, any other refusal the maths'. */
const faultIn = (error: RefusedError | ArithmeticError): Fault =>
  error instanceof PriceRefusedError
    ? { reason: error.reason, detail: `feed ${error.priceFeed}: ${error.message}` }
    : { reason: 'maths-reverts', detail: error.message }

/**
 * Comet.isLiquidatable after accrual to the block's time, as absorb applies it; `stored` is what the view says, which
 * does not accrue. A broken feed matters only where the contract would read it.
 */
export const assess = (market: CometMarket, position: CometPosition, env: Env): Assessment => {
  const subject = subjectOf(position, env.block)
  const fault = faultOf(market) ?? position.fault
  if (fault) return unassessable(subject, fault)
  try {
    return healthOf(subject, { market: readMarket(market), position }, env)
  } catch (error) {
    if (error instanceof RefusedError || error instanceof ArithmeticError)
      return unassessable(subject, faultIn(error))
    throw error
  }
}
