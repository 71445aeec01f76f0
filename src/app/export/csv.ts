import type { Cell, ExportRow } from '../../store/export/table.ts'
import { bytesOf, type Described, type Encoder } from './encoder.ts'

const NEEDS_QUOTES = /[",\r\n]/
/** What a spreadsheet would take for a formula: symbols of tokens are chosen by strangers. */
const FORMULA = /^[=+\-@\t\r]/

const textOf = (cell: Cell): string => {
  if (cell === null) return ''
  if (typeof cell !== 'string') return String(cell)
  const text = FORMULA.test(cell) ? `'${cell}` : cell
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

const lineOf = (row: ExportRow): string => `${row.map(textOf).join(',')}\n`

/** RFC 4180 with line feeds and a line of names first; NULL is empty, a text that begins like a formula has a `'` before it. */
export const csvEncoder = ({ columns }: Described): Encoder => {
  let head = lineOf(columns.map(({ name }) => name))
  const take = (rows: readonly ExportRow[]): Uint8Array => {
    const text = head + rows.map(lineOf).join('')
    head = ''
    return bytesOf(text)
  }
  return { page: take, end: () => take([]) }
}
