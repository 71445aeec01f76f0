// Health of an account in one spoke, and what stands in the way of its liquidation.
import type {
  Assessment,
  BlockedBy,
  CollateralLeg,
  DebtLeg,
  Health,
  Phase,
  Subject,
} from '../../model/assessment.ts'
import type { Blocked } from '../../model/liquidation.ts'
import { subjectOf } from '../../model/subject.ts'
import { BPS, bps, bpsToWad } from '../../units/brands.ts'
import { ArithmeticError } from '../../units/errors.ts'
import type { Env } from '../adapter.ts'
import { unassessable, usdOf } from '../assessing.ts'
import { RefusedError } from '../refusing.ts'
import { type Account, accountOf, type Collateral, debtFreeAccountOf, type Owed } from './account.ts'
import { tryAll } from './liquidation.ts'
import { LIQUIDATION_THRESHOLD } from './liquidation-amounts.ts'
import { fromRayUp } from './math.ts'
import { type Pool, poolOf, UnknownStateError } from './pool.ts'
import { totalDebtUp } from './premium.ts'
import {
  type AaveV4Market,
  type AaveV4Position,
  type HubMarket,
  isBorrowed,
  priceKeyOf,
  type Reserve,
  tokenOf,
  userReserves,
} from './state.ts'

const sharedOf = ({ spoke, env }: Pool, reserve: Reserve, price: bigint) => ({
  ...tokenOf(env.markets(reserve.hub) as HubMarket | undefined, reserve),
  priceKey: priceKeyOf(spoke, reserve.id),
  price,
})

/** Borrowing takes over the latest configuration; nothing can be borrowed by one that could not be read. */
const factorForLoans = ({ spoke }: Pool, { id, dynamicConfigKey }: Reserve): bigint =>
  spoke.dynamicConfigs[id]?.[dynamicConfigKey]?.collateralFactor ?? 0n

const collateralLeg = (
  pool: Pool,
  { reserve, price, amount, value, collateralFactor }: Collateral,
): CollateralLeg => ({
  ...sharedOf(pool, reserve, price),
  amount,
  value,
  maxLtv: bpsToWad(bps(factorForLoans(pool, reserve))),
  liquidationThreshold: bpsToWad(bps(collateralFactor)),
})

const debtLeg = (pool: Pool, { reserve, price, debt, valueRay }: Owed): DebtLeg => ({
  ...sharedOf(pool, reserve, price),
  amount: totalDebtUp(debt),
  value: fromRayUp(valueRay),
})

const REASONS: Readonly<Record<string, BlockedBy>> = {
  ReservePaused: 'paused',
  SpokeNotActive: 'inactive',
  SpokeHalted: 'inactive',
  InsufficientLiquidity: 'no-liquidity',
}

/** Why no pair of debt and collateral can be liquidated: there is none, or by what the spoke and its hubs refuse; anything else is the hub's own trouble. */
const reasonsIn = (refusals: readonly Blocked[]): readonly BlockedBy[] => {
  if (refusals.length === 0) return ['no-collateral']
  const reasons = refusals.flatMap(({ revert }) => REASONS[revert] ?? [])
  return reasons.length > 0 ? [...new Set(reasons)] : ['inactive']
}

const blockersOf = (pool: Pool, account: Account): readonly BlockedBy[] => {
  if (account.healthFactor >= LIQUIDATION_THRESHOLD) return []
  const { offers, refusals } = tryAll(pool, account)
  return offers.length > 0 ? [] : reasonsIn(refusals)
}

const phaseOf = ({ debts, healthFactor, totalCollateralValue }: Account, debtValue: bigint): Phase => {
  if (debts.length === 0) return 'no-debt'
  if (healthFactor >= LIQUIDATION_THRESHOLD) return 'healthy'
  return totalCollateralValue < debtValue ? 'bad-debt' : 'liquidatable'
}

const healthOf = (subject: Subject, pool: Pool, account: Account): Health => {
  const { revision, revisionRaw, fidelity, quote } = pool.spoke
  const { healthFactor, totalCollateralValue: collateralValue, weighedValue } = account
  const debtValue = fromRayUp(account.totalDebtValueRay)
  const blockedBy = blockersOf(pool, account)
  const isLiquidatable = healthFactor < LIQUIDATION_THRESHOLD
  return {
    kind: 'assessed',
    ...subject,
    revision,
    revisionRaw,
    fidelity,
    quote,
    collateral: account.collaterals.map((one) => collateralLeg(pool, one)),
    debt: account.debts.map((one) => debtLeg(pool, one)),
    collateralValue,
    liquidationValue: weighedValue / BPS,
    debtValue,
    healthFactor,
    isLiquidatable,
    isExecutable: isLiquidatable && blockedBy.length === 0,
    phase: phaseOf(account, debtValue),
    blockedBy,
    usd: usdOf(quote, collateralValue, debtValue, pool.env),
  }
}

/** A price that fails does not matter to who owes nothing: what has none is left out, and there is no liquidation value. */
const healthIn = (subject: Subject, pool: Pool): Health => {
  try {
    return healthOf(subject, pool, accountOf(pool))
  } catch (error) {
    const isPrice = error instanceof UnknownStateError && error.fault.reason === 'price-failed'
    if (!isPrice || userReserves(pool.position).some(([, one]) => isBorrowed(one))) throw error
    return { ...healthOf(subject, pool, debtFreeAccountOf(pool)), liquidationValue: null }
  }
}

/** Spoke.getUserAccountData at the block's timestamp, with its legs; what would make it revert makes a debt unassessable. */
export const assess = (market: AaveV4Market, position: AaveV4Position, env: Env): Assessment => {
  const subject = subjectOf(position, env.block)
  try {
    return healthIn(subject, poolOf(market, position, env))
  } catch (error) {
    if (error instanceof UnknownStateError) return unassessable(subject, error.fault)
    if (error instanceof RefusedError || error instanceof ArithmeticError)
      return unassessable(subject, {
        reason: 'maths-reverts',
        detail: error.message || 'reverts without a reason',
      })
    throw error
  }
}
