// Feeds of watched loans, heard and not heard; a sequencer's words.
import { type Address, decodeFunctionData, encodeFunctionResult, pad, toHex } from 'viem'
import { beforeEach, expect, test } from 'vitest'
import { aggregatorAbi } from '../../abis/aggregator.ts'
import type { Chain } from '../chain/chain.ts'
import type { BlockRef } from '../model/block.ts'
import type { Call, CallResult } from '../model/evm.ts'
import type { HeartbeatSetting } from './heartbeats.ts'
import { createOracleAge, feedOfSubject } from './oracle-age.ts'
import type { RestingFeed } from './resting-feeds.ts'
import { createSequencerWatch } from './sequencer.ts'

const HOUR = 3_600
const DAY = 24 * HOUR
const NOW = 1_800_000_000
const FEED = pad('0x0f', { size: 20 })
const OWNER = pad('0x0a', { size: 20 })

type Round = { readonly answer: bigint; readonly startedAt: number; readonly updatedAt: number }

/** Rounds of each feed, from round 1 on; none: it does not answer. */
let rounds: Map<Address, readonly Round[]>
let isDown: boolean
let callCount: number
beforeEach(() => {
  rounds = new Map()
  isDown = false
  callCount = 0
})

const blockAt = (timestamp: number): BlockRef => ({
  chainId: 1,
  number: 1n,
  hash: toHex(1, { size: 32 }),
  timestamp,
})

const answer = (call: Call): CallResult => {
  callCount += 1
  const failed: CallResult = { ok: false, data: '0x', error: 'reverted without a reason' }
  if (!('data' in call)) return failed
  const asked = decodeFunctionData({ abi: aggregatorAbi, data: call.data })
  const own = rounds.get(call.to) ?? []
  const roundId = asked.functionName === 'getRoundData' ? Number(asked.args[0]) : own.length
  const round = own[roundId - 1]
  if (!round) return failed
  const { functionName } = asked
  const said = [BigInt(roundId), round.answer, BigInt(round.startedAt), BigInt(round.updatedAt), 0n] as const
  return { ok: true, data: encodeFunctionResult({ abi: aggregatorAbi, functionName, result: said }) }
}

const read: Chain['read'] = async (_block, calls) => {
  if (isDown) throw new Error('nobody answers')
  return { results: calls.map(answer), ancestors: new Map() }
}

const spoke = (feed: Address, times: readonly number[]): void => {
  rounds.set(
    feed,
    times.map((updatedAt) => ({ answer: 1n, startedAt: updatedAt, updatedAt })),
  )
}

const resting: RestingFeed = {
  feed: FEED,
  description: 'ETH / USD',
  assets: [{ asset: pad('0xaa', { size: 20 }), symbol: 'WETH' }],
  owners: [OWNER],
}

const watchOf = (settings: readonly HeartbeatSetting[] = [], toldStale: readonly Address[] = []) => {
  let feeds: readonly RestingFeed[] = [resting]
  const watch = createOracleAge({ read, feeds: () => feeds, settings, toldStale })
  return {
    at: async (timestamp: number) => {
      await watch.look(blockAt(timestamp))
      return watch.checks()
    },
    ...watch,
    drop: () => {
      feeds = []
    },
  }
}

test('a feed is stale once it is silent for longer than its heartbeat, and well once it speaks', async () => {
  const { at } = watchOf()
  spoke(FEED, [NOW])
  expect(await at(NOW + 25 * HOUR)).toMatchObject([
    { name: 'OracleStale', subject: `feed:${FEED}`, isMet: false },
  ])
  expect(await at(NOW + 25 * HOUR + 1)).toMatchObject([
    {
      isMet: true,
      detail: `the price feed ETH / USD (${FEED}) was last updated 1 d 1 h ago, which is longer than its heartbeat of 1 d 1 h, assumed: it has not been seen for long enough to know better; loans of ${OWNER} rest on it`,
    },
  ])
  spoke(FEED, [NOW, NOW + 26 * HOUR])
  expect(await at(NOW + 26 * HOUR + 60)).toMatchObject([{ isMet: false }])
})

test('earlier rounds are read once, and tell how often it speaks', async () => {
  const { at } = watchOf()
  spoke(
    FEED,
    Array.from({ length: 20 }, (_, index) => NOW - (19 - index) * 12 * HOUR),
  )
  expect(await at(NOW + 18 * HOUR + 1)).toMatchObject([
    { isMet: true, detail: expect.stringContaining('heartbeat of 18 h, learnt') },
  ])
  expect(callCount).toBe(20)
  await at(NOW + 18 * HOUR + 60)
  expect(callCount).toBe(21)
})

test('a configured heartbeat holds', async () => {
  const { at } = watchOf([{ asset: 'WETH', heartbeatSeconds: HOUR }])
  spoke(FEED, [NOW])
  expect(await at(NOW + HOUR + 1)).toMatchObject([
    { isMet: true, detail: expect.stringContaining('1 h, as configured') },
  ])
})

test.each([
  ['does not answer', () => undefined],
  ['tells no time', () => spoke(FEED, [0])],
  ['tells a time to come', () => spoke(FEED, [NOW + 10 * DAY])],
])('a feed that %s is not called stale', async (_what, cause) => {
  cause()
  expect(await watchOf().at(NOW + 2 * DAY)).toEqual([])
})

test('what was not read is not known', async () => {
  const { at, look, checks } = watchOf()
  spoke(FEED, [NOW])
  expect(await at(NOW + 2 * DAY)).toMatchObject([{ isMet: true }])
  isDown = true
  await expect(look(blockAt(NOW + 3 * DAY))).rejects.toThrow('nobody answers')
  expect(checks()).toEqual([])
})

test('a feed that no watched loan rests on any more is no matter, also after a restart', async () => {
  const gone = { subject: `feed:${FEED}`, isMet: false, detail: expect.stringContaining('no watched loan') }
  const { at, drop } = watchOf()
  spoke(FEED, [NOW])
  await at(NOW + 2 * DAY)
  drop()
  expect(await at(NOW + 2 * DAY)).toMatchObject([gone])
  const restarted = watchOf([], [feedOfSubject(`1:feed:${FEED}`) ?? OWNER])
  restarted.drop()
  expect(await restarted.at(NOW + 2 * DAY)).toMatchObject([gone])
  expect(feedOfSubject('1:watcher')).toBeUndefined()
})

test.each([
  ['up for long', { answer: 0n, startedAt: NOW - DAY }, [{ isMet: false }]],
  [
    'down',
    { answer: 1n, startedAt: NOW - 120 },
    [{ isMet: true, detail: expect.stringContaining('down for 2 min') }],
  ],
  [
    'up again',
    { answer: 0n, startedAt: NOW - 120 },
    [{ isMet: true, detail: expect.stringContaining('up again') }],
  ],
  ['without a first word', { answer: 0n, startedAt: 0 }, []],
  ['saying something else', { answer: 7n, startedAt: NOW - DAY }, []],
])('a sequencer that is %s', async (_what, round, expected) => {
  rounds.set(FEED, [{ ...round, updatedAt: round.startedAt }])
  const watch = createSequencerWatch(read, { feed: FEED, graceSeconds: HOUR })
  await watch.look(blockAt(NOW))
  expect(watch.checks()).toMatchObject(expected)
})
