// Writing what a cycle changed of a deployment's state, as versions, and only what differs from the version before.
import type { BlockRef } from '../model/block.ts'
import type { Market } from '../model/market.ts'
import type { Tracked } from './book.ts'
import type { Database } from './database.ts'
import type { Draft } from './draft.ts'
import { stateToBytes } from './encode-state.ts'
import { findEntry, KIND, openEntry } from './entries.ts'
import { partKey, partsOf } from './market-parts.ts'
import { wordsOf } from './stored-words.ts'
import { writeVersion } from './versions.ts'

/** A part of a market or a price as last written; `bytes` null where it is gone. */
export type Written = { readonly entryId: number; readonly bytes: Buffer | null }

/** The block from which on what is written holds. */
type Head = Pick<BlockRef, 'chainId' | 'number'>

type Target = {
  readonly database: Database
  readonly tracked: Tracked
  readonly head: Head
  /** Entries whose newest versions a reorg took back: written again, whatever they were. */
  readonly orphaned: ReadonlySet<number>
}

const write = ({ database, head }: Target, entryId: number, bytes: Uint8Array | null): void =>
  writeVersion(database, head.chainId, Number(head.number), entryId, bytes)

const isSame = (a: Buffer | null, b: Buffer | null): boolean =>
  a === null || b === null ? a === b : a.equals(b)

/** Writes a part or a price where it differs; answers what then is last written. */
const writeNamed = (
  target: Target,
  kind: typeof KIND.market | typeof KIND.price,
  key: string,
  bytes: Buffer | null,
): Written | undefined => {
  const { database, tracked, orphaned } = target
  const before = (kind === KIND.market ? tracked.parts : tracked.readings).get(key)
  if (before ? !orphaned.has(before.entryId) && isSame(before.bytes, bytes) : bytes === null) return undefined
  const entryId = before?.entryId ?? openEntry(database, tracked.id, kind, key)
  write(target, entryId, bytes)
  return { entryId, bytes }
}

const writeMarket = (
  target: Target,
  name: string,
  before: Market | undefined,
  now: Market | undefined,
): ReadonlyMap<string, Written> => {
  const { database, tracked, orphaned } = target
  const words = wordsOf(database)
  const oldParts = before ? partsOf(before) : new Map<string, unknown>()
  const newParts = now ? partsOf(now) : new Map<string, unknown>()
  const changed = new Map<string, Written>()
  for (const path of new Set([...oldParts.keys(), ...newParts.keys()])) {
    const key = partKey(name, path)
    const part = newParts.get(path)
    const isUntouched = part !== undefined && part === oldParts.get(path) && tracked.parts.has(key)
    if (isUntouched && orphaned.size === 0) continue
    const written = writeNamed(
      target,
      KIND.market,
      key,
      part === undefined ? null : stateToBytes(part, words),
    )
    if (written) changed.set(key, written)
  }
  return changed
}

const writeMarkets = (target: Target, draft: Draft): ReadonlyMap<string, Written> => {
  const { mirror } = target.tracked
  const names =
    target.orphaned.size > 0
      ? new Set([...mirror.markets.keys(), ...draft.markets.keys()])
      : draft.markets.changes.keys()
  return new Map(
    [...names].flatMap((name) => [
      ...writeMarket(target, name, mirror.markets.get(name), draft.markets.get(name)),
    ]),
  )
}

const writePrices = (target: Target, draft: Draft): ReadonlyMap<string, Written> => {
  const { database, tracked, orphaned } = target
  const words = wordsOf(database)
  const keys =
    orphaned.size > 0
      ? new Set([...tracked.mirror.prices.keys(), ...draft.prices.keys()])
      : draft.prices.changes.keys()
  const changed = new Map<string, Written>()
  for (const key of keys) {
    const reading = draft.prices.get(key)
    const written = writeNamed(target, KIND.price, key, reading ? stateToBytes(reading, words) : null)
    if (written) changed.set(key, written)
  }
  return changed
}

type WrittenPosition = {
  readonly bytes: Uint8Array
  readonly asOf: bigint
  readonly entryId: number
}

/** Keys of positions whose newest versions were taken back. */
const orphanedKeys = ({ database, tracked, orphaned }: Target): readonly string[] => {
  const keyOf = database.$client.prepare(
    'SELECT key FROM entries WHERE id = ? AND deployment_id = ? AND kind = ?',
  )
  return [...orphaned].flatMap((id) => {
    const row = keyOf.get(id, tracked.id, KIND.position) as { key: string } | undefined
    return row ? [row.key] : []
  })
}

/** Writes positions that differ; answers all that are there, by their keys. */
const writePositions = (target: Target, draft: Draft): ReadonlyMap<string, WrittenPosition> => {
  const { database, tracked, orphaned } = target
  const { positions } = tracked.mirror
  const keys =
    orphaned.size > 0
      ? new Set([...draft.positions.changes.keys(), ...orphanedKeys(target)])
      : draft.positions.changes.keys()
  const written = new Map<string, WrittenPosition>()
  for (const key of keys) {
    const position = draft.positions.get(key)
    const known = positions.entryIdOf(key)
    if (!position) {
      const gone = known || findEntry(database, tracked.id, KIND.position, key)
      if (gone) write(target, gone, null)
      continue
    }
    const { owner, asOf } = position
    const bytes = positions.bytesOf(position)
    const entryId = known || openEntry(database, tracked.id, KIND.position, key, owner)
    if (known === 0 || orphaned.has(known) || positions.differs(key, bytes)) write(target, entryId, bytes)
    written.set(key, { bytes, asOf, entryId })
  }
  return written
}

/**
 * Writes a draft's changes as versions from `head` on, inside the caller's transaction. Answers what makes them the
 * committed state in memory, to be called once that is durable.
 */
export const writeState = (
  database: Database,
  tracked: Tracked,
  draft: Draft,
  head: Head,
  orphaned: ReadonlySet<number>,
): (() => void) => {
  const target: Target = { database, tracked, head, orphaned }
  const parts = writeMarkets(target, draft)
  const readings = writePrices(target, draft)
  const positions = writePositions(target, draft)
  return () => {
    draft.merge((key) => {
      const one = positions.get(key)
      if (one) tracked.mirror.positions.load(key, one.bytes, one.asOf, one.entryId)
    })
    for (const [key, one] of parts) tracked.parts.set(key, one)
    for (const [key, one] of readings) tracked.readings.set(key, one)
  }
}
