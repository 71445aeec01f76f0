// Whether the feeds that watched loans rest on still speak as often as they are used to.
import { type Address, encodeFunctionData } from 'viem'
import { aggregatorAbi } from '../../abis/aggregator.ts'
import type { Chain } from '../chain/chain.ts'
import type { BlockRef } from '../model/block.ts'
import type { ContractCall } from '../model/evm.ts'
import { answerOf } from '../protocols/answers.ts'
import { formatDuration } from '../units/duration.ts'
import { type LatestRound, latestRounds, ROUND_GAS_MAX } from './feed-rounds.ts'
import { configuredFor, type Heard, type HeartbeatSetting, hear, heartbeatOf } from './heartbeats.ts'
import type { SelfCheck } from './judge.ts'
import type { Lookout } from './lookout.ts'
import type { RestingFeed } from './resting-feeds.ts'

/** Earlier rounds that are read of a feed that is new, and of how many feeds at once. */
const PAST_ROUNDS = 48
const NEW_FEEDS_MAX = 20

const PHASE_SHIFT = 64n
const OWNERS_NAMED = 3

export type OracleAgeOptions = {
  /** Performs calls at a block. */
  readonly read: Chain['read']
  /** Feeds that watched loans rest on now. */
  feeds(): readonly RestingFeed[]
  readonly settings: readonly HeartbeatSetting[]
  /** Feeds of which an alert says that they are stale. */
  readonly toldStale: readonly Address[]
}

const subjectOf = (feed: Address): string => `feed:${feed}`

/** The feed in the subject of an alert about one, `chainId:feed:address`. */
export const feedOfSubject = (subject: string): Address | undefined => {
  const [, kind, feed] = subject.split(':')
  return kind === 'feed' && feed ? (feed as Address) : undefined
}

/** Reads of the rounds before one, newest last; a new phase of a proxy begins at 1 again. */
const pastCalls = (to: Address, roundId: bigint): readonly ContractCall[] => {
  const phase = (roundId >> PHASE_SHIFT) << PHASE_SHIFT
  const round = Number(roundId - phase)
  const count = Math.max(0, Math.min(PAST_ROUNDS, round - 1))
  return Array.from({ length: count }, (_, index) => ({
    ...{ to, gasMax: ROUND_GAS_MAX },
    data: encodeFunctionData({
      abi: aggregatorAbi,
      functionName: 'getRoundData',
      args: [phase + BigInt(round - count + index)],
    }),
  }))
}

type Latest = LatestRound & { readonly resting: RestingFeed }

const latestOf = async (
  read: Chain['read'],
  block: BlockRef,
  resting: readonly RestingFeed[],
): Promise<readonly Latest[]> => {
  const feeds = resting.map(({ feed }) => feed)
  const rounds = await latestRounds(async (at, calls) => (await read(at, calls)).results, block, feeds)
  return resting.flatMap((one) => {
    const round = rounds.get(one.feed)
    return round ? [{ resting: one, ...round }] : []
  })
}

const namedOwners = (owners: readonly Address[]): string => {
  const more = owners.length - OWNERS_NAMED
  return `${owners.slice(0, OWNERS_NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

/** Watches the feeds of watched loans. A feed that tells no time, or was not read, says nothing. */
export const createOracleAge = ({ read, feeds, settings, toldStale }: OracleAgeOptions): Lookout => {
  const heard = new Map<Address, Heard>()
  const told = new Set<Address>(toldStale)
  let checks: readonly SelfCheck[] = []

  const hearPast = async (block: BlockRef, latest: readonly Latest[]): Promise<void> => {
    const fresh = latest.filter(({ resting }) => !heard.has(resting.feed)).slice(0, NEW_FEEDS_MAX)
    const calls = fresh.map(({ resting, roundId }) => pastCalls(resting.feed, roundId))
    if (calls.every(({ length }) => length === 0)) return
    const { results } = await read(block, calls.flat())
    let offset = 0
    for (const [index, { resting }] of fresh.entries()) {
      const own = results.slice(offset, offset + (calls[index]?.length ?? 0))
      offset += own.length
      for (const result of own) {
        const answer = answerOf(aggregatorAbi, 'getRoundData', result)
        const updatedAt = answer.ok ? Number(answer.value[3]) : 0
        if (updatedAt > 0) heard.set(resting.feed, hear(heard.get(resting.feed), updatedAt))
      }
    }
  }

  const checkOf = ({ resting, updatedAt }: Latest, { timestamp }: BlockRef): SelfCheck => {
    const { feed, description, assets, owners } = resting
    const known = hear(heard.get(feed), updatedAt)
    heard.set(feed, known)
    const heartbeat = heartbeatOf(known, configuredFor(settings, feed, assets))
    const isMet = timestamp - updatedAt > heartbeat.seconds
    if (isMet) told.add(feed)
    const name = `${description ?? assets.map(({ symbol }) => symbol).join(', ')} (${feed})`
    const silence = formatDuration(timestamp - updatedAt)
    return {
      ...{ name: 'OracleStale', subject: subjectOf(feed), isMet },
      detail: isMet
        ? `the price feed ${name} was last updated ${silence} ago, which is longer than its heartbeat of ${heartbeat.text}; loans of ${namedOwners(owners)} rest on it`
        : `the price feed ${name} was updated ${silence} ago`,
    }
  }

  return {
    look: async (block) => {
      checks = []
      const resting = feeds()
      const latest = await latestOf(read, block, resting)
      await hearPast(block, latest)
      const left = [...told].filter((feed) => !resting.some((one) => one.feed === feed))
      checks = [
        ...latest.map((one) => checkOf(one, block)),
        ...left.map(
          (feed): SelfCheck => ({
            ...{ name: 'OracleStale', subject: subjectOf(feed), isMet: false },
            detail: `no watched loan rests on the price feed ${feed} any more`,
          }),
        ),
      ]
    },
    checks: () => checks,
  }
}
