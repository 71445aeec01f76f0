// A trove's row against the contract's own arithmetic, while all that it does not hold goes on; and when there is none.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { WAD } from '../../units/brands.ts'
import type { ScreenTerm } from '../screening.ts'
import { latestTrove, type ReadBranch } from './accrual.ts'
import { screen } from './screen.ts'
import type { Batch, TrovePosition } from './state.ts'
import { branchOf, envOf, positionOf } from './vectors/recorded.ts'

const NOW = 1_760_000_000
const PRICE = 2_000n * WAD
const MANAGER = 'manager'

const BRANCH = branchOf({
  ...{ name: 'WETH', shutdownTime: '0', lastZombieTroveId: null, troveIdsCount: '3' },
  ...{ CCR: `${2n * WAD}`, MCR: `${(11n * WAD) / 10n}`, BCR: '0', SCR: `${WAD}` },
  ...{ LIQUIDATION_PENALTY_SP: '0', LIQUIDATION_PENALTY_REDISTRIBUTION: '0' },
  ...{ L_coll: '0', L_boldDebt: '0', totalStakes: '0', totalStakesSnapshot: '0' },
  ...{ totalCollateralSnapshot: '0', lastCollError_Redistribution: '0' },
  lastBoldDebtError_Redistribution: '0',
  activePool: {
    ...{
      collBalance: '0',
      aggRecordedDebt: `${10n ** 30n}`,
      aggWeightedDebtSum: '0',
      lastAggUpdateTime: '0',
    },
    ...{ aggBatchManagementFees: '0', aggWeightedBatchManagementFeeSum: '0' },
    lastAggBatchManagementFeesUpdateTime: '0',
  },
  defaultPool: { collBalance: '0', BoldDebt: '0' },
  stabilityPool: { totalBoldDeposits: '0' },
  batches: {
    [MANAGER]: {
      ...{ debt: `${10n ** 24n + 7n}`, coll: `${10n ** 24n}`, totalDebtShares: `${10n ** 23n + 3n}` },
      ...{ lastDebtUpdateTime: `${NOW}`, lastInterestRateAdjTime: `${NOW}` },
      ...{ annualInterestRate: `${WAD / 20n}`, annualManagementFee: `${WAD / 100n}` },
    },
  },
})

const wad = fc.bigInt({ min: 0n, max: 10n ** 22n })
const amount = fc.bigInt({ min: 2_000n * WAD, max: 10n ** 24n })

const troves = fc
  .record({ debt: amount, coll: amount, stake: amount, shares: amount, rate: wad, isInBatch: fc.boolean() })
  .chain(({ debt, coll, stake, shares, rate, isInBatch }) =>
    fc.tuple(wad, wad, fc.nat(100_000_000)).map(([boldDebt, given, seconds]) =>
      positionOf(
        {
          ...{ trove: 'one', status: 'active', coll: `${coll}`, stake: `${stake}` },
          debt: isInBatch ? '0' : `${debt}`,
          ...{ lastDebtUpdateTime: `${NOW - seconds}`, lastInterestRateAdjTime: '0' },
          ...{ annualInterestRate: `${rate % (3n * WAD)}`, interestBatchManager: isInBatch ? MANAGER : null },
          batchDebtShares: isInBatch ? `${shares % 10n ** 23n}` : '0',
          rewardSnapshot: { coll: `${given / 100n}`, boldDebt: `${boldDebt}` },
        },
        BRANCH,
      ),
    ),
  )

/** The branch after more was redistributed, and a batch's debt has grown. */
const later = (branch: ReadBranch, trove: TrovePosition, more: bigint): ReadBranch => ({
  ...branch,
  redistribution: {
    ...branch.redistribution,
    L_coll: trove.snapshot.coll + more / 100n,
    L_boldDebt: trove.snapshot.boldDebt + more * 3n,
  },
  batches: Object.fromEntries(
    Object.entries(branch.batches).map(([manager, batch]): [string, Batch] => [
      manager,
      { ...batch, debt: batch.debt + more },
    ]),
  ),
})

const envAt = (branch: ReadBranch, seconds: number) =>
  envOf(`${NOW + seconds}`, [{ branch, price: PRICE }], [branch])

test('its two sides are what the contract computes, as far as float64 tells, without the row being made again', () => {
  fc.assert(
    fc.property(troves, wad, fc.nat(100_000_000), (trove, more, seconds) => {
      const row = screen.row(BRANCH, trove)
      if (row === 'always-exact') throw new Error('the trove is not screened')
      const branch = later(BRANCH, trove, more)
      const env = envAt(branch, seconds)
      const sideOf = (terms: readonly ScreenTerm[]) =>
        terms.reduce(
          (side, { factor, amount: count }) => {
            const { high, slack } = screen.factor(branch, factor, env) ?? { high: Number.NaN, slack: 0 }
            const value = Number(count) * high
            return { value: side.value + value, error: side.error + slack + Math.abs(value) * 2 ** -45 }
          },
          { value: 0, error: 0 },
        )
      const { entireColl, entireDebt } = latestTrove(branch, trove, NOW + seconds)
      const [collateral, debt] = [sideOf(row.collateral), sideOf(row.debt)]
      const exact = (Number(entireColl) * Number(PRICE)) / Number(branch.setup.parameters.MCR)
      expect(Math.abs(collateral.value - exact)).toBeLessThanOrEqual(collateral.error)
      expect(Math.abs(debt.value - Number(entireDebt))).toBeLessThanOrEqual(debt.error)
    }),
  )
})

test('once the branch is shut down, there is no factor', () => {
  const [trove] = fc.sample(
    troves.filter(({ batchManager }) => batchManager === null),
    1,
  )
  if (!trove) throw new Error('there is no trove')
  const row = screen.row(BRANCH, trove)
  if (row === 'always-exact') throw new Error('the trove is not screened')
  const closed = { ...BRANCH, pools: { ...BRANCH.pools, shutdownTime: NOW } }
  const factorsIn = (branch: ReadBranch) =>
    [...row.collateral, ...row.debt].map(({ factor }) => screen.factor(branch, factor, envAt(branch, 0)))
  expect(factorsIn(BRANCH)).not.toContain(undefined)
  expect(new Set(factorsIn(closed))).toEqual(new Set([undefined]))
})
