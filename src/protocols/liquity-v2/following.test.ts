// Following: the list by its links, what TroveManager keeps to itself by its events, and what cannot be read.
import fc from 'fast-check'
import {
  encodeAbiParameters,
  encodeEventTopics,
  encodeFunctionResult,
  type Hex,
  pad,
  toFunctionSelector,
} from 'viem'
import { describe, expect, test } from 'vitest'
import { troveManagerAbi, troveNftAbi } from '../../../abis/liquity-v2.ts'
import type { CallResult, Log } from '../../model/evm.ts'
import { WAD } from '../../units/brands.ts'
import type { Key } from '../adapter.ts'
import type { ReadBranch } from './accrual.ts'
import { keys } from './keys.ts'
import { batchLiquidateTroves } from './liquidating.ts'
import { neighboursOf, relinkNeighbours } from './node.ts'
import { reads } from './reads/index.ts'
import { reduce } from './reduce.ts'
import { liquidationSettled, stakeChanged } from './running.ts'
import {
  type BranchMarket,
  type Links,
  type LiquityChange,
  type LiquityMarket,
  type LiquityMirror,
  NO_TROVE,
  positionKey,
  type TroveId,
  type TrovePosition,
} from './state.ts'
import { addressOf, branchOf, idOf, positionOf } from './vectors/recorded.ts'

const recorded = {
  ...{ name: 'WETH', shutdownTime: '0', lastZombieTroveId: null, troveIdsCount: '9' },
  ...{ CCR: `${2n * WAD}`, MCR: `${(11n * WAD) / 10n}`, BCR: `${WAD / 10n}`, SCR: `${WAD}` },
  ...{ LIQUIDATION_PENALTY_SP: `${WAD / 20n}`, LIQUIDATION_PENALTY_REDISTRIBUTION: `${WAD / 10n}` },
  ...{ L_coll: '3', L_boldDebt: '5', totalStakes: `${77n * WAD}`, totalStakesSnapshot: '0' },
  ...{
    totalCollateralSnapshot: '0',
    lastCollError_Redistribution: '7',
    lastBoldDebtError_Redistribution: '9',
  },
  activePool: {
    ...{
      collBalance: `${90n * WAD}`,
      aggRecordedDebt: `${60_000n * WAD}`,
      aggWeightedDebtSum: `${WAD * WAD}`,
    },
    ...{ lastAggUpdateTime: '0', aggBatchManagementFees: '0', aggWeightedBatchManagementFeeSum: '0' },
    lastAggBatchManagementFeesUpdateTime: '0',
  },
  defaultPool: { collBalance: `${WAD}`, BoldDebt: `${WAD}` },
  stabilityPool: { totalBoldDeposits: `${WAD}`, collBalance: '0' },
  batches: {},
}

const troveOf = (branch: ReadBranch, trove: string, stake = WAD): TrovePosition =>
  positionOf(
    {
      ...{ trove, debt: `${3_000n * WAD}`, coll: `${WAD}`, stake: `${stake}`, status: 'active' },
      ...{ lastDebtUpdateTime: '0', lastInterestRateAdjTime: '0', annualInterestRate: '0' },
      ...{ interestBatchManager: null, batchDebtShares: '0', rewardSnapshot: { coll: '3', boldDebt: '5' } },
    },
    branch,
  )

const mirrorOf = (branch: LiquityMarket, troves: readonly TrovePosition[]): LiquityMirror => ({
  deployment: {
    ...{ chainId: 1, protocol: 'liquity-v2', deployment: 'vectors' },
    ...{ collateralRegistry: addressOf('registry'), branches: { WETH: addressOf('addresses') } },
  } as LiquityMirror['deployment'],
  markets: new Map([['WETH', branch]]),
  positions: new Map(troves.map((one) => [positionKey('WETH', one.id.account as TroveId), one])),
  prices: new Map(),
  tallies: new Map(),
})

