// What a cycle finds of its positions: exact assessments of those that ask for one, snapshots that are due, positions that are gone.
import type { Assessment } from '../model/assessment.ts'
import type { BlockRef } from '../model/block.ts'
import { formatDeploymentId, formatPositionId } from '../model/ids.ts'
import type { Snapshot } from '../model/snapshot.ts'
import type { Tracked } from '../store/book.ts'
import { type Assessable, assessOne, bookEnvOf } from './assessing.ts'
import { type Attention, type Touched, touchedBy } from './attention.ts'
import { type Last, lastOf } from './last-snapshots.ts'
import type { Plan } from './plan.ts'
import { quotesOf } from './quoting.ts'
import { closingSnapshot, snapshotDue } from './snapshotting.ts'

/** Of one deployment or, added up, of all. `closed` are ids; `waitingCount` positions wait for an assessment for their history alone. */
type Found = {
  readonly assessments: readonly Assessment[]
  readonly snapshots: readonly Snapshot[]
  readonly closed: readonly string[]
  readonly waitingCount: number
}

export type Examined = Found & {
  /** Brings attention in step with the commit of all this. */
  accept(): void
}

export type ExamineOptions = {
  readonly plans: readonly Plan[]
  readonly attentions: ReadonlyMap<Tracked, Attention>
  readonly head: BlockRef
  /** Ids of positions that are assessed whatever the screen says. */
  readonly wanted: readonly string[]
  /** Last snapshots that a reorg brings back in place of those remembered, by position id. */
  readonly recalled: ReadonlyMap<string, Snapshot | undefined>
  /** Assessments for history alone. */
  readonly historyMax: number
}

/** One deployment's part: `prefix` is what stands before its keys in position ids. */
type Part = {
  readonly plan: Plan
  readonly attention: Attention
  readonly prefix: string
  readonly touched: readonly Touched[]
  readonly head: BlockRef
  readonly recalled: ReadonlyMap<string, Snapshot | undefined>
}

const keysIn = (prefix: string, ids: Iterable<string>): readonly string[] =>
  [...ids].filter((id) => id.startsWith(prefix)).map((id) => id.slice(prefix.length))

const lastIn = ({ attention, recalled, prefix }: Part, key: string): Last | undefined => {
  const id = `${prefix}${key}`
  if (!recalled.has(id)) return attention.lastOf(key)
  const snapshot = recalled.get(id)
  return snapshot && lastOf(snapshot)
}

/** Positions that the draft removes, and those of which a reorg brings back a snapshot but no loan. */
const closedIn = (part: Part): readonly Pick<Snapshot, 'position' | 'owner'>[] => {
  const { plan, prefix, touched, recalled } = part
  const { positions } = plan.tracked.mirror
  const removed = touched.flatMap(({ key, slot, position }) => {
    const before = position || slot === undefined ? undefined : positions.get(key)
    return before ? [{ position: formatPositionId(before.id), owner: before.owner }] : []
  })
  const returned = keysIn(prefix, recalled.keys()).flatMap((key) => {
    const isThere = positions.has(key) || plan.draft.positions.has(key)
    return isThere ? [] : (recalled.get(`${prefix}${key}`) ?? [])
  })
  return [...removed, ...returned]
}

/** Keys of positions whose own state changed, not only the block that it was read at. */
const activeIn = ({ plan, touched }: Part): ReadonlySet<string> => {
  const { positions } = plan.tracked.mirror
  return new Set(
    touched
      .filter(({ key, position }) => position && positions.differs(key, positions.bytesOf(position)))
      .map(({ key }) => key),
  )
}

const examineOne = (
  part: Part,
  assessable: Assessable,
  quotes: ReturnType<typeof quotesOf>,
  { wanted, historyMax }: Pick<ExamineOptions, 'wanted' | 'historyMax'>,
): Found & { readonly historyCount: number } => {
  const { attention, prefix, head, touched, recalled } = part
  const { mirror } = assessable
  const env = bookEnvOf(assessable, head, quotes)
  const { keys, historyCount, waitingCount } = attention.choose({
    ...{ mirror, env, historyMax },
    wanted: [...touched.map(({ key }) => key), ...keysIn(prefix, wanted), ...keysIn(prefix, recalled.keys())],
  })
  const active = activeIn(part)
  const assessments: Assessment[] = []
  const snapshots: Snapshot[] = []
  for (const key of keys) {
    const position = mirror.positions.get(key)
    if (!position) continue
    const assessment = assessOne(assessable, position, env)
    assessments.push(assessment)
    const due = snapshotDue(assessment, {
      last: lastIn(part, key),
      wasActive: active.has(key),
      parts: attention.partsOf(position.owner),
    })
    if (due) snapshots.push(due)
  }
  const closed = closedIn(part)
  const closing = closed.filter(({ position }) => lastIn(part, position.slice(prefix.length)))
  return {
    assessments,
    snapshots: [...snapshots, ...closing.map((one) => closingSnapshot(one, head))],
    closed: closed.map(({ position }) => position),
    ...{ waitingCount, historyCount },
  }
}

/** What the last snapshots of a deployment's positions say once all is committed, where that is news. */
const lastsOf = (
  { prefix, recalled }: Part,
  snapshots: readonly Snapshot[],
): ReadonlyMap<string, Last | undefined> =>
  new Map([
    ...keysIn(prefix, recalled.keys()).map((key) => {
      const snapshot = recalled.get(`${prefix}${key}`)
      return [key, snapshot && lastOf(snapshot)] as const
    }),
    ...snapshots.map((snapshot) => [snapshot.position.slice(prefix.length), lastOf(snapshot)] as const),
  ])

/** A deployment as a plan leaves it. */
export const assessableOf = ({ adapter, draft, tracked, settled }: Plan): Assessable => ({
  adapter,
  mirror: draft.mirror,
  discovery: tracked.discovery,
  pending: { size: tracked.pending.size - settled.size },
})

/** Assesses what was read, and what the screen asks for; nothing of it holds until `accept` is called, after the commit. */
export const examine = (options: ExamineOptions): Examined => {
  const { plans, attentions, head, wanted, recalled } = options
  const assessables = plans.map(assessableOf)
  const quotes = quotesOf(assessables)
  const accepts: (() => void)[] = []
  const found: Found[] = []
  let historyMax = options.historyMax
  for (const [index, plan] of plans.entries()) {
    const attention = attentions.get(plan.tracked)
    const assessable = assessables[index]
    if (!attention || !assessable) continue
    const touched = touchedBy(plan.tracked, plan.draft)
    const prefix = `${formatDeploymentId(plan.tracked.mirror.deployment)}:`
    const part: Part = { plan, attention, prefix, touched, head, recalled }
    const one = examineOne(part, assessable, quotes, { wanted, historyMax })
    historyMax -= one.historyCount
    found.push(one)
    accepts.push(() => attention.settle(touched, lastsOf(part, one.snapshots)))
  }
  return {
    assessments: found.flatMap((one) => one.assessments),
    snapshots: found.flatMap((one) => one.snapshots),
    closed: found.flatMap((one) => one.closed),
    waitingCount: found.reduce((sum, one) => sum + one.waitingCount, 0),
    accept: () => {
      for (const accept of accepts) accept()
    },
  }
}
