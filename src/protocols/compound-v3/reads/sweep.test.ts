// Base transfers between borrowers emit nothing: the sweep has to find them, and to rest where nothing can have happened.
import { type Address, encodeFunctionResult, getAddress, pad, toHex } from 'viem'
import { expect, test } from 'vitest'
import { cometAbi } from '../../../../abis/compound-v3.ts'
import type { BlockRef } from '../../../model/block.ts'
import type { CallResult, ContractCall } from '../../../model/evm.ts'
import type { Market } from '../../../model/market.ts'
import { draftOf, emptyMirror } from '../../../store/draft.ts'
import { compoundV3 } from '../index.ts'
import { type CometMirror, type CometPosition, MARKET, marketOf, NEVER_SWEPT, positionKey } from '../state.ts'
import { marketOf as recordedMarket } from '../vectors/recorded.ts'
import { readSweep } from './sweep.ts'

const COUNT = 100
const DEBT = -1_000n

const accounts = Array.from({ length: COUNT }, (_, index) =>
  getAddress(pad(toHex(index * 7_919 + 1), { size: 20 })),
)

const zero = {
  ...{ supplyKink: '0', borrowKink: '0', baseScale: '1000000' },
  ...{ supplyPerSecondInterestRateBase: '0', borrowPerSecondInterestRateBase: '0' },
  ...{ supplyPerSecondInterestRateSlopeLow: '0', borrowPerSecondInterestRateSlopeLow: '0' },
  ...{ supplyPerSecondInterestRateSlopeHigh: '0', borrowPerSecondInterestRateSlopeHigh: '0' },
  ...{ storeFrontPriceFactor: '0', targetReserves: '0', trackingIndexScale: '1' },
  ...{ baseTrackingSupplySpeed: '0', baseTrackingBorrowSpeed: '0', baseMinForRewards: '1' },
  ...{ baseBorrowMin: '0', numAssets: '0' },
}

/** A contract whose accounts owe what `principals` says, and a mirror of it as it was when everybody owed the same. */
const createWorld = () => {
  const principals = new Map<Address, bigint>(accounts.map((account) => [account, DEBT]))
  const market = recordedMarket(
    {
      ...{ baseSupplyIndex: '1', baseBorrowIndex: '1', trackingSupplyIndex: '0', trackingBorrowIndex: '0' },
      ...{ totalSupplyBase: '0', totalBorrowBase: `${-DEBT * BigInt(COUNT)}`, baseTokenBalance: '0' },
      ...{ lastAccrualTime: '100', pauseFlags: '0' },
    },
    { market: zero, assets: [] },
  )
  const deployment = { chainId: 1, protocol: 'compound-v3', deployment: 'test' }
  const draft = draftOf(emptyMirror(deployment, compoundV3))
  const mirror = draft.mirror as CometMirror
  const position = (owner: Address): CometPosition => ({
    ...{ id: { ...market.id, account: owner }, owner, asOf: 1n, principal: DEBT },
    ...{ baseTrackingIndex: 0n, baseTrackingAccrued: 0n, assetsIn: 1, collateral: {} },
  })
  draft.apply([
    { kind: 'market', key: MARKET, next: () => market },
    ...accounts.map((one) => ({
      kind: 'position' as const,
      key: positionKey(one),
      next: () => position(one),
    })),
  ])
  const answer = (call: ContractCall): CallResult => {
    const account = getAddress(`0x${call.data.slice(-40)}`)
    const result = [principals.get(account) ?? 0n, 0n, 0n, 1, 0] as const
    return { ok: true, data: encodeFunctionResult({ abi: cometAbi, functionName: 'userBasic', result }) }
  }
  /** One head: how many accounts the sweep reads of it; 0 where nothing came of it. */
  const head = (timestamp: number, { isReset = false } = {}): number => {
    const current = marketOf(mirror)
    const block: BlockRef = { chainId: 1, number: BigInt(timestamp), hash: '0x', timestamp }
    const [read] = current ? readSweep(mirror, current) : []
    if (!read) throw new Error('the sweep does not read')
    if (isReset)
      draft.apply([
        { kind: 'market', key: MARKET, next: (of) => of && ({ ...of, sweep: NEVER_SWEPT } as Market) },
      ])
    const changes = read.decode((read.calls as readonly ContractCall[]).map(answer), block, mirror)
    draft.apply(changes)
    return changes.length === 0 ? 0 : read.calls.length
  }
  /** Somebody accrues, and the market's total debt becomes another. */
  const accrue = (lastAccrualTime: number, totalBorrowBase = -DEBT * BigInt(COUNT)): void => {
    const next = { ...market.totals, lastAccrualTime, totalBorrowBase }
    draft.apply([
      {
        kind: 'market',
        key: MARKET,
        next: () => ({ ...(marketOf(mirror) ?? market), totals: next }),
      },
    ])
  }
  const differing = (): number =>
    accounts.filter((one) => mirror.positions.get(positionKey(one))?.principal !== principals.get(one)).length
  return { principals, head, accrue, differing }
}

