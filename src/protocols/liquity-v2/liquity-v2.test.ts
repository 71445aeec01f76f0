// What holds for every state: splits, interest, redemption order, refusals. The contract's own numbers are the vectors'.
import fc from 'fast-check'
import { decodeFunctionData } from 'viem'
import { describe, expect, test } from 'vitest'
import { troveManagerAbi } from '../../../abis/liquity-v2.ts'
import { UINT256_MAX, WAD } from '../../units/brands.ts'
import type { Env } from '../adapter.ts'
import { latestTrove, pendingAggInterestUp, type ReadBranch } from './accrual.ts'
import { act } from './action.ts'
import { assess } from './assess.ts'
import { MIN_DEBT, REDEMPTION_MINUTE_DECAY_FACTOR } from './constants.ts'
import { call, LIQUIDATE, liquidate, terms, URGENT_REDEMPTION } from './liquidation.ts'
import { decPowHalfUp } from './math.ts'
import { redemptions } from './redemption.ts'
import { redeemOverall, redemptionRateDown } from './registry-redemption.ts'
import { splitDown } from './seizure.ts'
import { NO_TROVE, type TrovePosition } from './state.ts'
import { branchOf, envOf, idOf, positionOf } from './vectors/recorded.ts'

const NOW = 1_760_000_000
const YEAR = 31_536_000
const PRICE = 2_000n * WAD

const recordedBranch = (changes: object = {}) => ({
  ...{ name: 'WETH', shutdownTime: '0', lastZombieTroveId: null, troveIdsCount: '3' },
  ...{ CCR: `${(15n * WAD) / 10n}`, MCR: `${(11n * WAD) / 10n}`, BCR: `${WAD / 10n}` },
  ...{ SCR: `${(11n * WAD) / 10n}`, LIQUIDATION_PENALTY_SP: `${WAD / 20n}` },
  LIQUIDATION_PENALTY_REDISTRIBUTION: `${WAD / 10n}`,
  ...{ L_coll: '0', L_boldDebt: '0', totalStakes: `${100n * WAD}`, totalStakesSnapshot: '0' },
  ...{
    totalCollateralSnapshot: '0',
    lastCollError_Redistribution: '0',
    lastBoldDebtError_Redistribution: '0',
  },
  activePool: {
    ...{
      collBalance: `${100n * WAD}`,
      aggRecordedDebt: `${60_000n * WAD}`,
      aggWeightedDebtSum: `${3_000n * WAD * WAD}`,
    },
    ...{ lastAggUpdateTime: `${NOW}`, aggBatchManagementFees: '0', aggWeightedBatchManagementFeeSum: '0' },
    lastAggBatchManagementFeesUpdateTime: `${NOW}`,
  },
  defaultPool: { collBalance: '0', BoldDebt: '0' },
  stabilityPool: { totalBoldDeposits: `${WAD}`, collBalance: '0' },
  batches: {},
  ...changes,
})

const recordedTrove = (trove: string, changes: object = {}) => ({
  ...{ trove, debt: `${10_000n * WAD}`, coll: `${10n * WAD}`, stake: `${10n * WAD}`, status: 'active' },
  ...{ lastDebtUpdateTime: `${NOW}`, lastInterestRateAdjTime: `${NOW}`, annualInterestRate: `${WAD / 20n}` },
  ...{ interestBatchManager: null, batchDebtShares: '0', rewardSnapshot: { coll: '0', boldDebt: '0' } },
  ...changes,
})

const world = (branchChanges: object = {}, price = PRICE, seconds = 0): { branch: ReadBranch; env: Env } => {
  const branch = branchOf(recordedBranch(branchChanges))
  return { branch, env: envOf(`${NOW + seconds}`, [{ branch, price }], [branch]) }
}

const request = (branch: ReadBranch, method: typeof LIQUIDATE | typeof URGENT_REDEMPTION) => ({
  method,
  debtAsset: branch.bold.address,
  collateralAsset: branch.collateral.address,
})

