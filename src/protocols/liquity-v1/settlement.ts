// The end of every liquidating call: the pool pays, the rest is redistributed, and snapshots are taken.
import { add, mulDivDown, sub, toWad } from './math.ts'
import type { Revision } from './revisions.ts'
import type { Amounts, System } from './state.ts'

/** What a call moves, summed over the troves that it closes; amounts of debt in units of the debt token, the others in wei. */
export type Totals = {
  readonly debt: bigint
  readonly coll: bigint
  readonly debtGasCompensation: bigint
  readonly collGasCompensation: bigint
  readonly debtToOffset: bigint
  readonly collToPool: bigint
  readonly debtToRedistribute: bigint
  readonly collToRedistribute: bigint
  readonly surplus: bigint
}

const fromActive = (system: System, { coll, debt }: Amounts): System => ({
  ...system,
  activePool: { coll: sub(system.activePool.coll, coll), debt: sub(system.activePool.debt, debt) },
})

/** StabilityPool.offset: deposits are burnt with the debt, and the collateral goes to the depositors. */
const offset = (
  system: System,
  revision: Revision,
  { debtToOffset: debt, collToPool: coll }: Totals,
): System => {
  if (system.deposits === 0n || debt === 0n) return system
  const lossError = revision.lossErrorAfter(system, debt)
  return { ...fromActive(system, { coll, debt }), deposits: sub(system.deposits, debt), lossError }
}

/** What a unit of stake gains by an amount, and what the division leaves for the next time: numerators keep the last error. */
const perStake = (amount: bigint, error: bigint, totalStakes: bigint): readonly [bigint, bigint] => {
  const numerator = add(toWad(amount), error)
  const gain = mulDivDown(numerator, 1n, totalStakes)
  return [gain, numerator - gain * totalStakes]
}

/** TroveManager._redistributeDebtAndColl: to all stakes that are left, by way of the default pool. */
const redistribute = (
  system: System,
  { debtToRedistribute: debt, collToRedistribute: coll }: Totals,
): System => {
  if (debt === 0n) return system
  const { rewards, errors, totalStakes, defaultPool } = system
  const [collGain, collError] = perStake(coll, errors.coll, totalStakes)
  const [debtGain, debtError] = perStake(debt, errors.debt, totalStakes)
  return {
    ...fromActive(system, { coll, debt }),
    rewards: { coll: add(rewards.coll, collGain), debt: add(rewards.debt, debtGain) },
    errors: { coll: collError, debt: debtError },
    defaultPool: { coll: defaultPool.coll + coll, debt: defaultPool.debt + debt },
  }
}

/** TroveManager._updateSystemSnapshots_excludeCollRemainder: what the caller is about to be sent counts no more. */
const withSnapshots = (system: System, collRemainder: bigint): System => ({
  ...system,
  totalStakesSnapshot: system.totalStakes,
  totalCollateralSnapshot: sub(system.activePool.coll, collRemainder) + system.defaultPool.coll,
})

/** The second half of batchLiquidateTroves and liquidateTroves, once all troves are closed. */
export const settle = (closed: System, revision: Revision, totals: Totals): System => {
  const redistributed = redistribute(offset(closed, revision, totals), totals)
  const withoutSurplus = fromActive(redistributed, { coll: totals.surplus, debt: 0n })
  const taken = withSnapshots(withoutSurplus, totals.collGasCompensation)
  return fromActive(taken, { coll: totals.collGasCompensation, debt: 0n })
}
