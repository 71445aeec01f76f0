// The premium that a user's risk adds to the interest: shadow shares that earn like drawn ones (UserPositionUtils).
import { ArithmeticError } from '../../units/errors.ts'
import { checkedSub } from '../../units/mul-div.ts'
import {
  checkedMul,
  checkedUint,
  fromRayUp,
  percentMulUp,
  premiumRay,
  rayMulUp,
  toInt200,
  toInt256,
  toRay,
  toUint,
} from './math.ts'
import type { UserReserve } from './state.ts'

/** IHubBase.PremiumDelta: what changes of premium shares and their offset, and how much premium debt is repaid, a ray. */
export type PremiumDelta = {
  readonly sharesDelta: bigint
  readonly offsetRayDelta: bigint
  readonly restoredPremiumRay: bigint
}

/** A user's debt in one reserve: drawn shares, and premium debt in units of the asset as a ray, at an index. */
export type Debt = {
  readonly drawnShares: bigint
  readonly premiumRay: bigint
  readonly drawnIndex: bigint
}

/** UserPositionUtils.getDebtComponents. */
export const debtOf = (userReserve: UserReserve, drawnIndex: bigint): Debt => ({
  drawnShares: userReserve.drawnShares,
  premiumRay: premiumRay(userReserve.premiumShares, userReserve.premiumOffsetRay, drawnIndex),
  drawnIndex,
})

/** All of a debt as a ray, exact. */
export const debtRayOf = (debt: Debt): bigint =>
  checkedMul(debt.drawnShares, debt.drawnIndex) + debt.premiumRay

/** UserPositionUtils.getDebt: what repays drawn shares, rounded up. */
export const drawnDebtUp = ({ drawnShares, drawnIndex }: Debt): bigint => rayMulUp(drawnShares, drawnIndex)

/** Spoke.getUserTotalDebt: what repays everything, both parts rounded up. */
export const totalDebtUp = (debt: Debt): bigint => drawnDebtUp(debt) + fromRayUp(debt.premiumRay)

/** UserPositionUtils.calculateRestoreAmount: how a repayment splits; premium debt goes first. */
export const restoreAmounts = (
  debt: Debt,
  amount: bigint,
): { readonly drawn: bigint; readonly premiumRay: bigint } => {
  const drawn = drawnDebtUp(debt)
  const premium = fromRayUp(debt.premiumRay)
  if (amount >= drawn + premium) return { drawn, premiumRay: debt.premiumRay }
  if (amount < premium) return { drawn: 0n, premiumRay: toRay(amount) }
  return { drawn: amount - premium, premiumRay: debt.premiumRay }
}

/** UserPositionUtils.calculatePremiumDelta: premium shares for a risk premium (bps), after some debt is taken away. */
export const premiumDeltaOf = (
  userReserve: UserReserve,
  drawnIndex: bigint,
  riskPremium: bigint,
  taken: { readonly drawnShares: bigint; readonly premiumRay: bigint },
): PremiumDelta => {
  const { premiumShares, premiumOffsetRay } = userReserve
  const owedRay = premiumRay(premiumShares, premiumOffsetRay, drawnIndex)
  const shares = percentMulUp(checkedSub(userReserve.drawnShares, taken.drawnShares), riskPremium)
  const offsetRay = toInt256(checkedMul(shares, drawnIndex)) - toInt256(checkedSub(owedRay, taken.premiumRay))
  return {
    sharesDelta: toInt256(shares) - toInt256(premiumShares),
    offsetRayDelta: offsetRay - premiumOffsetRay,
    restoredPremiumRay: taken.premiumRay,
  }
}

/** MathUtils.add. */
export const applyShares = (shares: bigint, { sharesDelta }: PremiumDelta): bigint => {
  const after = shares + sharesDelta
  if (after < 0n) throw new ArithmeticError(`${shares} premium shares do not lose ${-sharesDelta}`)
  return after
}

/** UserPositionUtils.applyPremiumDelta, and drawn shares that go. */
export const withDebtTaken = (
  userReserve: UserReserve,
  delta: PremiumDelta,
  drawnShares: bigint,
): UserReserve => ({
  ...userReserve,
  premiumShares: toUint(applyShares(userReserve.premiumShares, delta), 120n),
  premiumOffsetRay: toInt200(userReserve.premiumOffsetRay + delta.offsetRayDelta),
  drawnShares: checkedUint(userReserve.drawnShares - drawnShares, 120n),
})