const amount = fc.bigInt({ min: 1n, max: 10n ** 27n })

describe('a liquidated trove', () => {
  test('is split without a remainder, whatever the pool has', () => {
    const { branch } = world()
    const price = fc.bigInt({ min: 1n, max: 10n ** 24n })
    fc.assert(
      fc.property(amount, amount, fc.oneof(fc.constant(0n), amount), price, (debt, coll, pool, at) => {
        const split = splitDown(branch.setup.parameters, debt, coll, pool, at)
        expect(split.debtToOffset + split.debtToRedistribute).toBe(debt)
        const { collToSendToSP, collGasCompensation, collToRedistribute, collSurplus } = split
        const parts = collToSendToSP + collGasCompensation + collToRedistribute + collSurplus
        expect(parts).toBe(coll)
        expect(collGasCompensation <= 2n * WAD && collGasCompensation <= coll / 200n).toBe(true)
        if (pool === 0n) expect(collGasCompensation).toBe(0n)
      }),
    )
  })

  test('rewards the caller, and leaves the owner what the penalty does not take', () => {
    const { branch, env } = world(
      { stabilityPool: { totalBoldDeposits: `${20_001n * WAD}`, collBalance: '0' } },
      1_090n * WAD,
    )
    const outcome = liquidate(branch, positionOf(recordedTrove('a'), branch), env, request(branch, LIQUIDATE))
    if (outcome.kind === 'blocked') throw new Error(outcome.revert)
    expect(outcome.repaid.amount).toBe(10_000n * WAD)
    expect(outcome.reward?.map((one) => one.amount)).toEqual([WAD / 20n, 375n * 10n ** 14n])
    expect(outcome.surplus?.map((one) => one.amount)).toEqual([
      10n * WAD - WAD / 20n - (10_500n * WAD * WAD) / (1_090n * WAD),
    ])
    expect(outcome.after.position).toBeUndefined()
  })

  test('is not the last one of its branch', () => {
    const { branch, env } = world({ troveIdsCount: '1' }, 900n * WAD)
    const position = positionOf(recordedTrove('a'), branch)
    expect(liquidate(branch, position, env, request(branch, LIQUIDATE))).toEqual({
      kind: 'blocked',
      revert: 'OnlyOneTroveLeft',
    })
    expect(assess(branch, position, env)).toMatchObject({
      isLiquidatable: true,
      isExecutable: false,
      blockedBy: ['last-position'],
      phase: 'bad-debt',
    })
    expect(terms(branch, position, env)).toEqual([])
  })

  test('has transactions, by the pool and by an urgent redemption', () => {
    const { branch, env } = world({ shutdownTime: `${NOW - 5}` }, 1_050n * WAD)
    const position = positionOf(recordedTrove('a'), branch)
    const ways = terms(branch, position, env)
    expect(ways.map(({ payer }) => payer)).toEqual(['protocol', 'liquidator'])
    const decoded = ways.map((way) =>
      decodeFunctionData({ abi: troveManagerAbi, data: call(branch, position, way.request).data }),
    )
    const id = BigInt(idOf('a'))
    expect(decoded).toEqual([
      { functionName: LIQUIDATE, args: [[id]] },
      { functionName: URGENT_REDEMPTION, args: [10_000n * WAD, [id], 0n] },
    ])
  })
})

