// What is read of every position when a book is opened, as text of many rows at once: a row of its own costs more than all else.
import type { Database } from './database.ts'
import { KIND } from './entries.ts'

/** Entries of one text, at most. */
const ENTRIES_MAX = 1_024

const LINE_END = 10
const SPACE = 32
const ZERO = 48

/** Fields of the text's lines, each ended by a space or the end of its line, in their order. */
export type Fields = {
  readonly text: Uint8Array
  /** Where the field is that was last taken. */
  readonly start: number
  readonly end: number
  /** Takes the next field; false where the text has ended. */
  take(): boolean
  /** The field as the whole number that it is the digits of. */
  whole(): number
}

const fieldsOf = (text: Uint8Array): Fields => {
  const fields = {
    text,
    start: 0,
    end: -1,
    take: () => {
      fields.start = fields.end + 1
      if (fields.start >= text.length) return false
      let at = fields.start
      while (at < text.length && text[at] !== SPACE && text[at] !== LINE_END) at++
      fields.end = at
      return true
    },
    whole: () => {
      let value = 0
      for (let at = fields.start; at < fields.end; at++) value = value * 10 + (text[at] as number) - ZERO
      return value
    },
  }
  return fields
}

/**
 * Texts of all positions of a deployment, by the numbers of their entries: a line for each of which `line`, SQL over an entry
 * `e`, is not null. Fields are separated by single spaces and have none themselves.
 */
export function* positionTexts(database: Database, deploymentId: number, line: string): Generator<Fields> {
  const newest = database.$client.prepare('SELECT max(id) FROM entries').pluck().get() as number | null
  const texts = database.$client
    .prepare(
      `SELECT CAST(group_concat(${line}, char(${LINE_END})) AS BLOB) FROM entries e
        WHERE e.id > ? AND e.id <= ? AND +e.deployment_id = ? AND +e.kind = ?`,
    )
    .pluck()
  for (let after = 0; after < (newest ?? 0); after += ENTRIES_MAX) {
    const text = texts.get(after, after + ENTRIES_MAX, deploymentId, KIND.position) as Buffer | null
    if (text) yield fieldsOf(text)
  }
}
