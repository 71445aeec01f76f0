// One cycle of one chain: header, logs, one pinned read; then assess, judge, commit.
import type { Address } from 'viem'
import type { Chain, Header } from '../chain/chain.ts'
import type { Assessment } from '../model/assessment.ts'
import { type BlockRef, blockRef } from '../model/block.ts'
import type { Log } from '../model/evm.ts'
import type { ParameterChange } from '../model/parameter.ts'
import type { Snapshot } from '../model/snapshot.ts'
import type { Key } from '../protocols/adapter.ts'
import type { GroupSetting } from '../risk/groups.ts'
import { type Book, pendingCount, positionCount, recentBlocks, type Tracked } from '../store/book.ts'
import { commitCycle, type DeploymentCommit, type Mismatch } from '../store/commit.ts'
import type { Database } from '../store/database.ts'
import { assetNamesOf } from '../store/names.ts'
import { newestHealths } from '../store/newest-healths.ts'
import { snapshotsBefore } from '../store/snapshots.ts'
import { orphanedTouches } from '../store/touches.ts'
import { type Attention, createAttention } from './attention.ts'
import { type Auditor, type AuditPlan, createAuditor } from './audit.ts'
import { createCycleRisks } from './cycle-risks.ts'
import { searchAfter } from './discovery.ts'
import { assessableOf, examine } from './examining.ts'
import { type FeedTrigger, nearestTriggers } from './feed-triggers.ts'
import { followedLogs } from './followed-logs.ts'
import { alertsOf, type Judge, type SelfCheck } from './judge.ts'
import type { MonitorLimits } from './limits.ts'
import { createLiquidationLogs, type LiquidationLogs, type LiquidationReading } from './liquidation-logs.ts'
import { parameterChanges } from './parameter-changes.ts'
import { type Follow, type Plan, planReads } from './plan.ts'
import { type Reading, readDue } from './reading.ts'
import { BLOCKHASH_DEPTH, commonAncestor, isLagging, relationOf, type Span } from './reorg.ts'
import { createSelfChecker, type SelfChecker } from './self-checks.ts'

/** Everything that following one chain needs. */
export type Follower = {
  readonly chain: Chain
  readonly database: Database
  readonly book: Book
  readonly follow: Follow
  readonly watched: readonly Address[]
  readonly limits: MonitorLimits
  readonly judge: Judge
  /** Assets that move together by configuration. */
  readonly groups?: readonly GroupSetting[]
  readonly auditor: Auditor
  readonly selfChecker: SelfChecker
  readonly attentions: ReadonlyMap<Tracked, Attention>
  readonly liquidationLogs: LiquidationLogs
}

/** The attention of every deployment: takes what the last snapshots said from the database. */
const attentionsOf = ({
  database,
  book,
  watched,
  judge,
}: Pick<Follower, 'database' | 'book' | 'watched' | 'judge'>): ReadonlyMap<Tracked, Attention> =>
  new Map(
    book.tracked.map((tracked) => [
      tracked,
      createAttention({
        tracked,
        watched: new Set(watched),
        quiet: judge.quiet(tracked.mirror.deployment),
        lasts: newestHealths(database, tracked.id),
      }),
    ]),
  )

/** How a cycle reads: whose requests they are, and how much of the backlog it takes along, of each deployment. */
export type CycleReading = Pick<Chain, 'read'> & { readonly backlogKeysMax: number }

/** A follower of a book, as last committed. `otherChecks` are what is looked at beside its cycles, as last found. */
export const createFollower = ({
  otherChecks,
  ...options
}: Omit<Follower, 'auditor' | 'selfChecker' | 'attentions' | 'liquidationLogs'> & {
  otherChecks?(): readonly SelfCheck[]
}): Follower => ({
  ...options,
  auditor: createAuditor(options.book.tracked),
  selfChecker: createSelfChecker({
    tracked: options.book.tracked,
    mirrorBehindSecondsMax: options.limits.mirrorBehindSecondsMax,
    ...(otherChecks ? { others: otherChecks } : {}),
  }),
  attentions: attentionsOf(options),
  liquidationLogs: createLiquidationLogs(options),
})

/** What a cycle did, for logs and metrics. */
export type CycleOutcome =
  | { readonly kind: 'idle' | 'lagging'; readonly head: BlockRef }
  | {
      readonly kind: 'committed'
      readonly head: BlockRef
      readonly reorgDepth: bigint
      readonly logCount: number
      readonly readCount: number
      readonly roundCount: number
      readonly pendingCount: number
      /** Of the positions that were assessed exactly; what of it was written down; and ids of positions that are gone. */
      readonly assessments: readonly Assessment[]
      readonly snapshots: readonly Snapshot[]
      readonly closed: readonly string[]
      /** All positions, how many of them were assessed exactly, and how many have only their history to wait for. */
      readonly screenedCount: number
      readonly exactCount: number
      readonly waitingCount: number
      /** The trigger of every price feed of every deployment, nearest first, worked out when asked for, before the next cycle. */
      triggers(): readonly FeedTrigger[]
      readonly liquidationCount: number
      /** Why liquidations of watched accounts are not known, where they could not be read now. */
      readonly liquidationsFault: LiquidationReading['fault']
      readonly parameterChanges: readonly ParameterChange[]
      readonly auditCount: number
      readonly mismatches: readonly Mismatch[]
      readonly notificationCount: number
    }

