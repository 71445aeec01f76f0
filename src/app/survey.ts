// A look at every loan of a book: whether all are known, and how they are spread over health.
import type { Assessment } from '../model/assessment.ts'
import type { BlockRef } from '../model/block.ts'
import type { Coverage } from '../model/coverage.ts'
import { formatMarketId } from '../model/ids.ts'
import type { Market } from '../model/market.ts'
import { type Distribution, distributionOf } from '../risk/distribution.ts'
import type { StoredAssessments } from './stored.ts'

/** One market: `coverage` holds the debt of known loans against the totals that its contracts tell. */
export type MarketSurvey = {
  readonly id: string
  readonly positionCount: number
  readonly coverage: readonly Coverage[]
  readonly distribution: Distribution
}

/** All markets of one chain at the block at which its book was committed. */
export type ChainSurvey = { readonly block: BlockRef; readonly markets: readonly MarketSurvey[] }

const grouped = <T>(rows: Iterable<T>, nameOf: (row: T) => string): ReadonlyMap<string, readonly T[]> => {
  const groups = new Map<string, T[]>()
  for (const row of rows) {
    const name = nameOf(row)
    const group = groups.get(name)
    if (group) group.push(row)
    else groups.set(name, [row])
  }
  return groups
}

/** Assesses every loan of a chain exactly. */
export const surveyOf = ({
  block,
  markets,
  ...chain
}: Pick<
  StoredAssessments,
  'block' | 'markets' | 'coverage' | 'positionCounts' | 'assessments'
>): ChainSurvey => {
  const counts = chain.positionCounts()
  const coverage = grouped(chain.coverage(), ({ market }) => market)
  const assessments = grouped(chain.assessments(), (one: Assessment) => formatMarketId(one))
  const ofMarket = (market: Market): MarketSurvey => {
    const id = formatMarketId(market.id)
    return {
      ...{ id, positionCount: counts.get(id) ?? 0, coverage: coverage.get(id) ?? [] },
      distribution: distributionOf(assessments.get(id) ?? []),
    }
  }
  return { block, markets: markets.map(ofMarket) }
}