/** The mirror with changes applied, and what they make due. */
const apply = (mirror: LiquityMirror, changes: readonly LiquityChange[]) => {
  const markets = new Map(mirror.markets)
  const positions = new Map(mirror.positions)
  const due: Key[] = []
  const put = <V>(map: Map<string, V>, key: string, value: V | undefined): void => {
    if (value === undefined) map.delete(key)
    else map.set(key, value)
  }
  for (const change of changes) {
    if (change.kind === 'market') put(markets, change.key, change.next(markets.get(change.key)))
    if (change.kind === 'position') put(positions, change.key, change.next(positions.get(change.key)))
    if (change.kind === 'due') due.push(change.key)
  }
  return { mirror: { ...mirror, markets, positions }, due }
}

describe('the list', () => {
  const linksAt = (list: readonly TroveId[], index: number): Links => ({
    next: list[index - 1] ?? NO_TROVE,
    prev: list[index + 1] ?? NO_TROVE,
  })

  test('is known after any moves, though only those who moved and their old neighbours are read', () => {
    const branch = branchOf(recorded)
    const step = fc.record({ out: fc.nat(), into: fc.nat(), isGone: fc.boolean() })
    fc.assert(
      fc.property(fc.array(fc.array(step, { minLength: 1, maxLength: 4 }), { maxLength: 8 }), (blocks) => {
        let list = Array.from({ length: 9 }, (_, index) => idOf(`t${index}`))
        const start = list.map((_id, index) => ({
          ...troveOf(branch, `t${index}`),
          links: linksAt(list, index),
        }))
        let mirror = mirrorOf(branch, start)
        for (const moves of blocks) {
          const due = new Set<TroveId>()
          for (const { out, into, isGone } of moves) {
            const id = list[out % list.length]
            if (id === undefined || list.length < 3) continue
            for (const one of [id, ...neighboursOf(mirror, 'WETH', id)]) due.add(one)
            list = list.filter((one) => one !== id)
            if (!isGone) list.splice(into % (list.length + 1), 0, id)
          }
          for (const id of due) {
            const place = list.indexOf(id)
            const links = place < 0 ? null : linksAt(list, place)
            const read: LiquityChange = {
              kind: 'position',
              key: positionKey('WETH', id),
              next: (current) => current && { ...current, links },
            }
            ;({ mirror } = apply(mirror, [read]))
            ;({ mirror } = apply(mirror, relinkNeighbours(mirror, 'WETH', id, links)))
          }
          for (const [place, id] of list.entries())
            expect(mirror.positions.get(positionKey('WETH', id))?.links).toEqual(linksAt(list, place))
        }
      }),
    )
  })

  test('finds the neighbours of a trove that is not in the book', () => {
    const branch = branchOf(recorded)
    const beside = { ...troveOf(branch, 'a'), links: { prev: idOf('unknown'), next: NO_TROVE } }
    const mirror = mirrorOf(branch, [beside, troveOf(branch, 'b')])
    expect(neighboursOf(mirror, 'WETH', idOf('unknown'))).toEqual([idOf('a')])
  })
})

