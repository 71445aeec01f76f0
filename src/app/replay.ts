// Rules over stored history: what would have fired, and how long before each liquidation.
import { createEngine, type Watch } from '../alerts/engine.ts'
import { comparisonsIn } from '../alerts/expression.ts'
import { type CompiledRule, compileRule } from '../alerts/rules.ts'
import type { AlertRule, Severity } from '../model/alert.ts'
import type { Assessment } from '../model/assessment.ts'
import type { BlockRef } from '../model/block.ts'
import { parsePositionId } from '../model/ids.ts'
import type { Liquidation } from '../model/liquidation.ts'
import { walkPast } from '../monitor/past-walk.ts'
import { registry } from '../protocols/registry.ts'
import type { GroupSetting } from '../risk/groups.ts'
import type { Database } from '../store/database.ts'
import { ownerOf, positionIdsOf } from '../store/entries.ts'
import { observedBlocks } from '../store/observed.ts'
import { parameterChangesWithin } from '../store/parameter-changes.ts'
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
  /** Assets that move together on a chain. */
  groupsOf(chainId: number): readonly GroupSetting[]
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

/** `before-liquidation`: it was firing when the loan was liquidated; `event`: it tells what has happened; `unknown`: what is not known. */
export type Outcome = 'event' | 'before-liquidation' | 'no-liquidation' | 'still-firing' | 'unknown'

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

/** What a replay needs to know of its rules. */
const natureOf = (rules: readonly AlertRule[]) => {
  const compiled = rules.map(compileRule)
  const fieldsIn = new Set(
    compiled.flatMap(({ when, until }) =>
      [...comparisonsIn(when), ...comparisonsIn(until)].map(({ field }) => field),
    ),
  )
  const namesOf = (is: (rule: CompiledRule) => boolean) =>
    new Set(compiled.filter(is).map(({ rule }) => rule.name))
  return {
    wantsUsd: ['collateralUsd', 'debtUsd'].some((field) => fieldsIn.has(field)),
    wantsRisk: ['shock', 'secondsToLiquidation'].some((field) => fieldsIn.has(field)),
    /** Rules that warn of nothing: they tell what has happened, or what is not known. */
    eventRules: namesOf(({ isEvent }) => isEvent),
    unknownRules: namesOf(({ isOfKnowledge }) => isOfKnowledge),
  }
}

type Nature = ReturnType<typeof natureOf>

const isFiringBefore = (
  { rule, start, end }: Episode,
  blockNumber: bigint,
  { eventRules, unknownRules }: Nature,
): boolean =>
  !eventRules.has(rule) &&
  !unknownRules.has(rule) &&
  start.number < blockNumber &&
  (end === undefined || end.number >= blockNumber)

const outcomeOf = (
  episode: Episode,
  liquidations: readonly ReplayedLiquidation[],
  nature: Nature,
): Outcome => {
  if (nature.eventRules.has(episode.rule)) return 'event'
  if (nature.unknownRules.has(episode.rule)) return 'unknown'
  if (liquidations.some((one) => isFiringBefore(episode, one.blockNumber, nature)))
    return 'before-liquidation'
  return episode.end ? 'no-liquidation' : 'still-firing'
}

const liquidationOf = (
  { blockNumber, position, transactionHash }: Liquidation,
  blocks: readonly BlockRef[],
  episodes: readonly Episode[],
  nature: Nature,
): ReplayedLiquidation => {
  const upTo = blockBefore(blocks, blockNumber + 1n)
  const isTimeExact = upTo?.number === blockNumber
  const timestamp = upTo?.timestamp ?? 0
  const warnings = episodes
    .filter((one) => one.subject === position && isFiringBefore(one, blockNumber, nature))
    .map(
      ({ rule, severity, start, isFromStart }): Warning => ({
        rule,
        severity,
        leadSeconds: timestamp - start.timestamp,
        leadBlocks: blockNumber - start.number,
        isAtLeast: isFromStart || !isTimeExact,
      }),
    )
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
  const liquidatedAt = liquidated.map(({ blockNumber }) => blockNumber)
  const kept = notableBlocks(database, ids, liquidatedAt, observed, options)
  const nature = natureOf(rules)
  const work = { loanCount: ids.length, wantsRisk: nature.wantsRisk }
  const { blocks, everySeconds } = chooseBlocks(observed, work, kept, options.everySeconds)
  const engine = createEngine({
    rules,
    watches: watches.map((watch) => ({ ...watch, receivers: [] })),
    receivers: [],
  })
  const walk = walkPast(database, registry, {
    ...{ ids, chainId, first: first.number, last: last.number },
    ...{ wantsUsd: nature.wantsUsd, groups: options.groupsOf(chainId) },
  })
  const changes = parameterChangesWithin(database, chainId, first.number, last.number)
  const { episodes, step } = createEpisodes(engine)
  const points = new Map<string, ReplayedLoan['points'][number][]>(ids.map((id) => [id, []]))
  for (const [index, block] of blocks.entries()) {
    const { assessments, riskOf } = walk(block)
    const since = blocks[index - 1]?.number ?? block.number
    const isNew = (one: { readonly blockNumber: bigint }): boolean =>
      one.blockNumber > since && one.blockNumber <= block.number
    step(block, assessments, {
      ...{ keptUntil: undefined, riskOf },
      liquidations: liquidated.filter(isNew),
      parameterChanges: changes.filter(isNew),
    })
    for (const one of assessments) points.get(one.id)?.push(pointOf(one))
    onProgress(chainId, index + 1, blocks.length)
  }
  const labels = new Map(watches.map(({ account, label }) => [account as string, label]))
  const liquidations = liquidated.map((row) => liquidationOf(row, observed, episodes, nature))
  const loans = ids.map((id): ReplayedLoan => {
    const owner = ownerOf(database, parsePositionId(id))
    const own = liquidations.filter(({ position }) => position === id)
    return {
      ...{ id, owner, label: owner && labels.get(owner), points: points.get(id) ?? [], liquidations: own },
      episodes: episodes
        .filter(({ subject }) => subject === id)
        .map((episode) => ({ ...episode, outcome: outcomeOf(episode, own, nature) })),
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
