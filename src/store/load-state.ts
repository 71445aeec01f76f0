// The newest versions of all that a deployment has, as its mirror in memory.
import type { PriceReading } from '../model/price.ts'
import type { Database } from './database.ts'
import { stateFromBytes } from './decode-state.ts'
import { type MirrorBase, tallyLoaded } from './draft.ts'
import { KIND, type Kind } from './entries.ts'
import { marketsOfRows } from './market-parts.ts'
import type { Written } from './state-writes.ts'
import { wordsOf } from './stored-words.ts'

type Row = readonly [entryId: number, key: string, validFrom: number, state: Buffer | null]

const NEWEST = `SELECT e.id, e.key, v.valid_from, v.state FROM entries e JOIN versions v ON v.entry_id = e.id
  AND v.valid_from = (SELECT max(valid_from) FROM versions WHERE entry_id = e.id)
  WHERE e.deployment_id = ? AND e.kind = ? ORDER BY e.id`

const newestOf = (database: Database, deploymentId: number, kind: Kind): IterableIterator<Row> =>
  database.$client.prepare(NEWEST).raw().iterate(deploymentId, kind) as IterableIterator<Row>

const loadMarkets = (database: Database, deploymentId: number, mirror: MirrorBase): Map<string, Written> => {
  const written = new Map<string, Written>()
  for (const [entryId, key, , bytes] of newestOf(database, deploymentId, KIND.market))
    written.set(key, { entryId, bytes })
  const rows = [...written].map(([key, { bytes }]) => [key, bytes] as const)
  for (const [name, market] of marketsOfRows(mirror.deployment, wordsOf(database), rows))
    mirror.markets.set(name, market)
  return written
}

const loadPrices = (database: Database, deploymentId: number, mirror: MirrorBase): Map<string, Written> => {
  const words = wordsOf(database)
  const written = new Map<string, Written>()
  for (const [entryId, key, , bytes] of newestOf(database, deploymentId, KIND.price)) {
    written.set(key, { entryId, bytes })
    if (bytes) mirror.prices.set(key, stateFromBytes(bytes, words) as PriceReading)
  }
  return written
}

/** Fills an empty mirror with the newest state of a deployment; answers what was last written of its markets and prices. */
export const loadState = (
  database: Database,
  deploymentId: number,
  mirror: MirrorBase,
): { readonly parts: Map<string, Written>; readonly readings: Map<string, Written> } => {
  for (const [entryId, key, validFrom, bytes] of newestOf(database, deploymentId, KIND.position))
    if (bytes) mirror.positions.load(key, bytes, BigInt(validFrom), entryId)
  tallyLoaded(mirror)
  return {
    parts: loadMarkets(database, deploymentId, mirror),
    readings: loadPrices(database, deploymentId, mirror),
  }
}