/** Heads until all is proven, at most ten. */
const settle = (world: ReturnType<typeof createWorld>, from: number): number => {
  for (let heads = 0; heads < 10; heads += 1) if (world.head(from + heads) === 0) return heads
  return 10
}

test('a transfer that changes no total is found within one round, and then the sweep rests', () => {
  const world = createWorld()
  expect(settle(world, 101)).toBe(3)
  world.principals.set(accounts[3] as Address, DEBT - 5n)
  world.principals.set(accounts[90] as Address, DEBT + 5n)
  world.accrue(200)
  expect(world.differing()).toBe(2)
  // One side of it is among the first forty: then the totals disagree, and the rest of the round is fast.
  expect(settle(world, 201)).toBe(2)
  expect(world.differing()).toBe(0)
  expect(world.head(300)).toBe(0)
})

test('a transfer of the block itself is found with its head where all accounts are read at once', () => {
  const world = createWorld()
  settle(world, 101)
  const first = [...accounts].sort()[0] as Address
  world.principals.set(first, DEBT - 5n)
  world.accrue(200)
  world.head(200)
  expect(world.differing()).toBe(0)
})

test('where the same round makes the sweep begin anew, as after a reorg, what it read counts', () => {
  const world = createWorld()
  settle(world, 101)
  const first = [...accounts].sort()[0] as Address
  world.principals.set(first, DEBT - 5n)
  // Back to a block before the round that proved all.
  world.head(90, { isReset: true })
  expect(world.differing()).toBe(0)
})

test('a total that drifted from what is tracked makes it read ten times as much', () => {
  const world = createWorld()
  settle(world, 101)
  world.principals.set(accounts[50] as Address, DEBT - 7n)
  world.accrue(200, -DEBT * BigInt(COUNT) + 7n)
  expect(world.head(201)).toBe(COUNT)
  expect(world.differing()).toBe(0)
})

test('a gap that stays after a whole round is rounding, and alarms no longer', () => {
  const world = createWorld()
  settle(world, 101)
  world.accrue(200, -DEBT * BigInt(COUNT) + 1n)
  expect(world.head(201)).toBe(COUNT)
  world.accrue(300, -DEBT * BigInt(COUNT) + 1n)
  expect(world.head(301)).toBe(40)
})

test('what accrues while a round is under way is swept in the next', () => {
  const world = createWorld()
  world.head(101)
  world.principals.set([...accounts].sort()[0] as Address, DEBT - 9n)
  world.accrue(150)
  for (let time = 151; time < 160; time += 1) world.head(time)
  expect(world.differing()).toBe(0)
})

test('an account that owes nothing any more and holds nothing is gone', () => {
  const world = createWorld()
  world.principals.set(accounts[0] as Address, 0n)
  settle(world, 101)
  expect(world.differing()).toBe(0)
})