const plansOf = (
  follower: Follower,
  logs: readonly Log[],
  span: Span,
  { backlogKeysMax }: CycleReading,
): readonly Plan[] => {
  const { book, database, follow, watched } = follower
  const orphanedOf = (tracked: Tracked): readonly Key[] | undefined => {
    if (!span.isReorg) return undefined
    if (span.ancestor) return orphanedTouches(database, tracked.id, span.ancestor.number)
    const { adapter, mirror } = tracked
    return [...mirror.positions.values()].flatMap((position) => adapter.positionKeys(position))
  }
  return book.tracked.map((tracked) =>
    planReads(tracked, {
      follow,
      watched,
      logs,
      orphaned: orphanedOf(tracked),
      isSameBlock: span.isSameBlock,
      backlogKeysMax,
    }),
  )
}

const read = async (
  { book, limits }: Follower,
  reading: CycleReading,
  head: Header,
  span: Span,
  plans: readonly Plan[],
  audits: readonly AuditPlan[],
): Promise<Reading> => {
  const cursor = book.cursor
  const asksCursor =
    cursor && !span.isReorg && !span.isSameBlock && head.number - cursor.number <= BLOCKHASH_DEPTH
  return readDue(plans, {
    block: head,
    read: (calls, ancestors) => reading.read(head, calls, ancestors),
    ancestors: asksCursor ? [cursor.number] : [],
    extraCalls: audits.flatMap((audit) => audit.read.calls),
    readRoundsMax: limits.readRoundsMax,
    isObsolete: (ancestors) =>
      asksCursor !== undefined && asksCursor && ancestors.get(cursor.number) !== cursor.hash,
  })
}

const deploymentCommit = (
  plan: Plan,
  unread: ReadonlySet<Key>,
  span: Span,
  head: Header,
): DeploymentCommit => {
  const { discovery: search, mirror } = plan.tracked
  const discovery = search && searchAfter(search, mirror, span, head)
  return {
    tracked: plan.tracked,
    draft: plan.draft,
    touched: [...plan.touched, ...plan.many],
    settled: plan.settled,
    retries: new Set([...unread, ...plan.draft.retries, ...(span.isSameBlock ? plan.tracked.retries : [])]),
    ...(discovery ? { discovery } : {}),
  }
}

type Gathered = {
  readonly plans: readonly Plan[]
  readonly audits: readonly AuditPlan[]
  readonly logs: readonly Log[]
  readonly reading: Extract<Reading, { kind: 'read' }>
  /** Where only accounts are watched. */
  readonly unfollowed: LiquidationReading | undefined
}

const risksOf = (
  { database, groups = [] }: Follower,
  head: Header,
  plans: readonly Plan[],
  assessments: readonly Assessment[],
): ReturnType<typeof createCycleRisks> =>
  createCycleRisks({
    ...{ database, head, assessments, settings: groups },
    assessables: plans.map(assessableOf),
  })