describe('interest', () => {
  test('never falls with time, and stops at the shutdown', () => {
    const seconds = fc.nat(10 * YEAR)
    fc.assert(
      fc.property(seconds, seconds, fc.nat(YEAR), (one, two, shut) => {
        const [early, late] = [Math.min(one, two), Math.max(one, two)]
        const open = world().branch
        const closed = world({ shutdownTime: `${NOW + shut}` }).branch
        const trove = positionOf(recordedTrove('a'), open)
        const owed = (branch: ReadBranch, after: number) => latestTrove(branch, trove, NOW + after).entireDebt
        expect(owed(open, late) >= owed(open, early)).toBe(true)
        expect(owed(closed, Math.max(late, shut))).toBe(owed(open, shut))
      }),
    )
  })

  test('of a batch is split by shares, never above the whole', () => {
    fc.assert(
      fc.property(amount, amount, amount, fc.nat(YEAR), (debt, mine, others, seconds) => {
        const batch = {
          ...{ debt: `${debt}`, coll: '0', lastDebtUpdateTime: `${NOW}`, lastInterestRateAdjTime: `${NOW}` },
          ...{ annualInterestRate: `${WAD / 10n}`, annualManagementFee: `${WAD / 100n}` },
          totalDebtShares: `${mine + others}`,
        }
        const { branch } = world({ batches: { m: batch } })
        const owed = (shares: bigint): bigint => {
          const own = recordedTrove('a', {
            interestBatchManager: 'm',
            batchDebtShares: `${shares}`,
            debt: '0',
          })
          return latestTrove(branch, positionOf(own, branch), NOW + seconds).entireDebt
        }
        expect(owed(mine) + owed(others) <= owed(mine + others)).toBe(true)
        expect(owed(mine + others) - owed(mine) - owed(others) <= 3n).toBe(true)
      }),
    )
  })

  test('decays the base rate by half in six hours', () => {
    expect(decPowHalfUp(REDEMPTION_MINUTE_DECAY_FACTOR, 0n)).toBe(WAD)
    const half = decPowHalfUp(REDEMPTION_MINUTE_DECAY_FACTOR, 360n)
    expect(half > WAD / 2n - 10n ** 6n && half < WAD / 2n + 10n ** 6n).toBe(true)
    const minutes = fc.bigInt({ min: 0n, max: 10n ** 6n })
    fc.assert(
      fc.property(minutes, (n) => {
        const [before, after] = [n, n + 1n].map((one) => decPowHalfUp(REDEMPTION_MINUTE_DECAY_FACTOR, one))
        expect((after ?? 0n) <= (before ?? 0n)).toBe(true)
      }),
    )
  })
})

describe('the queue of redemptions', () => {
  const names = ['low', 'middle', 'high']
  const list = (branch: ReadBranch): TrovePosition[] => [
    ...names.map((name) => positionOf(recordedTrove(name), branch, names)),
    positionOf(recordedTrove('zombie', { status: 'zombie', debt: `${500n * WAD}` }), branch),
  ]
  const inFront = (branch: ReadBranch, env: Env, troves: readonly TrovePosition[]) => {
    const map = redemptions.debtInFront(branch, troves, env)
    const of = (name: string) => map.get(`WETH:${idOf(name)}`)
    return [...names, 'zombie'].map(of)
  }

  test('begins with the zombie that was left in part, then the lowest rate; a trove is not in front of itself', () => {
    const { branch, env } = world({ lastZombieTroveId: 'zombie', troveIdsCount: '4' })
    const bold = [500n, 10_500n, 20_500n, 0n].map((whole) => whole * WAD)
    expect(inFront(branch, env, list(branch))).toEqual(bold)
  })

  test('passes over troves under water, and zombies that no redemption comes to', () => {
    const { branch, env } = world()
    const [low, ...others] = list(branch)
    const troves = [{ ...(low as TrovePosition), coll: WAD }, ...others]
    expect(inFront(branch, env, troves)).toEqual([0n, 0n, 10_000n * WAD, undefined])
  })

  test('is none where the branch is shut down', () => {
    const { branch, env } = world({ shutdownTime: `${NOW - 1}` })
    expect(inFront(branch, env, list(branch))).toEqual([0n, 0n, 0n, 0n])
  })

  test('ends where links lead to a trove that is not known', () => {
    const { branch, env } = world()
    const troves = list(branch).filter(({ id }) => id.account !== idOf('middle'))
    expect(inFront(branch, env, troves)).toEqual([0n, undefined, undefined, undefined])
    expect(troves[0]?.links?.next).toBe(NO_TROVE)
  })
})