describe('what TroveManager keeps to itself', () => {
  test('is after a liquidation what its events make of it', () => {
    const stake = fc.bigInt({ min: 1n, max: 9n * WAD })
    fc.assert(
      fc.property(stake, fc.bigInt({ min: 0n, max: 5_000n * WAD }), (own, deposits) => {
        const stabilityPool = { totalBoldDeposits: `${deposits}`, collBalance: '0' }
        const branch = branchOf({ ...recorded, stabilityPool })
        const trove = troveOf(branch, 'a', own)
        const book = { branch, troves: new Map([[idOf('a'), trove]]) }
        const done = batchLiquidateTroves(book, [idOf('a')], 3_100n * WAD, 0)
        const { pools, redistribution } = done.book.branch
        const closed = apply(
          mirrorOf(branch, [trove]),
          stakeChanged(mirrorOf(branch, [trove]), branch, idOf('a'), 0n),
        )
        const before = closed.mirror.markets.get('WETH') as BranchMarket
        const paying = pools.activePool.coll + done.totals.collGasCompensation
        const atEvent = {
          ...before,
          pools: { ...pools, activePool: { ...pools.activePool, coll: paying } },
        }
        const event = {
          ...{
            _debtRedistributed: done.totals.debtToRedistribute,
            _collRedistributed: done.totals.collToRedistribute,
          },
          ...{ _collGasCompensation: done.totals.collGasCompensation },
          ...{ _L_ETH: redistribution.L_coll, _L_boldDebt: redistribution.L_boldDebt },
        }
        const after = apply(mirrorOf(atEvent, []), liquidationSettled(branch, event))
        expect(after.mirror.markets.get('WETH')).toMatchObject({ redistribution })
      }),
    )
  })

  test('is read again when a trove that nobody knew changes its stake', () => {
    const branch = branchOf(recorded)
    const changes = stakeChanged(mirrorOf(branch, []), branch, idOf('a'), WAD)
    expect(changes).toEqual([{ kind: 'due', key: keys.redistribution('WETH') }])
  })

  test('begins for a new trove with its token', () => {
    const own = branchOf(recorded)
    const contracts = { ...own.setup.contracts, troveNFT: addressOf('nft') }
    const branch = { ...own, setup: { ...own.setup, contracts } }
    const owner = addressOf('owner')
    const args = { from: `0x${'0'.repeat(40)}` as Hex, to: owner, tokenId: BigInt(idOf('a')) } as const
    const log: Log = {
      ...{ address: addressOf('nft'), data: '0x', blockNumber: 1n, blockHash: NO_TROVE, logIndex: 0 },
      topics: encodeEventTopics({ abi: troveNftAbi, eventName: 'Transfer', args }) as Hex[],
      transactionHash: NO_TROVE,
    }
    const { mirror, due } = apply(mirrorOf(branch, []), reduce(mirrorOf(branch, []), log))
    expect(due).toEqual([keys.trove('WETH', idOf('a'))])
    expect(mirror.positions.get(positionKey('WETH', idOf('a')))).toMatchObject({
      owner,
      stake: 0n,
      fault: { reason: 'not-yet-read' },
    })
    const stakes = apply(mirror, stakeChanged(mirror, branch as ReadBranch, idOf('a'), 5n))
    expect(stakes.mirror.markets.get('WETH')).toMatchObject({
      redistribution: { totalStakes: 77n * WAD + 5n },
    })
  })
})

describe('what cannot be read', () => {
  const ok = (data: Hex): CallResult => ({ ok: true, data })
  const failed: CallResult = { ok: false, data: '0x', error: 'reverted' }
  const block = { chainId: 1, number: 1n, hash: NO_TROVE, timestamp: 1 }
  const faultAfter = (mirror: LiquityMirror, key: Key, results: readonly CallResult[]) => {
    const [read] = reads(mirror, [key])
    const { mirror: after } = apply(mirror, read?.decode(results, block, mirror) ?? [])
    return after.markets.get('WETH')?.fault?.reason
  }

  test('contracts without a buffer for batches are of another family', () => {
    const mirror = { ...mirrorOf(branchOf(recorded), []), markets: new Map<string, LiquityMarket>() }
    const [read] = reads(mirror, [keys.setup('WETH')])
    const word = ok(encodeAbiParameters([{ type: 'uint256' }], [1n]))
    const bcr = read?.calls.findIndex((one) => 'data' in one && one.data === toFunctionSelector('BCR()'))
    const results = (read?.calls ?? []).map((_, index) => (index === bcr ? failed : word))
    expect(faultAfter(mirror, keys.setup('WETH'), results)).toBe('unknown-revision')
  })

  test('a TroveManager that lays out its storage in another way is of another family', () => {
    const mirror = mirrorOf(branchOf(recorded), [])
    const shutdownTime = encodeFunctionResult({
      abi: troveManagerAbi,
      functionName: 'shutdownTime',
      result: 0n,
    })
    const words = `0x${'00'.repeat(31)}01${'00'.repeat(32 * 9)}` as Hex
    const key = keys.redistribution('WETH')
    expect(faultAfter(mirror, key, [ok(shutdownTime), ok(words)])).toBe('unknown-revision')
    expect(faultAfter(mirror, key, [ok(shutdownTime), failed])).toBe('read-failed')
    expect(faultAfter(mirror, key, [ok(shutdownTime), ok(pad('0x', { size: 320 }))])).toBeUndefined()
  })
})
