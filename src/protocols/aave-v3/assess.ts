// Health of an account, and what stands in the way of its liquidation.
import type {
  Assessment,
  BlockedBy,
  CollateralLeg,
  DebtLeg,
  Health,
  Phase,
  Subject,
} from '../../model/assessment.ts'
import { subjectOf } from '../../model/subject.ts'
import { bpsToWad, WAD } from '../../units/brands.ts'
import { ArithmeticError } from '../../units/errors.ts'
import type { Env } from '../adapter.ts'
import { unassessable, usdOf } from '../assessing.ts'
import { type Account, type AccountLeg, accountOf, owedIn } from './account.ts'
import type { AaveMarket, AavePosition } from './state.ts'

/** Below this health factor a sentinel no longer protects (ValidationLogic.MINIMUM_HEALTH_FACTOR_LIQUIDATION_THRESHOLD). */
const SENTINEL_PROTECTS_FROM = (95n * WAD) / 100n

/** Whether a sentinel refuses a liquidation at this health; one that does not answer refuses. */
export const isProtectedBySentinel = ({ sentinel }: AaveMarket, { revision, totals }: Account): boolean =>
  revision.liquidation.hasSentinel &&
  sentinel !== undefined &&
  totals.healthFactor >= SENTINEL_PROTECTS_FROM &&
  !('isLiquidationAllowed' in sentinel && sentinel.isLiquidationAllowed)

/** Whether a grace period after a pause still protects borrowers of this reserve. */
export const isInGracePeriod = ({ reserve }: AccountLeg, { revision }: Account, timestamp: number): boolean =>
  revision.liquidation.hasGracePeriod && reserve.liquidationGracePeriodUntil >= timestamp

const phaseOf = ({ totals, legs }: Account, isLiquidatable: boolean): Phase => {
  if (!legs.some((leg) => leg.isBorrowed && owedIn(leg) > 0n)) return 'no-debt'
  if (!isLiquidatable) return 'healthy'
  return totals.collateralValue < totals.debtValue ? 'bad-debt' : 'liquidatable'
}

/** Why none of these reserves can take part in a liquidation; nothing where at least one can. */
const reasonsAgainst = (
  side: readonly AccountLeg[],
  account: Account,
  timestamp: number,
): readonly BlockedBy[] => {
  const reasons = side.map((leg): BlockedBy | undefined => {
    if (!leg.configuration.isActive) return 'inactive'
    if (leg.configuration.isPaused) return 'paused'
    return isInGracePeriod(leg, account, timestamp) ? 'grace-period' : undefined
  })
  return reasons.includes(undefined) ? [] : reasons.flatMap((reason) => reason ?? [])
}

/** What stands in the way of a liquidation, whichever debt and collateral it names (ValidationLogic.validateLiquidationCall). */
const blockersOf = (market: AaveMarket, account: Account, timestamp: number): readonly BlockedBy[] => {
  const collaterals = account.legs.filter(({ isCollateral, supplied }) => isCollateral && supplied > 0n)
  const debts = account.legs.filter((leg) => leg.isBorrowed && owedIn(leg) > 0n)
  const reasons = [
    ...(collaterals.length === 0 ? (['no-collateral'] as const) : []),
    ...reasonsAgainst(collaterals, account, timestamp),
    ...reasonsAgainst(debts, account, timestamp),
    ...(isProtectedBySentinel(market, account) ? (['sequencer-down'] as const) : []),
  ]
  return [...new Set(reasons)]
}

const collateralLeg = (leg: AccountLeg): CollateralLeg => ({
  asset: leg.reserve.asset,
  symbol: leg.reserve.symbol,
  decimals: leg.configuration.decimals,
  priceKey: leg.priceKey,
  price: leg.price,
  amount: leg.supplied,
  value: leg.collateralValue,
  maxLtv: bpsToWad(leg.ltv),
  liquidationThreshold: bpsToWad(leg.liquidationThreshold),
})

const debtLeg = (leg: AccountLeg): DebtLeg => ({
  asset: leg.reserve.asset,
  symbol: leg.reserve.symbol,
  decimals: leg.configuration.decimals,
  priceKey: leg.priceKey,
  price: leg.price,
  amount: owedIn(leg),
  value: leg.debtValue,
})

const healthOf = (subject: Subject, market: AaveMarket, account: Account, env: Env): Health => {
  const { legs, totals, revision } = account
  const { collateralValue, debtValue, liquidationValue, healthFactor, averageThreshold } = totals
  const isLiquidatable = healthFactor < WAD
  const blockedBy = isLiquidatable ? blockersOf(market, account, env.timestamp) : []
  return {
    kind: 'assessed',
    id: subject.id,
    owner: subject.owner,
    chainId: subject.chainId,
    protocol: subject.protocol,
    deployment: subject.deployment,
    market: subject.market,
    block: subject.block,
    revision: market.revision,
    revisionRaw: market.revisionRaw,
    fidelity: market.fidelity,
    quote: market.quote,
    collateral: legs.filter(({ isCollateral }) => isCollateral).map(collateralLeg),
    debt: legs.filter(({ isBorrowed }) => isBorrowed).map(debtLeg),
    collateralValue,
    liquidationValue,
    debtValue,
    ...(revision.account.isAverageCut ? { averageThreshold } : {}),
    healthFactor,
    isLiquidatable,
    isExecutable: isLiquidatable && blockedBy.length === 0,
    phase: phaseOf(account, isLiquidatable),
    blockedBy,
    usd: usdOf(market.quote, collateralValue, debtValue, env),
  }
}

/** Pool.getUserAccountData at the block's timestamp, with its legs; a fault anywhere in it makes it unassessable, as the contract would revert. */
export const assess = (market: AaveMarket, position: AavePosition, env: Env): Assessment => {
  const subject = subjectOf(position, env.block)
  try {
    const account = accountOf(market, position, env)
    return 'reason' in account ? unassessable(subject, account) : healthOf(subject, market, account, env)
  } catch (error) {
    if (error instanceof ArithmeticError)
      return unassessable(subject, { reason: 'maths-reverts', detail: error.message })
    throw error
  }
}
