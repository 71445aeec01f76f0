// Followed markets as the book has them, and what a survey found of them.
import { distributionJson } from '../../app/distribution-json.ts'
import type { MarketSurvey } from '../../app/survey.ts'
import type { BlockRef } from '../../model/block.ts'
import { formatMarketId } from '../../model/ids.ts'
import type { Market } from '../../model/market.ts'
import { namesOf } from '../schemas/query.ts'
import type { Tools } from '../tools.ts'
import type { HealthIndex, Part } from './health-index.ts'

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

/** What was found of each market, by id, and at which block. */
export type Surveyed = ReadonlyMap<string, MarketSurvey & { readonly block: BlockRef }>

/** A look at every loan, where one is asked for. */
export const surveyed = async (
  { surveys }: Pick<Tools, 'surveys'>,
  included: ReadonlySet<Included>,
): Promise<Surveyed> => {
  if (included.size === 0) return new Map()
  const chains = await surveys.latest()
  return new Map(
    chains.flatMap(({ block, markets }) => markets.map((one) => [one.id, { ...one, block }] as const)),
  )
}

/** Markets as they are told. */
export const marketsJson = (
  rows: readonly MarketRow[],
  included: ReadonlySet<Included>,
  found: Surveyed,
): readonly object[] =>
  rows.map(({ index, market: one, id, count }) => {
    const survey = found.get(id)
    return {
      ...one.id,
      ...{ label: one.label, quote: one.quote, revision: one.revision, revisionRaw: one.revisionRaw },
      ...{ fidelity: one.fidelity, ...(one.fault ? { fault: one.fault } : {}), block: index.block },
      positionCount: count,
      ...(survey ? { surveyBlock: survey.block } : {}),
      ...(survey && included.has('coverage') ? { coverage: survey.coverage } : {}),
      ...(survey && included.has('distribution')
        ? { distribution: distributionJson(survey.distribution) }
        : {}),
    }
  })