/** Assesses what was read, steps alerts, and commits all of it in one transaction. */
const settle = (follower: Follower, head: Header, span: Span, gathered: Gathered): CycleOutcome => {
  const { database, book, limits, judge } = follower
  const { plans, audits, logs, reading, unfollowed } = gathered
  const keptUntil = span.isReorg ? keptBlock(follower, span, head) : undefined
  const block = blockRef(head)
  const examined = examine({
    ...{ plans, attentions: follower.attentions, head: block },
    wanted: [...judge.openPositions(), ...audits.map(({ position }) => position)],
    recalled: keptUntil === undefined ? new Map() : snapshotsBefore(database, book.chainId, keptUntil),
    historyMax: limits.historyAssessmentsPerCycleMax,
  })
  const { assessments, snapshots, closed } = examined
  const changes = parameterChanges({
    ...{ database, plans, attentions: follower.attentions, head, keptUntil },
    positionsMax: limits.changeEffectPositionsMax,
  })
  const audited = follower.auditor.compare(audits, reading.extraResults, assessments, closed)
  const liquidations = unfollowed?.liquidations ?? plans.flatMap(({ draft }) => draft.liquidations)
  const judgement = judge.judge({
    block,
    assessments,
    closed,
    news: {
      ...{ keptUntil, parameterChanges: changes, liquidations },
      mayMissLiquidations: unfollowed?.isWhole === false,
      riskOf: risksOf(follower, head, plans, assessments),
    },
    selfChecks: follower.selfChecker.checks(audited.disputes, head.timestamp),
  })
  const cursor = book.cursor
  commitCycle(database, {
    head,
    keptUntil,
    deployments: plans.map((plan, index) =>
      deploymentCommit(plan, reading.unread[index] ?? new Set(), span, head),
    ),
    snapshots,
    assets: assetNamesOf(assessments),
    liquidations,
    parameterChanges: changes,
    mismatches: audited.mismatches,
    ...alertsOf(judgement),
    reorgDepthMax: limits.reorgDepthMax,
  })
  judgement.accept()
  examined.accept()
  audited.accept()
  unfollowed?.accept()
  book.cursor = block
  return {
    kind: 'committed',
    head,
    reorgDepth: cursor && keptUntil !== undefined ? cursor.number - keptUntil : 0n,
    logCount: logs.length,
    readCount: plans.reduce((sum, { one, many }) => sum + one.size + many.size, 0),
    roundCount: reading.roundCount,
    pendingCount: pendingCount(book.tracked),
    ...{ assessments, snapshots, closed, waitingCount: examined.waitingCount },
    screenedCount: positionCount(book.tracked),
    exactCount: assessments.length,
    triggers: () => nearestTriggers(follower.attentions.values()),
    liquidationCount: liquidations.length,
    liquidationsFault: unfollowed?.fault,
    parameterChanges: changes,
    auditCount: audited.auditCount,
    mismatches: audited.mismatches,
    notificationCount: judgement.notifications.length,
  }
}

/** The newest block whose history a reorg leaves standing: the common ancestor, or what lies below all that is remembered. */
const keptBlock = ({ database, book, limits }: Follower, { ancestor }: Span, head: Header): bigint => {
  if (ancestor) return ancestor.number
  const oldest = recentBlocks(database, book.chainId, limits.reorgDepthMax).at(-1)
  return (oldest?.number ?? head.number) - 1n
}

const attempt = async (
  follower: Follower,
  head: Header,
  span: Span,
  how: CycleReading,
): Promise<CycleOutcome | 'obsolete'> => {
  const { liquidationLogs } = follower
  const unfollowed = follower.follow === 'watched' ? liquidationLogs.read(span, head) : undefined
  const logs = await followedLogs(follower, head, span)
  const plans = plansOf(follower, logs, span, how)
  const audits = span.isSameBlock ? [] : follower.auditor.plans(follower.limits.auditsPerHead)
  const reading = await read(follower, how, head, span, plans, audits)
  if (reading.kind === 'obsolete') return 'obsolete'
  return settle(follower, head, span, { plans, audits, logs, reading, unfollowed: await unfollowed })
}

const repair = async (follower: Follower, head: Header, how: CycleReading): Promise<CycleOutcome> => {
  const { chain, database, book, limits } = follower
  const ancestor = await commonAncestor(
    chain,
    head,
    recentBlocks(database, book.chainId, limits.reorgDepthMax),
  )
  const outcome = await attempt(follower, head, { isReorg: true, ancestor, isSameBlock: false }, how)
  if (outcome === 'obsolete') throw new Error('a reading without a proof of ancestry cannot be obsolete')
  return outcome
}

/**
 * Brings the book from its cursor to `head`, through a reorg if there was one, and commits all of it in one transaction.
 * Throws what the chain throws; then nothing has changed.
 */
export const runCycle = async (
  follower: Follower,
  head: Header,
  how: CycleReading = { read: follower.chain.read, backlogKeysMax: follower.limits.backlogKeysMax },
): Promise<CycleOutcome> => {
  const { book, database, chain, limits } = follower
  const { cursor } = book
  const hasBacklog = how.backlogKeysMax > 0 && book.tracked.some(({ pending }) => pending.size > 0)
  if (!cursor) {
    const outcome = await attempt(
      follower,
      head,
      { isReorg: false, ancestor: undefined, isSameBlock: false },
      how,
    )
    return outcome === 'obsolete' ? repair(follower, head, how) : outcome
  }
  const relation = relationOf(head, cursor)
  if (relation === 'same' && !hasBacklog) return { kind: 'idle', head }
  if (
    relation === 'behind' &&
    (await isLagging(chain, head, cursor, recentBlocks(database, book.chainId, limits.reorgDepthMax)))
  )
    return { kind: 'lagging', head }
  if (relation === 'behind' || relation === 'reorged') return repair(follower, head, how)
  const isFar = head.number - cursor.number > BLOCKHASH_DEPTH
  if (isFar && (await chain.header(cursor.number))?.hash !== cursor.hash) return repair(follower, head, how)
  const span = { isReorg: false, ancestor: cursor, isSameBlock: relation === 'same' }
  const outcome = await attempt(follower, head, span, how)
  return outcome === 'obsolete' ? repair(follower, head, how) : outcome
}
