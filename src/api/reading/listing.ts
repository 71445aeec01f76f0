// Pages of loans in the order that was asked for.
import { z } from 'zod'
import type { DaemonChain } from '../../app/face.ts'
import type { Assessment } from '../../model/assessment.ts'
import { index } from '../schemas/query.ts'
import type { Tools } from '../tools.ts'
import { type AsOf, asOf } from './chains.ts'
import { centsOf, type LoanFilter } from './filters.ts'
import type { Assessed, HealthIndex } from './health-index.ts'
import { comparePlaces, type Place, placeOf } from './order.ts'
import { type Pause, steadily } from './steady.ts'
import { assessEntries, collect, tooMuchWork, walk } from './walk.ts'

export const SORTS = ['health', 'debtUsd', 'collateralUsd'] as const
export type Sort = (typeof SORTS)[number]

const digits = z.string().regex(/^-?\d{1,80}$/)

/** Where a page ended: its order, the cents that it is ordered by, and the place in the order of healths. */
export const pagePlace = z.tuple([z.enum(SORTS), digits.nullable(), digits, z.boolean(), index, index])
export type PagePlace = z.output<typeof pagePlace>

export type ListingOptions = {
  readonly chains: readonly DaemonChain[]
  readonly filter: LoanFilter
  readonly minHealth: bigint | undefined
  readonly maxHealth: bigint | undefined
  readonly sort: Sort
  readonly after: PagePlace | undefined
  readonly limit: number
}

export type Listing = AsOf & {
  readonly assessments: readonly Assessment[]
  readonly next: PagePlace | undefined
}

/** Up to so many, all are assessed and put in order; beyond, the order of healths is walked. */
const ALL_MAX = 1_024

const centsBy = (sort: Sort, { assessment }: Assessed): bigint | null => {
  if (sort === 'health' || assessment.kind !== 'assessed') return null
  return centsOf(sort === 'debtUsd' ? assessment.usd?.debt : assessment.usd?.collateral) ?? null
}

type Ranked = { readonly cents: bigint | null; readonly place: Place }

/** Most US dollars first, those that are not known last, then by health. */
const compareRanked = (a: Ranked, b: Ranked): number => {
  if (a.cents !== b.cents) {
    if (a.cents === null || b.cents === null) return a.cents === null ? 1 : -1
    return a.cents > b.cents ? -1 : 1
  }
  return comparePlaces(a.place, b.place)
}

const textOf = (sort: Sort, { cents, place }: Ranked): PagePlace => [
  sort,
  cents === null ? null : String(cents),
  String(place.health),
  place.isDebtless,
  place.deployment,
  place.slot,
]

const rankedOf = ([, cents, health, isDebtless, deployment, slot]: PagePlace): Ranked => ({
  cents: cents === null ? null : BigInt(cents),
  place: { health: BigInt(health), isDebtless, deployment, slot },
})

const isInRange = ({ assessment }: Assessed, { minHealth, maxHealth }: ListingOptions): boolean =>
  assessment.kind !== 'assessed' ||
  ((minHealth === undefined || assessment.healthFactor >= minHealth) &&
    (maxHealth === undefined || assessment.healthFactor <= maxHealth))

type Page = Pick<Listing, 'assessments' | 'next'>

/** All of them assessed, in order. */
const wholePage = (assessed: readonly Assessed[], options: ListingOptions): Page => {
  const { sort, after, limit, filter } = options
  const behind = after && rankedOf(after)
  const rows = assessed
    .filter((one) => isInRange(one, options) && filter.keep(one.assessment))
    .map((one) => ({ assessment: one.assessment, cents: centsBy(sort, one), place: placeOf(one) }))
    .filter((one) => !behind || compareRanked(one, behind) > 0)
    .sort(compareRanked)
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return {
    assessments: shown.map(({ assessment }) => assessment),
    next: last && rows.length > limit ? textOf(sort, last) : undefined,
  }
}

const pageOf = async (
  indexes: readonly HealthIndex[],
  options: ListingOptions,
  assessmentsMax: number,
  pause: Pause,
): Promise<Page> => {
  const { filter, sort, after, limit, minHealth, maxHealth } = options
  const allMax = sort === 'health' ? Math.min(ALL_MAX, assessmentsMax) : assessmentsMax
  const entries = await collect(indexes, filter.isWanted, allMax, pause)
  if (entries) return wholePage(await assessEntries(entries, pause), options)
  if (sort !== 'health') throw tooMuchWork(assessmentsMax)
  const { found, end, isLast } = await walk(
    indexes,
    {
      isWanted: filter.isWanted,
      keep: ({ assessment }) => filter.keep(assessment),
      ...{ minHealth, maxHealth, limit, assessmentsMax },
      after: after && rankedOf(after).place,
    },
    pause,
  )
  return {
    assessments: found.map(({ assessment }) => assessment),
    next: end && !isLast ? textOf(sort, { cents: null, place: end }) : undefined,
  }
}

/** One page, all of it of the blocks that it names. Throws `ProblemError` where it would take too much work. */
export const listLoans = (tools: Tools, options: ListingOptions): Promise<Listing> => {
  const { chains, server, daemon } = tools
  return steadily(
    () => chains.bookVersionOf(options.chains),
    async (pause) => {
      const indexes = await chains.indexes(options.chains)
      await pause()
      const page = await pageOf(indexes, options, server.assessmentsPerRequestMax, pause)
      return { ...asOf(options.chains, daemon.nowMs()), ...page }
    },
  )
}
