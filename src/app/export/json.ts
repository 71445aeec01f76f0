import type { ExportRow } from '../../store/export/table.ts'
import { bytesOf, type Described, type Encoder } from './encoder.ts'

/**
 * One document: `{ "table", "columns": [{ name, type, unit }], "rows": [{ … }] }`, a row a line. Exact integers are decimal
 * strings, columns of JSON stand as what they are.
 */
export const jsonEncoder = ({ name, columns }: Described): Encoder => {
  let before = `{"table":${JSON.stringify(name)},"columns":${JSON.stringify(columns)},"rows":[\n`
  const fields = columns.map(({ name: field, type }) => ({
    isJson: type === 'json',
    key: JSON.stringify(field),
  }))
  const objectOf = (row: ExportRow): string =>
    `{${fields
      .map(({ key, isJson }, at) => {
        const cell = row[at] ?? null
        return `${key}:${isJson && typeof cell === 'string' ? cell : JSON.stringify(cell)}`
      })
      .join(',')}}`
  return {
    page: (rows) => {
      if (rows.length === 0) return bytesOf('')
      const text = before + rows.map(objectOf).join(',\n')
      before = ',\n'
      return bytesOf(text)
    },
    end: () => bytesOf(`${before === ',\n' ? '' : before}\n]}\n`),
  }
}
