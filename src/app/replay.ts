// Rules over stored history: what would have fired, and how long before each liquidation.
import { createEngine, type Watch } from '../alerts/engine.ts'
import type { AlertRule, Severity } from '../model/alert.ts'
import type { Assessment } from '../model/assessment.ts'
import type { BlockRef } from '../model/block.ts'
import { parsePositionId } from '../model/ids.ts'
import { walkPast } from '../monitor/past-walk.ts'
import { registry } from '../protocols/registry.ts'
import type { Database } from '../store/database.ts'
import { ownerOf, positionIdsOf } from '../store/entries.ts'
import { observedBlocks } from '../store/observed.ts'
import { lowestPositions, snapshotsOf } from '../store/snapshots.ts'
import { liquidationsWithin, storedCursors } from '../store/views.ts'
import { blockBefore, chooseBlocks, longestGap } from './replay-blocks.ts'
import { createEpisodes, type Episode } from './replay-episodes.ts'

/** Loans that book-wide rules are replayed over: those of the lowest health. */
const BOOK_LOANS_MAX = 500

export type ReplayOptions = {
  readonly rules: readonly AlertRule[]
  /** Whose loans; with labels where they have one. */
  readonly watches: readonly Pick<Watch, 'account' | 'label'>[]
  /** Also the whole book, for book-wide rules. */
  readonly isBook: boolean
  /** Seconds of chain time. */
  readonly since: number
  readonly until: number
  readonly everySeconds: number | undefined
  onProgress(chainId: number, done: number, total: number): void
}

/** An alert that was firing before a liquidation. At least so long: where it fired from the first block on, or the time of the liquidation's block is not known. */
export type Warning = {
  readonly rule: string
  readonly severity: Severity
  readonly leadSeconds: number
  readonly leadBlocks: bigint
  readonly isAtLeast: boolean
}

/** A liquidation as it happened. `timestamp` is that of the last observed block up to it, `isTimeExact` where that is its own; missed where nothing was firing before. */
export type ReplayedLiquidation = {
  readonly position: string
  readonly blockNumber: bigint
  readonly timestamp: number
  readonly isTimeExact: boolean
  readonly transactionHash: string
  readonly warnings: readonly Warning[]
  readonly isMissed: boolean
}

/** `before-liquidation`: it was firing when the loan was liquidated; `unknown`: it fired on a loan that could not be assessed. */
export type Outcome = 'before-liquidation' | 'no-liquidation' | 'still-firing' | 'unknown'

export type ReplayedLoan = {
  readonly id: string
  readonly owner: string | undefined
  readonly label: string | undefined
  readonly points: readonly { readonly timestamp: number; readonly healthFactor: bigint | null }[]
  readonly episodes: readonly (Episode & { readonly outcome: Outcome })[]
  readonly liquidations: readonly ReplayedLiquidation[]
}

/** One chain: blocks that were observed of those between the first and the last, and how many of them were replayed. */
export type ReplayedChain = {
  readonly chainId: number
  readonly first: BlockRef
  readonly last: BlockRef
  readonly observedCount: number
  readonly replayedCount: number
  readonly everySeconds: number | undefined
  readonly longestGapSeconds: number
  readonly assessmentCount: number
  /** Loans of the book with stored health in this time; undefined where none were asked for. */
  readonly bookLoanCount: number | undefined
  readonly loans: readonly ReplayedLoan[]
}

const isFiringBefore = ({ start, end, isUnknown }: Episode, blockNumber: bigint): boolean =>
  !isUnknown && start.number < blockNumber && (end === undefined || end.number >= blockNumber)

const outcomeOf = (episode: Episode, liquidations: readonly ReplayedLiquidation[]): Outcome => {
  if (episode.isUnknown) return 'unknown'
  if (liquidations.some((one) => isFiringBefore(episode, one.blockNumber))) return 'before-liquidation'
  return episode.end ? 'no-liquidation' : 'still-firing'
}

const liquidationOf = (
  row: ReturnType<typeof liquidationsWithin>[number],
  blocks: readonly BlockRef[],
  episodes: readonly Episode[],
): ReplayedLiquidation => {
  const blockNumber = BigInt(row.blockNumber)
  const upTo = blockBefore(blocks, blockNumber + 1n)
  const isTimeExact = upTo?.number === blockNumber
  const timestamp = upTo?.timestamp ?? 0
  const warnings = episodes
    .filter((one) => one.subject === row.position && isFiringBefore(one, blockNumber))
    .map(
      ({ rule, severity, start, isFromStart }): Warning => ({
        rule,
        severity,
        leadSeconds: timestamp - start.timestamp,
        leadBlocks: blockNumber - start.number,
        isAtLeast: isFromStart || !isTimeExact,
      }),
    )
  const { position, transactionHash } = row
  const isMissed = warnings.length === 0
  return { position, blockNumber, timestamp, isTimeExact, transactionHash, warnings, isMissed }
}

