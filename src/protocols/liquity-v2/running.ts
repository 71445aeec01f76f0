// What TroveManager keeps to itself, carried on from its events: they tell every stake, and all that a liquidation redistributes.
import { WAD } from '../../units/brands.ts'
import { due } from '../changing.ts'
import { keys } from './keys.ts'
import type { SetUp } from './reads/owner.ts'
import {
  type LiquityChange,
  type LiquityMarket,
  type LiquityMirror,
  positionKey,
  type Redistribution,
  type TroveId,
} from './state.ts'

const update = (
  { id: { market } }: SetUp,
  next: (current: SetUp & { readonly redistribution: Redistribution }) => LiquityMarket,
): LiquityChange => ({
  kind: 'market',
  key: market,
  next: (current) =>
    current && !current.isShared && current.redistribution && current.pools
      ? next(current as SetUp & { readonly redistribution: Redistribution })
      : current,
})

/**
 * A trove's stake as the event has it, and with it the sum of stakes. A trove that was there before the book knew it may
 * have had any stake: then the sum is read from storage, as at the beginning.
 */
export const stakeChanged = (
  mirror: LiquityMirror,
  branch: SetUp,
  id: TroveId,
  stake: bigint,
): readonly LiquityChange[] => {
  const { market } = branch.id
  const key = positionKey(market, id)
  const known = mirror.positions.get(key)
  if (!known) return due(keys.redistribution(market))
  const delta = stake - known.stake
  if (delta === 0n) return []
  return [
    { kind: 'position', key, next: (current) => current && { ...current, stake } },
    update(branch, (current) => ({
      ...current,
      redistribution: {
        ...current.redistribution,
        totalStakes: current.redistribution.totalStakes + delta,
      },
    })),
  ]
}

/** Collateral of a pool as its event has it: a liquidation later in the same block measures stakes by it. */
export const collMoved = (
  branch: SetUp,
  pool: 'activePool' | 'defaultPool',
  coll: bigint,
): readonly LiquityChange[] => [
  update(branch, (current) => {
    const { pools } = current
    return pools ? { ...current, pools: { ...pools, [pool]: { ...pools[pool], coll } } } : current
  }),
  ...due(keys.pools(branch.id.market)),
]

type Settled = {
  readonly _debtRedistributed: bigint
  readonly _collRedistributed: bigint
  readonly _collGasCompensation: bigint
  readonly _L_ETH: bigint
  readonly _L_boldDebt: bigint
}

/** What was cut when an amount was divided among all stakes, and the carry of the time before. */
const carry = (amount: bigint, before: bigint, stakes: bigint): bigint =>
  stakes === 0n ? before : (amount * WAD + before) % stakes

/**
 * TroveManager.Liquidation is the last of its events but the caller's compensation: the sums are as it says, stakes are
 * measured anew by what the pools hold less that compensation.
 */
export const liquidationSettled = (branch: SetUp, args: Settled): readonly LiquityChange[] => [
  update(branch, (current) => {
    const { redistribution, pools } = current
    const { totalStakes } = redistribution
    const isRedistributed = args._debtRedistributed > 0n
    return {
      ...current,
      redistribution: {
        totalStakes,
        totalStakesSnapshot: totalStakes,
        totalCollateralSnapshot:
          (pools?.activePool.coll ?? 0n) + (pools?.defaultPool.coll ?? 0n) - args._collGasCompensation,
        L_coll: args._L_ETH,
        L_boldDebt: args._L_boldDebt,
        lastCollError: isRedistributed
          ? carry(args._collRedistributed, redistribution.lastCollError, totalStakes)
          : redistribution.lastCollError,
        lastBoldDebtError: isRedistributed
          ? carry(args._debtRedistributed, redistribution.lastBoldDebtError, totalStakes)
          : redistribution.lastBoldDebtError,
      },
    }
  }),
]