describe('the fee of a redemption', () => {
  test('counts interest that a shutdown mints on the way', () => {
    const { branch } = world({}, PRICE, YEAR)
    const redeemable = (of: ReadBranch) => ({
      book: { branch: of, troves: new Map([[idOf('a'), positionOf(recordedTrove('a'), of)]]) },
      ...{ queue: [idOf('a')], price: PRICE, redemptionPrice: PRICE },
    })
    const rate = { baseRate: 0n, lastFeeOperationTime: NOW, boldSupply: 100_000n * WAD }
    const now = NOW + YEAR
    const done = redeemOverall(
      rate,
      [redeemable({ ...branch, isFeedDown: true }), redeemable(branch)],
      WAD,
      0n,
      now,
    )
    const minted = pendingAggInterestUp(branch, now)
    expect(minted).toBe(3_000n * WAD)
    expect(done.branches[0]).toBeUndefined()
    expect(done.feeRate).toBe(redemptionRateDown({ ...rate, boldSupply: rate.boldSupply + minted }, WAD, now))
  })
})

describe('what an owner does', () => {
  const refusal = (
    { branch, env }: ReturnType<typeof world>,
    kind: 'supply' | 'withdraw' | 'borrow' | 'repay',
    how: bigint,
    changes: object = {},
  ): string => {
    const isDebt = kind === 'borrow' || kind === 'repay'
    const asset = isDebt ? branch.bold.address : branch.collateral.address
    const acted = act(branch, positionOf(recordedTrove('a', changes), branch), env, {
      kind,
      asset,
      amount: how,
    })
    return acted.kind === 'blocked' ? acted.revert : 'acted'
  }

  test('is refused in the contract’s words', () => {
    expect(refusal(world(), 'supply', 0n)).toBe('ZeroAdjustment')
    expect(refusal(world(), 'withdraw', 11n * WAD)).toBe('CollWithdrawalTooHigh')
    expect(refusal(world(), 'borrow', 9_000n * WAD)).toBe('ICRBelowMCR')
    expect(refusal(world({}, 800n * WAD), 'borrow', WAD, { coll: `${90n * WAD}` })).toBe('TCRBelowCCR')
    expect(refusal(world({}, 800n * WAD), 'withdraw', WAD, { coll: `${90n * WAD}` })).toBe(
      'RepaymentNotMatchingCollWithdrawal',
    )
    expect(refusal(world(), 'repay', WAD, { debt: `${MIN_DEBT}` })).toBe('ZeroAdjustment')
    expect(refusal(world(), 'supply', WAD, { status: 'zombie', debt: `${WAD}` })).toBe('DebtBelowMin')
    expect(refusal(world({ shutdownTime: `${NOW}` }), 'supply', WAD)).toBe('IsShutDown')
    expect(refusal(world({ troveIdsCount: '1' }), 'repay', UINT256_MAX)).toBe('OnlyOneTroveLeft')
  })

  test('leaves at least the least debt, unless everything is repaid', () => {
    const { branch, env } = world()
    const position = positionOf(recordedTrove('a'), branch)
    const repay = (how: bigint) =>
      act(branch, position, env, { kind: 'repay', asset: branch.bold.address, amount: how })
    expect(repay(9_999n * WAD)).toMatchObject({ after: { position: { debt: MIN_DEBT } } })
    expect(repay(UINT256_MAX)).toMatchObject({
      after: { market: { pools: { troveCount: 2n } }, position: undefined },
    })
  })

  test('waits for an oracle that failed, while a liquidation shuts the branch down', () => {
    const { branch: open, env } = world({}, 1_050n * WAD)
    const branch = { ...open, isFeedDown: true }
    expect(refusal({ branch, env }, 'supply', WAD)).toBe('NewOracleFailureDetected')
    const position = positionOf(recordedTrove('a'), branch)
    expect(liquidate(branch, position, env, request(branch, LIQUIDATE))).toMatchObject({
      kind: 'liquidated',
      after: { market: { pools: { shutdownTime: NOW } } },
    })
  })
})
