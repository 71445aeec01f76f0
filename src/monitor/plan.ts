// What a cycle has to read: keys that logs touched, the backlog, prices, watched accounts.
import type { Address } from 'viem'
import type { Log } from '../model/evm.ts'
import type { Key } from '../protocols/adapter.ts'
import { isDiscovering, type Tracked } from '../store/book.ts'
import { type Draft, draftOf } from '../store/draft.ts'
import type { Work } from './reading.ts'

/** `watched`: only watched accounts, by state alone but for their liquidations; `book`: every borrower. */
export type Follow = 'watched' | 'book'

/** One deployment's part of a cycle. */
export type Plan = Work & {
  readonly tracked: Tracked
  /** Keys named by logs of this span and, after a reorg, by orphaned blocks. */
  readonly touched: ReadonlySet<Key>
  /** Keys that leave the backlog with this cycle. */
  readonly settled: ReadonlySet<Key>
}

export type PlanInput = {
  readonly follow: Follow
  readonly watched: readonly Address[]
  readonly logs: readonly Log[]
  /** Keys of orphaned blocks; undefined when nothing was orphaned. */
  readonly orphaned: readonly Key[] | undefined
  /** True when head and cursor are the same block: only the backlog is left to read. */
  readonly isSameBlock: boolean
  readonly backlogKeysMax: number
}

const touchedBy = (tracked: Tracked, draft: Draft, input: PlanInput): ReadonlySet<Key> => {
  const touched = new Set<Key>(input.orphaned ?? [])
  for (const log of input.logs)
    for (const key of draft.apply(tracked.adapter.reduce(draft.mirror, log))) touched.add(key)
  return touched
}

/** Without logs, only what is read every cycle is known: positions that are not watched, or no longer, go. */
const dropUnwatched = (draft: Draft, watched: readonly Address[]): void => {
  for (const [key, { owner }] of draft.positions)
    if (!watched.includes(owner)) draft.apply([{ kind: 'position', key, next: () => undefined }])
}

/** The first keys of a backlog that are not read anyway. */
const firstOf = (pending: ReadonlySet<Key>, touched: ReadonlySet<Key>, keysMax: number): readonly Key[] => {
  const now: Key[] = []
  for (const key of pending) {
    if (now.length >= keysMax) break
    if (!touched.has(key)) now.push(key)
  }
  return now
}

/** Plans one deployment's reads. Logs are reduced into the draft on the way. The backlog waits until discovery has named everyone, so that each key is read once. */
export const planReads = (tracked: Tracked, input: PlanInput): Plan => {
  const { adapter, mirror } = tracked
  const draft = draftOf(mirror)
  if (input.follow === 'watched') dropUnwatched(draft, input.watched)
  const touched = touchedBy(tracked, draft, input)
  const isWaiting = input.follow === 'book' && isDiscovering(tracked)
  const { pending } = tracked
  const now = firstOf(pending, touched, isWaiting ? 0 : input.backlogKeysMax)
  const settled = new Set([...now, ...[...touched].filter((key) => pending.has(key))])
  const isEmpty = mirror.markets.size === 0
  const needsState =
    input.orphaned !== undefined || isEmpty || (input.follow === 'watched' && !input.isSameBlock)
  const needsHead = !input.isSameBlock || input.orphaned !== undefined
  const accounts = input.follow === 'watched' || isEmpty ? input.watched : []
  const known = isEmpty ? [...mirror.positions.values()] : []
  const one = new Set<Key>([
    ...(needsState ? adapter.stateKeys(mirror) : []),
    ...(needsHead ? adapter.headKeys(mirror) : []),
    ...touched,
  ])
  const many = new Set<Key>([
    ...now,
    ...(input.isSameBlock ? [] : tracked.retries),
    ...accounts.flatMap((account) => adapter.locate(mirror, account)),
    ...known.flatMap((position) => adapter.positionKeys(position)),
  ])
  return { tracked, adapter, draft, one, many, touched, settled }
}
