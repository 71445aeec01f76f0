// One trove and its part of what was redistributed.
import { WAD } from '../../units/brands.ts'
import { assertThat, collateralRatioDown, mulDivDown, sub } from './math.ts'
import { ACTIVE, type Amounts, type System, type Trove } from './state.ts'

const pendingDown = (trove: Trove, perUnit: bigint, snapshot: bigint): bigint => {
  const reward = sub(perUnit, snapshot)
  return reward === 0n || trove.status !== ACTIVE ? 0n : mulDivDown(trove.stake, reward, WAD)
}

/** TroveManager.getPendingETHReward and getPendingLUSDDebtReward: what redistributions gave the trove since its snapshot. */
export const pendingRewardsDown = (trove: Trove, { rewards }: System): Amounts => ({
  coll: pendingDown(trove, rewards.coll, trove.snapshot.coll),
  debt: pendingDown(trove, rewards.debt, trove.snapshot.debt),
})

/** TroveManager.hasPendingRewards: it goes by collateral alone. */
export const hasPendingRewards = ({ status, snapshot }: Trove, { rewards }: System): boolean =>
  status === ACTIVE && snapshot.coll < rewards.coll

/** TroveManager.getEntireDebtAndColl. */
export const entireAmounts = (trove: Trove, system: System): Amounts => {
  const pending = pendingRewardsDown(trove, system)
  return { coll: trove.coll + pending.coll, debt: trove.debt + pending.debt }
}

/** TroveManager.getCurrentICR at a price, a wad. */
export const currentRatioDown = (trove: Trove, system: System, price: bigint): bigint => {
  const { coll, debt } = entireAmounts(trove, system)
  return collateralRatioDown(coll, debt, price)
}

/** TroveManager._computeNewStake: stakes stay comparable with those of before the last liquidation. */
const newStakeDown = (coll: bigint, { totalStakesSnapshot, totalCollateralSnapshot }: System): bigint => {
  if (totalCollateralSnapshot === 0n) return coll
  assertThat(totalStakesSnapshot > 0n)
  return mulDivDown(coll, totalStakesSnapshot, totalCollateralSnapshot)
}

/** A trove and the books of its system, changed together. */
export type Pair = { readonly system: System; readonly trove: Trove }

/** TroveManager._movePendingTroveRewardsToActivePool. */
export const movePendingToActive = (system: System, pending: Amounts): System => ({
  ...system,
  defaultPool: {
    debt: sub(system.defaultPool.debt, pending.debt),
    coll: sub(system.defaultPool.coll, pending.coll),
  },
  activePool: {
    debt: system.activePool.debt + pending.debt,
    coll: system.activePool.coll + pending.coll,
  },
})

/** TroveManager._applyPendingRewards: what was redistributed becomes the trove's own. */
export const applyPendingRewards = ({ system, trove }: Pair): Pair => {
  if (!hasPendingRewards(trove, system)) return { system, trove }
  const pending = pendingRewardsDown(trove, system)
  return {
    system: movePendingToActive(system, pending),
    trove: {
      ...trove,
      coll: trove.coll + pending.coll,
      debt: trove.debt + pending.debt,
      snapshot: system.rewards,
    },
  }
}

/** TroveManager._updateStakeAndTotalStakes. */
export const updateStake = ({ system, trove }: Pair): Pair => {
  const stake = newStakeDown(trove.coll, system)
  return {
    system: { ...system, totalStakes: sub(system.totalStakes, trove.stake) + stake },
    trove: { ...trove, stake },
  }
}
