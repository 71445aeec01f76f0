// A table of the store as a file: one stream for the command line and for HTTP.
import { setImmediate } from 'node:timers/promises'
import type { Database } from '../../store/database.ts'
import type { ExportFilter, ExportTable } from '../../store/export/table.ts'
import { storedTables } from '../../store/export/tables.ts'
import { csvEncoder } from './csv.ts'
import type { Described, Encoder } from './encoder.ts'
import { foretoldLiquidations } from './foretold.ts'
import { jsonEncoder } from './json.ts'

/** Formats, with what HTTP calls them. */
export const EXPORT_FORMATS = {
  csv: { mediaType: 'text/csv; charset=utf-8' },
  json: { mediaType: 'application/json' },
  parquet: { mediaType: 'application/vnd.apache.parquet' },
} as const

export type ExportFormat = keyof typeof EXPORT_FORMATS

const encoderOf = async (format: ExportFormat, table: Described): Promise<Encoder> => {
  if (format === 'csv') return csvEncoder(table)
  if (format === 'json') return jsonEncoder(table)
  return (await import('./parquet.ts')).parquetEncoder(table)
}

/** All tables that can be exported. */
export const exportTables: readonly ExportTable[] = storedTables.flatMap((table) =>
  table.name === 'liquidations' ? [table, foretoldLiquidations] : [table],
)

/** The table of a name; undefined where there is none. */
export const exportTableNamed = (name: string): ExportTable | undefined =>
  exportTables.find((table) => table.name === name)

export type ExportOptions = {
  readonly table: ExportTable
  readonly filter: ExportFilter
  readonly format: ExportFormat
  /** Told after each page how many rows there have been so far. */
  onRows?(count: number): void
}

/**
 * A table as the bytes of a file, read as fast as they are taken; between pages others have their turn. At most a page, or a row
 * group of Parquet, is held. Each page is a read of its own, so that a slow taker never holds the log of the database back: rows
 * that come, go or are thinned meanwhile may or may not be there. A caller that wants one state of all begins a transaction on a
 * connection of its own first.
 */
export async function* exported(
  database: Database,
  { table, filter, format, onRows }: ExportOptions,
): AsyncGenerator<Uint8Array> {
  const encoder = await encoderOf(format, table)
  let count = 0
  for (const rows of table.pages(database, filter)) {
    const bytes = encoder.page(rows)
    if (bytes.length > 0) yield bytes
    count += rows.length
    onRows?.(count)
    await setImmediate()
  }
  yield encoder.end()
}
