// Rows of a table as bytes, a page at a time.
import type { ExportRow, ExportTable } from '../../store/export/table.ts'

/** What a table is, for those who write it down. */
export type Described = Pick<ExportTable, 'name' | 'columns'>

/** Turns pages into bytes, in order; what they return may be empty where rows are gathered. `end` comes once, last. */
export type Encoder = {
  page(rows: readonly ExportRow[]): Uint8Array
  end(): Uint8Array
}

const utf8 = new TextEncoder()

/** Bytes of text. */
export const bytesOf = (text: string): Uint8Array => utf8.encode(text)
