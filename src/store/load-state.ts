// The newest versions of all that a deployment has, as its mirror in memory.
import type { PriceReading } from '../model/price.ts'
import type { Database } from './database.ts'
import { stateFromBytes } from './decode-state.ts'
import { type MirrorBase, tallyLoaded } from './draft.ts'
import { KIND, type Kind } from './entries.ts'
import { type Fields, positionTexts } from './entry-texts.ts'
import { marketsOfRows } from './market-parts.ts'
import type { Span } from './span.ts'
import type { Written } from './state-writes.ts'
import { wordsOf } from './stored-words.ts'

/** Entry, key, block and state in hex of the newest version; nothing where that says that the position is gone. */
const NEWEST_POSITION = `e.id || ' ' || e.key || ' ' || (SELECT CASE WHEN state IS NOT NULL THEN valid_from || ' ' || hex(state) END
  FROM versions WHERE entry_id = e.id ORDER BY valid_from DESC LIMIT 1)`

type Row = readonly [entryId: number, key: string, state: Buffer | null]

const NEWEST = `SELECT e.id, e.key, v.state FROM entries e JOIN versions v ON v.entry_id = e.id
  AND v.valid_from = (SELECT max(valid_from) FROM versions WHERE entry_id = e.id)
  WHERE e.deployment_id = ? AND e.kind = ? ORDER BY e.id`

/** Room for the state of one position at first. */
const STATE_BYTES_MIN = 4_096

const newestOf = (database: Database, deploymentId: number, kind: Kind): IterableIterator<Row> =>
  database.$client.prepare(NEWEST).raw().iterate(deploymentId, kind) as IterableIterator<Row>

const loadMarkets = (database: Database, deploymentId: number, mirror: MirrorBase): Map<string, Written> => {
  const written = new Map<string, Written>()
  for (const [entryId, key, bytes] of newestOf(database, deploymentId, KIND.market))
    written.set(key, { entryId, bytes })
  const rows = [...written].map(([key, { bytes }]) => [key, bytes] as const)
  for (const [name, market] of marketsOfRows(mirror.deployment, wordsOf(database), rows))
    mirror.markets.set(name, market)
  return written
}

const loadPrices = (database: Database, deploymentId: number, mirror: MirrorBase): Map<string, Written> => {
  const words = wordsOf(database)
  const written = new Map<string, Written>()
  for (const [entryId, key, bytes] of newestOf(database, deploymentId, KIND.price)) {
    written.set(key, { entryId, bytes })
    if (bytes) mirror.prices.set(key, stateFromBytes(bytes, words) as PriceReading)
  }
  return written
}

/** The value of a digit in hex as SQLite writes it, by its character: 48 to 57, or 65 to 70. */
const digitOf = (code: number): number => (code & 15) + 9 * (code >> 6)

/** Bytes of digits in hex. */
const takeHex = ({ text, start, end }: Fields, into: Span): void => {
  const length = (end - start) >> 1
  if (length > into.bytes.length) into.bytes = new Uint8Array(length * 2)
  const { bytes } = into
  for (let index = 0, at = start; index < length; index++, at += 2)
    bytes[index] = (digitOf(text[at] as number) << 4) | digitOf(text[at + 1] as number)
  into.end = length
}

/** Loads the positions of one text: called often, it is compiled well. */
const loadText = (fields: Fields, positions: MirrorBase['positions'], key: Span, state: Span): void => {
  key.bytes = fields.text
  while (fields.take()) {
    const entryId = fields.whole()
    fields.take()
    key.start = fields.start
    key.end = fields.end
    fields.take()
    const validFrom = fields.whole()
    fields.take()
    takeHex(fields, state)
    positions.loadSpans(key, state, validFrom, entryId)
  }
}

const loadPositions = (database: Database, deploymentId: number, { positions }: MirrorBase): void => {
  const key: Span = { bytes: new Uint8Array(), start: 0, end: 0 }
  const state: Span = { bytes: new Uint8Array(STATE_BYTES_MIN), start: 0, end: 0 }
  for (const fields of positionTexts(database, deploymentId, NEWEST_POSITION))
    loadText(fields, positions, key, state)
}

/** Fills an empty mirror with the newest state of a deployment; answers what was last written of its markets and prices. */
export const loadState = (
  database: Database,
  deploymentId: number,
  mirror: MirrorBase,
): { readonly parts: Map<string, Written>; readonly readings: Map<string, Written> } => {
  loadPositions(database, deploymentId, mirror)
  tallyLoaded(mirror)
  return {
    parts: loadMarkets(database, deploymentId, mirror),
    readings: loadPrices(database, deploymentId, mirror),
  }
}
