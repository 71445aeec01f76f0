// How results are shown: a table for people, an object for programs.
import { table } from '../../src/cli/print/table.ts'

/** One table of the result. The first column names the row. */
export type Report = {
  readonly name: string
  readonly title: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly (string | number)[])[]
}

const decimalsOf = (value: number): number => (Number.isInteger(value) ? 0 : Math.abs(value) < 1 ? 3 : 1)

const textOf = (value: string | number): string => {
  if (typeof value === 'string') return value
  const digits = decimalsOf(value)
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })
}

/** The table with its title. */
export const printed = ({ title, columns, rows }: Report): string =>
  `${title}\n${table(
    columns.map((head, index) => ({ head, align: index === 0 ? 'left' : 'right' })),
    rows.map((row) => row.map(textOf)),
  )}`

/** Numbers as they were measured, unrounded. */
export const asJson = ({ title, columns, rows }: Report) => ({
  title,
  rows: rows.map((row) => Object.fromEntries(columns.map((column, index) => [column, row[index]]))),
})
