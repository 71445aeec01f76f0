// Assessments from the store: the same assess as the watcher's, at the block of the stored state.
import type { Assessment } from '../model/assessment.ts'
import type { BlockRef } from '../model/block.ts'
import type { Coverage } from '../model/coverage.ts'
import { formatDeploymentId } from '../model/ids.ts'
import type { Market } from '../model/market.ts'
import { assessEach } from '../monitor/assessing.ts'
import { auctionsAmong } from '../monitor/auctions.ts'
import { candidatesAmong, type Prospect } from '../monitor/candidates.ts'
import { rank } from '../monitor/ranking.ts'
import { type RedemptionPreview, redemptionsAmong } from '../monitor/redemptions.ts'
import { registry } from '../protocols/registry.ts'
import { isDiscovering, type Tracked } from '../store/book.ts'
import type { Database } from '../store/database.ts'
import { storedChains } from '../store/views.ts'

/** Prospects in no order, and how many positions could not be assessed. */
export type StoredCandidates = {
  readonly candidates: readonly Prospect[]
  readonly unassessableCount: number
}

/** One chain of the store: its block, markets, health of its positions, and whether the book is complete. */
export type StoredAssessments = {
  readonly block: BlockRef
  /** Candidates up to a health factor (wad). */
  candidates(maxHealth: bigint): StoredCandidates
  auctions(): ReturnType<typeof auctionsAmong>
  /** What redeeming an amount now would take from whom, of each deployment whose debts can be redeemed. */
  redemptions(amount: bigint): readonly RedemptionPreview[]
  readonly markets: readonly Market[]
  /** Positions by market, see `formatMarketId`. */
  positionCounts(): ReadonlyMap<string, number>
  /** What cannot be assessed, then by health, worst first: so many of them. */
  worst(limit: number): readonly Assessment[]
  /** Every position, assessed as it is asked for. */
  assessments(): Iterable<Assessment>
  /** What proves that the book is complete; looks at every position. */
  coverage(): readonly Coverage[]
  readonly isComplete: boolean
}

const countsOf = (tracked: readonly Tracked[]): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>()
  for (const { mirror } of tracked) {
    const deployment = formatDeploymentId(mirror.deployment)
    for (const key of mirror.positions.keys()) {
      const market = `${deployment}:${key.slice(0, key.indexOf(':'))}`
      counts.set(market, (counts.get(market) ?? 0) + 1)
    }
  }
  return counts
}

/** Everything in the store, each chain at its own block; positions are assessed as far as they are asked for. */
export const assessStored = (database: Database): readonly StoredAssessments[] =>
  storedChains(database, registry).map(({ book: { tracked }, block, baseFeeWei }) => ({
    block,
    candidates: (maxHealth) => {
      const { assessments, unassessableCount } = rank(tracked, block).upTo(maxHealth)
      return {
        candidates: candidatesAmong(tracked, block, assessments, maxHealth, baseFeeWei),
        unassessableCount,
      }
    },
    auctions: () => auctionsAmong(tracked, block),
    redemptions: (amount) => redemptionsAmong(tracked, block, amount),
    markets: tracked.flatMap(({ mirror }) => [...mirror.markets.values()]),
    positionCounts: () => countsOf(tracked),
    worst: (limit) => rank(tracked, block).worst(limit),
    assessments: () => assessEach(tracked, block),
    coverage: () => tracked.flatMap(({ adapter, mirror }) => adapter.coverage(mirror, block)),
    isComplete: tracked.every((one) => !isDiscovering(one) && one.pending.size === 0),
  }))
