// Loans that can be liquidated or are about to be, as a ranked list.
import { setImmediate } from 'node:timers/promises'
import { z } from 'zod'
import type { DaemonChain } from '../../app/face.ts'
import type { BlockRef } from '../../model/block.ts'
import type { Position } from '../../model/market.ts'
import type { Assessable } from '../../monitor/assessing.ts'
import { auctionsAmong } from '../../monitor/auctions.ts'
import {
  basisOf,
  byReward,
  type Candidate,
  candidatesAmong,
  type Prospect,
} from '../../monitor/candidates.ts'
import { baseFeesOf } from '../../store/views.ts'
import { WAD } from '../../units/brands.ts'
import { positionId } from '../schemas/query.ts'
import type { Tools } from '../tools.ts'
import { type AsOf, asOf } from './chains.ts'
import { centsOf, type LoanFilter } from './filters.ts'
import type { Assessed, HealthIndex } from './health-index.ts'
import { isCertainlyAbove } from './order.ts'
import { type Pause, steadily } from './steady.ts'
import { assessEntries, collect, tooMuchWork } from './walk.ts'

const digits = z.string().regex(/^-?\d{1,80}$/)

/** Where a page ended: US cents of the incentive, health, position. */
export const candidatePlace = z.tuple([digits.nullable(), digits, positionId])
export type CandidatePlace = z.output<typeof candidatePlace>

export type CandidateOptions = {
  readonly chains: readonly DaemonChain[]
  /** What is asked for, in words: the same words ask for the same list. */
  readonly question: string
  readonly filter: LoanFilter
  readonly minHealth: bigint | undefined
  readonly maxHealth: bigint
  /** US cents; leaves out those whose incentive is not known. */
  readonly minIncentiveUsd: bigint | undefined
  readonly executable: boolean | undefined
  readonly after: CandidatePlace | undefined
  readonly limit: number
}

export type CandidateListing = AsOf & {
  readonly candidates: readonly Candidate[]
  readonly next: CandidatePlace | undefined
  readonly auctions: ReturnType<typeof auctionsAmong>
  readonly unassessableCount: number
  /** Loans that come into question and were not looked at: too many do, and these owe least. */
  readonly leftOutCount: number
}

/** Entries that may be at or below a health, or become so in a way that the screen does not see. */
const nearEntries = async (
  indexes: readonly HealthIndex[],
  { filter, maxHealth }: CandidateOptions,
  assessmentsMax: number,
  pause: Pause,
) => {
  const most = maxHealth > WAD ? maxHealth : WAD
  const entries = await collect(
    indexes,
    (entry) =>
      (entry.part.tracked.adapter.screen.foresees || !isCertainlyAbove(entry, most)) &&
      filter.isWanted(entry),
    assessmentsMax,
    pause,
  )
  if (!entries) throw tooMuchWork(assessmentsMax)
  return entries
}

type Frozen = {
  readonly deployments: readonly Assessable[]
  readonly baseFeeWei: bigint | null
  readonly block: BlockRef
}

/** A copy of what some assessed positions of a chain rest on: what is worked out of them later is of this block too. */
const frozen = (
  { block, parts }: HealthIndex,
  chosen: readonly Assessed[],
  baseFeeWei: bigint | null,
): Frozen => {
  const deployments = parts.map((part): Assessable => {
    const { adapter, mirror } = part.tracked
    const { deployment, markets, prices, tallies } = mirror
    const positions = new Map<string, Position>()
    for (const { at } of chosen.filter((one) => one.part === part)) {
      const slot = part.slots[at] as number
      const [key, position] = [mirror.positions.keyOf(slot), mirror.positions.at(slot)]
      if (key !== undefined && position) positions.set(key, position)
    }
    const copies = { markets: new Map(markets), prices: new Map(prices), tallies: new Map(tallies) }
    return { adapter, mirror: { deployment, positions, ...copies } }
  })
  return { deployments, baseFeeWei, block }
}

const compareProspects = (a: Prospect, b: Prospect): number =>
  byReward(a, b) || (a.position.id < b.position.id ? -1 : a.position.id > b.position.id ? 1 : 0)

const placeOf = ({ incentiveUsd, position }: Prospect): CandidatePlace => [
  incentiveUsd === null ? null : String(centsOf(incentiveUsd)),
  String(position.healthFactor),
  position.id,
]

const isBehind = (prospect: Prospect, [cents, health, id]: CandidatePlace): boolean => {
  const own = centsOf(prospect.incentiveUsd ?? undefined) ?? null
  const last = cents === null ? null : BigInt(cents)
  if (own !== last) return own === null || (last !== null && own < last)
  const { healthFactor } = prospect.position
  if (healthFactor !== BigInt(health)) return healthFactor > BigInt(health)
  return prospect.position.id > id
}

const isKept = (
  { position, incentiveUsd }: Prospect,
  { minIncentiveUsd, executable }: CandidateOptions,
): boolean => {
  const cents = centsOf(incentiveUsd ?? undefined)
  return (
    (executable === undefined || position.isExecutable === executable) &&
    (minIncentiveUsd === undefined || (cents !== undefined && cents >= minIncentiveUsd))
  )
}

