// Tables as they leave the store: page by page in the order of their key, so that no reader holds a table in memory.
import type { Address } from 'viem'
import { toJson } from '../../model/json.ts'
import { decodeState } from '../../model/state-text.ts'
import type { Database } from '../database.ts'
import { u256OfHex } from '../u256.ts'

/** `uint256` is exact, a decimal string; `json` is a text of JSON, big integers in it decimal strings. */
export type ColumnType = 'text' | 'integer' | 'boolean' | 'uint256' | 'json'

/** `unit` says what a number counts or in which unit an amount is; empty where that is no question. */
export type ExportColumn = {
  readonly name: string
  readonly type: ColumnType
  readonly unit: string
  /** What it is in SQL, over the tables of the source. */
  readonly sql: string
}

export type Cell = string | number | boolean | null
export type ExportRow = readonly Cell[]

/** What is wanted of a table. Times are seconds, both ends among them; `market` is an id or the beginning of ids, up to a colon. */
export type ExportFilter = {
  readonly since?: number | undefined
  readonly until?: number | undefined
  readonly accounts?: readonly Address[] | undefined
  readonly market?: string | undefined
}

export type FilterName = keyof ExportFilter

/** Where the rows of a table come from. `key` are SQL expressions by which a row is found and that order all of them. */
export type Source = {
  readonly name: string
  readonly about: string
  readonly columns: readonly ExportColumn[]
  readonly from: string
  readonly key: readonly string[]
  /** Seconds, to filter by. */
  readonly time?: string
  /** A condition with a `?` for a JSON array of accounts. */
  readonly ofAccounts?: string
  /** An id of a market or a position, to filter by. */
  readonly id?: string
}

/** A table that can be exported, read from any database of this version. */
export type ExportTable = {
  readonly name: string
  readonly about: string
  readonly columns: readonly Omit<ExportColumn, 'sql'>[]
  /** Filters that mean something for it. */
  readonly filters: readonly FilterName[]
  /** How many rows there are. */
  count(database: Database, filter: ExportFilter): number
  /** All rows in the order of the key, some thousand at a time; each page is a read of its own. */
  pages(database: Database, filter: ExportFilter): Iterable<readonly ExportRow[]>
}

const PAGE_ROWS = 2_000

const CELLS: Readonly<Record<ColumnType, (value: unknown) => Cell>> = {
  text: (value) => value as Cell,
  integer: (value) => value as Cell,
  boolean: (value) => value === 1,
  uint256: (value) => u256OfHex(value as string).toString(),
  json: (value) => JSON.stringify(toJson(decodeState(value as string))),
}

/** As it is selected: bytes come as hex, since a buffer each for millions of values outlives many turns of the collector. */
const selectedOf = ({ type, sql }: ExportColumn): string =>
  type === 'uint256' ? `nullif(hex(${sql}), '')` : sql

type Condition = { readonly sql: string; readonly values: readonly unknown[] }

const conditionsOf = (
  { time, ofAccounts, id }: Source,
  { since, until, accounts, market }: ExportFilter,
): readonly Condition[] => {
  const conditions: Condition[] = []
  if (time && since !== undefined) conditions.push({ sql: `${time} >= ?`, values: [since] })
  if (time && until !== undefined) conditions.push({ sql: `${time} <= ?`, values: [until] })
  if (ofAccounts && accounts !== undefined)
    conditions.push({ sql: ofAccounts, values: [JSON.stringify(accounts)] })
  if (id && market !== undefined)
    conditions.push({ sql: `substr(${id} || ':', 1, ?) = ?`, values: [market.length + 1, `${market}:`] })
  return conditions
}

const whereOf = (conditions: readonly Condition[]): string =>
  conditions.length === 0 ? '' : `WHERE ${conditions.map(({ sql }) => sql).join(' AND ')}`

const valuesOf = (conditions: readonly Condition[]): readonly unknown[] =>
  conditions.flatMap(({ values }) => values)

function* pagesOf(database: Database, source: Source, filter: ExportFilter): Generator<readonly ExportRow[]> {
  const { columns, from, key } = source
  const conditions = conditionsOf(source, filter)
  const readers = columns.map(({ type }) => CELLS[type])
  const order = key.join(', ')
  const selected = [...columns.map(selectedOf), ...key].join(', ')
  let last: readonly unknown[] | undefined
  for (;;) {
    const all = last
      ? [...conditions, { sql: `(${order}) > (${key.map(() => '?').join(', ')})`, values: last }]
      : conditions
    const rows = database.$client
      .prepare(`SELECT ${selected} FROM ${from} ${whereOf(all)} ORDER BY ${order} LIMIT ${PAGE_ROWS}`)
      .raw()
      .all(...valuesOf(all)) as readonly (readonly unknown[])[]
    if (rows.length > 0)
      yield rows.map((row) => readers.map((read, index) => (row[index] === null ? null : read(row[index]))))
    if (rows.length < PAGE_ROWS) return
    last = rows.at(-1)?.slice(columns.length)
  }
}

const countOf = (database: Database, source: Source, filter: ExportFilter): number => {
  const conditions = conditionsOf(source, filter)
  return database.$client
    .prepare(`SELECT count(*) FROM ${source.from} ${whereOf(conditions)}`)
    .pluck()
    .get(...valuesOf(conditions)) as number
}

/** The table of a source. */
export const exportTable = (source: Source): ExportTable => {
  const { name, about, columns, time, ofAccounts, id } = source
  const filters: readonly (readonly [FilterName, unknown])[] = [
    ['since', time],
    ['until', time],
    ['accounts', ofAccounts],
    ['market', id],
  ]
  return {
    ...{ name, about },
    columns: columns.map(({ sql: _sql, ...column }) => column),
    filters: filters.flatMap(([filter, isThere]) => (isThere === undefined ? [] : [filter])),
    count: (database, filter) => countOf(database, source, filter),
    pages: (database, filter) => pagesOf(database, source, filter),
  }
}
