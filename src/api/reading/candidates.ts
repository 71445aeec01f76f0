// Loans that can be liquidated or are about to be, as a ranked list.
import { setImmediate } from 'node:timers/promises'
import { z } from 'zod'
import type { DaemonChain } from '../../app/face.ts'
import type { Position } from '../../model/market.ts'
import { auctionsAmong } from '../../monitor/auctions.ts'
import { byReward, type Candidate, candidatesAmong, type Prospect } from '../../monitor/candidates.ts'
import { baseFeesOf } from '../../store/views.ts'
import { WAD } from '../../units/brands.ts'
import { positionId } from '../schemas/query.ts'
import type { Tools } from '../tools.ts'
import { type AsOf, asOf } from './chains.ts'
import { centsOf, type LoanFilter } from './filters.ts'
import type { Assessed, HealthIndex } from './health-index.ts'
import { isCertainlyAbove } from './order.ts'
import { ASSESSED_AT_ONCE, type Pause, steadily } from './steady.ts'
import { assessEntries, collect, tooMuchWork } from './walk.ts'

const digits = z.string().regex(/^-?\d{1,80}$/)

/** Where a page ended: US cents of the incentive, health, position. */
export const candidatePlace = z.tuple([digits.nullable(), digits, positionId])
export type CandidatePlace = z.output<typeof candidatePlace>

export type CandidateOptions = {
  readonly chains: readonly DaemonChain[]
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

/** Some assessed positions as prospects, over a copy of what they rest on: what is worked out of them later is of this block too. */
const prospectsOf = (
  { block, parts }: HealthIndex,
  assessed: readonly Assessed[],
  maxHealth: bigint,
  baseFeeWei: bigint | null,
): readonly Prospect[] => {
  const deployments = parts.map(({ tracked: { adapter, mirror } }) => {
    const { deployment, markets, prices, tallies } = mirror
    return {
      adapter,
      mirror: {
        deployment,
        positions: new Map<string, Position>(),
        ...{ markets: new Map(markets), prices: new Map(prices), tallies: new Map(tallies) },
      },
    }
  })
  for (const { part, at } of assessed) {
    const { positions } = part.tracked.mirror
    const slot = part.slots[at] as number
    const [key, position] = [positions.keyOf(slot), positions.at(slot)]
    if (key !== undefined && position) deployments[parts.indexOf(part)]?.mirror.positions.set(key, position)
  }
  const assessments = assessed.map(({ assessment }) => assessment)
  return candidatesAmong(deployments, block, assessments, maxHealth, baseFeeWei)
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
  prospect: Prospect,
  { filter, minHealth, minIncentiveUsd, executable }: CandidateOptions,
): boolean => {
  const { position, incentiveUsd } = prospect
  const cents = centsOf(incentiveUsd ?? undefined)
  return (
    filter.keep(position) &&
    (minHealth === undefined || position.healthFactor >= minHealth) &&
    (executable === undefined || position.isExecutable === executable) &&
    (minIncentiveUsd === undefined || (cents !== undefined && cents >= minIncentiveUsd))
  )
}

type Gathered = AsOf &
  Pick<CandidateListing, 'auctions' | 'unassessableCount'> & { readonly prospects: readonly Prospect[] }

const gather = async (tools: Tools, options: CandidateOptions, pause: Pause): Promise<Gathered> => {
  const { chains, server, daemon, database } = tools
  const indexes = await chains.indexes(options.chains)
  await pause()
  const entries = await nearEntries(indexes, options, server.assessmentsPerRequestMax, pause)
  const assessed = await assessEntries(entries, pause)
  const fees = baseFeesOf(database)
  const prospects: Prospect[] = []
  for (const index of indexes) {
    const own = assessed.filter(({ part }) => index.parts.includes(part))
    for (let from = 0; from < own.length; from += ASSESSED_AT_ONCE) {
      const some = own.slice(from, from + ASSESSED_AT_ONCE)
      const fee = fees.get(index.block.chainId) ?? null
      prospects.push(...prospectsOf(index, some, options.maxHealth, fee))
      await pause()
    }
  }
  const auctions = indexes.map(({ block, parts }) =>
    auctionsAmong(
      parts.map(({ tracked }) => tracked),
      block,
    ),
  )
  return {
    ...asOf(options.chains, daemon.nowMs()),
    prospects,
    auctions: {
      candidates: auctions.flatMap((one) => one.candidates),
      failures: auctions.flatMap((one) => one.failures),
    },
    unassessableCount: assessed.filter(({ assessment }) => assessment.kind === 'unassessable').length,
  }
}

/** One page, most rewarding first, all of it of the blocks that it names. Throws `ProblemError` where it would take too much work. */
export const listCandidates = async (tools: Tools, options: CandidateOptions): Promise<CandidateListing> => {
  const { after, limit } = options
  const { prospects, ...rest } = await steadily(
    () => tools.chains.versionOf(options.chains),
    (pause) => gather(tools, options, pause),
  )
  const rows = prospects
    .filter((one) => isKept(one, options) && (!after || isBehind(one, after)))
    .sort(compareProspects)
  const shown = rows.slice(0, limit)
  const candidates: Candidate[] = []
  for (const one of shown) {
    candidates.push(one.candidate())
    await setImmediate()
  }
  const last = shown.at(-1)
  return { ...rest, candidates, next: last && rows.length > limit ? placeOf(last) : undefined }
}
