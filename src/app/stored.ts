// Assessments from the store: the same assess as the watcher's, at the block of the stored state.
import type { Assessment } from '../model/assessment.ts'
import type { BlockRef } from '../model/block.ts'
import type { Coverage } from '../model/coverage.ts'
import type { Market } from '../model/market.ts'
import { assessAll } from '../monitor/assessing.ts'
import { auctionsAmong } from '../monitor/auctions.ts'
import { type Candidate, candidatesAmong } from '../monitor/candidates.ts'
import { type RedemptionPreview, redemptionsAmong } from '../monitor/redemptions.ts'
import { registry } from '../protocols/registry.ts'
import { isDiscovering } from '../store/book.ts'
import type { Database } from '../store/database.ts'
import { storedChains } from '../store/views.ts'

/** One chain of the store: its block, markets, health of every position, and whether the book is complete. */
export type StoredAssessments = {
  readonly block: BlockRef
  /** Candidates up to a health factor (wad), in no order. */
  candidates(maxHealth: bigint): readonly Candidate[]
  auctions(): ReturnType<typeof auctionsAmong>
  /** What redeeming an amount now would take from whom, of each deployment whose debts can be redeemed. */
  redemptions(amount: bigint): readonly RedemptionPreview[]
  readonly markets: readonly Market[]
  readonly positions: readonly Assessment[]
  readonly coverage: readonly Coverage[]
  readonly isComplete: boolean
}

/** Assesses everything in the store, each chain at its own block. */
export const assessStored = (database: Database): readonly StoredAssessments[] =>
  storedChains(database, registry).map(({ book: { tracked }, block }) => {
    const positions = assessAll(tracked, block)
    return {
      block,
      candidates: (maxHealth) => candidatesAmong(tracked, block, positions, maxHealth),
      auctions: () => auctionsAmong(tracked, block),
      redemptions: (amount) => redemptionsAmong(tracked, block, amount),
      markets: tracked.flatMap(({ mirror }) => [...mirror.markets.values()]),
      positions,
      coverage: tracked.flatMap(({ adapter, mirror }) => adapter.coverage(mirror, block)),
      isComplete: tracked.every((one) => !isDiscovering(one) && one.pending.size === 0),
    }
  })