/** Of so many that every way to liquidate them would take too long to work out, those that owe most in US dollars. */
const largest = (assessed: readonly Assessed[], max: number): readonly Assessed[] => {
  if (assessed.length <= max) return assessed
  const debtOf = ({ assessment }: Assessed): bigint =>
    (assessment.kind === 'assessed' && centsOf(assessment.usd?.debt)) || -1n
  const inOrder = assessed.map((one) => ({ one, debt: debtOf(one) }))
  inOrder.sort((a, b) => (a.debt < b.debt ? 1 : a.debt > b.debt ? -1 : 0))
  return inOrder.slice(0, max).map(({ one }) => one)
}

type Near = AsOf &
  Pick<CandidateListing, 'auctions' | 'unassessableCount' | 'leftOutCount'> & {
    readonly chosen: readonly Assessed[]
    readonly frozen: readonly Frozen[]
  }

/** Loans that come into question at one version of the book. */
const near = async (tools: Tools, options: CandidateOptions, pause: Pause): Promise<Near> => {
  const { chains, server, daemon, database } = tools
  const { filter, minHealth, maxHealth } = options
  const indexes = await chains.indexes(options.chains)
  await pause()
  const entries = await nearEntries(indexes, options, server.assessmentsPerRequestMax, pause)
  const assessed = await assessEntries(entries, pause)
  const wanted = assessed.filter(
    ({ assessment }) =>
      assessment.kind === 'assessed' &&
      basisOf(assessment, maxHealth) !== undefined &&
      (minHealth === undefined || assessment.healthFactor >= minHealth) &&
      filter.keep(assessment),
  )
  const chosen = largest(wanted, server.candidatesPerRequestMax)
  const fees = baseFeesOf(database)
  const auctions = indexes.map(({ block, parts }) =>
    auctionsAmong(
      parts.map(({ tracked }) => tracked),
      block,
    ),
  )
  return {
    ...asOf(options.chains, daemon.nowMs()),
    chosen,
    frozen: indexes.map((index) => frozen(index, chosen, fees.get(index.block.chainId) ?? null)),
    auctions: {
      candidates: auctions.flatMap((one) => one.candidates),
      failures: auctions.flatMap((one) => one.failures),
    },
    unassessableCount: assessed.filter(({ assessment }) => assessment.kind === 'unassessable').length,
    leftOutCount: wanted.length - chosen.length,
  }
}

type Ranked = Omit<CandidateListing, 'candidates' | 'next'> & { readonly prospects: readonly Prospect[] }

/** Ways to liquidate are worked out of so many loans between two pauses. */
const RANKED_AT_ONCE = 4

const ranked = async (tools: Tools, options: CandidateOptions): Promise<Ranked> => {
  const {
    chosen,
    frozen: copies,
    ...rest
  } = await steadily(
    () => tools.chains.versionOf(options.chains),
    (pause) => near(tools, options, pause),
  )
  const prospects: Prospect[] = []
  for (const { deployments, baseFeeWei, block } of copies) {
    const own = chosen.map(({ assessment }) => assessment).filter(({ chainId }) => chainId === block.chainId)
    for (let from = 0; from < own.length; from += RANKED_AT_ONCE) {
      const some = own.slice(from, from + RANKED_AT_ONCE)
      prospects.push(...candidatesAmong(deployments, block, some, options.maxHealth, baseFeeWei))
      await setImmediate()
    }
  }
  return { ...rest, prospects: prospects.filter((one) => isKept(one, options)).sort(compareProspects) }
}

export type Rankings = (tools: Tools, options: CandidateOptions) => Promise<Ranked>

/** Lists that are remembered at once. */
const KNOWN_MAX = 16

/** Ranks once for each question and version of the book, however many ask. */
export const createRankings = (): Rankings => {
  const known = new Map<string, { readonly version: string; readonly ranked: Promise<Ranked> }>()
  return (tools, options) => {
    const version = tools.chains.versionOf(options.chains)
    const before = known.get(options.question)
    if (before?.version === version) return before.ranked
    const now = ranked(tools, options)
    now.catch(() => known.delete(options.question))
    known.delete(options.question)
    known.set(options.question, { version, ranked: now })
    const [oldest] = known.keys()
    if (known.size > KNOWN_MAX && oldest !== undefined) known.delete(oldest)
    return now
  }
}

/** One page, most rewarding first, all of it of the blocks that it names. Throws `ProblemError` where it would take too much work. */
export const listCandidates = async (tools: Tools, options: CandidateOptions): Promise<CandidateListing> => {
  const { after, limit } = options
  const { prospects, ...rest } = await tools.rankings(tools, options)
  const rows = after ? prospects.filter((one) => isBehind(one, after)) : prospects
  const shown = rows.slice(0, limit)
  const candidates: Candidate[] = []
  for (const one of shown) {
    candidates.push(one.candidate())
    await setImmediate()
  }
  const last = shown.at(-1)
  return { ...rest, candidates, next: last && rows.length > limit ? placeOf(last) : undefined }
}