/** Ids of the loans of a chain that are replayed. */
const loansOf = (database: Database, chainId: number, options: ReplayOptions) => {
  const { watches, isBook, since, until } = options
  const watched = watches
    .flatMap(({ account }) => positionIdsOf(database, account))
    .filter((id) => parsePositionId(id).chainId === chainId)
  if (!isBook) return { ids: watched, bookLoanCount: undefined }
  const book = lowestPositions(database, chainId, { since, until, limit: BOOK_LOANS_MAX })
  return { ids: [...new Set([...watched, ...book.ids])], bookLoanCount: book.count }
}

/** Blocks at which something is known to have happened: a loan moved, or crossed a band, or was liquidated. */
const notableBlocks = (
  database: Database,
  ids: readonly string[],
  liquidatedAt: readonly bigint[],
  blocks: readonly BlockRef[],
  { since, until }: ReplayOptions,
): ReadonlySet<bigint> =>
  new Set([
    ...ids.flatMap((id) =>
      snapshotsOf(database, id, since, until)
        .filter(({ cause }) => cause !== 'checkpoint' && cause !== 'backfilled')
        .map(({ blockNumber }) => blockNumber),
    ),
    ...liquidatedAt.flatMap((number) => [number, blockBefore(blocks, number)?.number ?? number]),
  ])

const pointOf = (one: Assessment): ReplayedLoan['points'][number] => ({
  timestamp: one.block.timestamp,
  healthFactor: one.kind === 'assessed' ? one.healthFactor : null,
})

const replayChain = (
  database: Database,
  chainId: number,
  options: ReplayOptions,
): ReplayedChain | undefined => {
  const { rules, watches, onProgress } = options
  const observed = observedBlocks(database, chainId, options.since, options.until)
  const [first, last] = [observed[0], observed.at(-1)]
  if (!first || !last) return undefined
  const { ids, bookLoanCount } = loansOf(database, chainId, options)
  const wanted = new Set(ids)
  const liquidated = liquidationsWithin(database, chainId, first.number, last.number).filter(({ position }) =>
    wanted.has(position),
  )
  const liquidatedAt = liquidated.map(({ blockNumber }) => BigInt(blockNumber))
  const kept = notableBlocks(database, ids, liquidatedAt, observed, options)
  const { blocks, everySeconds } = chooseBlocks(observed, ids.length, kept, options.everySeconds)
  const engine = createEngine({
    rules,
    watches: watches.map((watch) => ({ ...watch, receivers: [] })),
    receivers: [],
  })
  const wantsUsd = rules.some(({ when, until = '' }) => /Usd\b/.test(`${when} ${until}`))
  const walk = walkPast(database, registry, {
    ...{ ids, chainId, first: first.number, last: last.number, wantsUsd },
  })
  const { episodes, step } = createEpisodes(engine)
  const points = new Map<string, ReplayedLoan['points'][number][]>(ids.map((id) => [id, []]))
  for (const [index, block] of blocks.entries()) {
    const assessments = walk(block)
    step(block, assessments)
    for (const one of assessments) points.get(one.id)?.push(pointOf(one))
    onProgress(chainId, index + 1, blocks.length)
  }
  const labels = new Map(watches.map(({ account, label }) => [account as string, label]))
  const liquidations = liquidated.map((row) => liquidationOf(row, observed, episodes))
  const loans = ids.map((id): ReplayedLoan => {
    const owner = ownerOf(database, parsePositionId(id))
    const own = liquidations.filter(({ position }) => position === id)
    return {
      ...{ id, owner, label: owner && labels.get(owner), points: points.get(id) ?? [], liquidations: own },
      episodes: episodes
        .filter(({ subject }) => subject === id)
        .map((episode) => ({ ...episode, outcome: outcomeOf(episode, own) })),
    }
  })
  return {
    ...{ chainId, first, last, everySeconds, bookLoanCount },
    observedCount: observed.length,
    replayedCount: blocks.length,
    longestGapSeconds: longestGap(observed),
    assessmentCount: [...points.values()].reduce((sum, { length }) => sum + length, 0),
    loans: loans.filter((loan) => loan.points.length > 0),
  }
}

/** Replays rules over every chain of the store, all of it as of one moment, however long a watcher goes on writing. Chains without observed blocks in that time are left out. */
export const replayStored = (database: Database, options: ReplayOptions): readonly ReplayedChain[] =>
  database.transaction(() =>
    storedCursors(database).flatMap(({ chainId }) => replayChain(database, chainId, options) ?? []),
  )
