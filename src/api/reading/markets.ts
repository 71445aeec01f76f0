// Followed markets as the book has them, and what takes a look at all their loans.
import { distributionJson } from '../../app/distribution-json.ts'
import type { Assessment } from '../../model/assessment.ts'
import type { Coverage } from '../../model/coverage.ts'
import { formatMarketId } from '../../model/ids.ts'
import type { Market } from '../../model/market.ts'
import { distributionOf } from '../../risk/distribution.ts'
import { namesOf } from '../schemas/query.ts'
import type { Tools } from '../tools.ts'
import { type HealthIndex, marketIdOf, type Part } from './health-index.ts'
import type { Pause } from './steady.ts'
import { assessEntries, collect, tooMuchWork } from './walk.ts'

export type Included = 'coverage' | 'distribution'

/** What looks at every loan of the markets that are told. */
export const include = namesOf<Included>(['coverage', 'distribution'])
  .optional()
  .describe('coverage, distribution or both: these look at every loan of the markets')

/** A market of one version of the book, and how many loans it has. */
export type MarketRow = {
  readonly index: HealthIndex
  readonly part: Part
  readonly market: Market
  readonly id: string
  readonly count: number
}

/** Every market of some chains. */
export const marketRows = (indexes: readonly HealthIndex[]): readonly MarketRow[] =>
  indexes.flatMap((index) =>
    index.parts.flatMap((part) => {
      const counts = new Map(part.marketNames.map((own, at) => [own, part.marketCounts[at] ?? 0]))
      return [...part.tracked.mirror.markets].map(
        ([own, market]): MarketRow => ({
          ...{ index, part, market },
          ...{ id: formatMarketId(market.id), count: counts.get(own) ?? 0 },
        }),
      )
    }),
  )

/** What proves that books are complete, of the blocks of some markets; none where the store has gone on: then `pause` begins anew. */
const coverageOf = async (
  tools: Tools,
  rows: readonly MarketRow[],
  pause: Pause,
): Promise<readonly Coverage[]> => {
  const blocks = new Set(rows.map(({ index }) => index.block.hash))
  const found = await tools.coverages.of(tools.chains.bookVersionOf(tools.daemon.chains))
  await pause()
  return found.filter(({ block }) => blocks.has(block.hash)).flatMap(({ coverage }) => coverage)
}

const assessmentsOf = async (
  rows: readonly MarketRow[],
  assessmentsMax: number,
  pause: Pause,
): Promise<ReadonlyMap<string, readonly Assessment[]>> => {
  const wanted = new Set(rows.map(({ id }) => id))
  const indexes = [...new Set(rows.map(({ index }) => index))]
  const entries = await collect(indexes, (entry) => wanted.has(marketIdOf(entry)), assessmentsMax, pause)
  if (!entries) throw tooMuchWork(assessmentsMax)
  const groups = new Map<string, Assessment[]>()
  for (const { assessment } of await assessEntries(entries, pause)) {
    const id = formatMarketId(assessment)
    const group = groups.get(id)
    if (group) group.push(assessment)
    else groups.set(id, [assessment])
  }
  return groups
}

/** Markets as they are told. Throws `ProblemError` where `included` would take too much work. */
export const marketsJson = async (
  tools: Tools,
  rows: readonly MarketRow[],
  included: ReadonlySet<Included>,
  pause: Pause,
) => {
  const coverage = included.has('coverage') ? await coverageOf(tools, rows, pause) : undefined
  const assessments = included.has('distribution')
    ? await assessmentsOf(rows, tools.server.assessmentsPerRequestMax, pause)
    : undefined
  return rows.map(({ index, market: one, id, count }) => ({
    ...one.id,
    ...{ label: one.label, quote: one.quote, revision: one.revision, revisionRaw: one.revisionRaw },
    ...{ fidelity: one.fidelity, ...(one.fault ? { fault: one.fault } : {}), block: index.block },
    positionCount: count,
    ...(coverage ? { coverage: coverage.filter((row) => row.market === id) } : {}),
    ...(assessments ? { distribution: distributionJson(distributionOf(assessments.get(id) ?? [])) } : {}),
  }))
}
