// Parquet by row groups: what one group needs is all that is ever held.
import { ByteWriter, ParquetWriter } from 'hyparquet-writer'
import type { Cell, ColumnType } from '../../store/export/table.ts'
import { bytesOf, type Described, type Encoder } from './encoder.ts'

/** Rows of a group: a reader skips groups whole, so they are not small; a group is held in memory, so they are not large. */
const GROUP_ROWS = 10_000

type Schema = ConstructorParameters<typeof ParquetWriter>[0]['schema']
type Element = Schema[number]

/** uint256 does not fit DECIMAL, which ends at 38 digits for most readers: it is a text of its decimal digits. */
const TEXT = { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } } as const
const TYPES: Readonly<Record<ColumnType, Omit<Element, 'name'>>> = {
  text: TEXT,
  uint256: TEXT,
  json: TEXT,
  integer: { type: 'INT64' },
  boolean: { type: 'BOOLEAN' },
}

const schemaOf = (columns: Described['columns']): Schema => [
  { name: 'root', num_children: columns.length },
  ...columns.map(({ name, type }): Element => ({ name, ...TYPES[type], repetition_type: 'OPTIONAL' })),
]

const storedOf = (type: ColumnType, cell: Cell | undefined): Cell | bigint =>
  type === 'integer' && typeof cell === 'number' ? BigInt(cell) : (cell ?? null)

/** Takes what has been written, and leaves the writer where it is in the file. */
const taken = (writer: ByteWriter): Uint8Array => {
  const bytes = writer.getBytes().slice()
  writer.index = 0
  return bytes
}

/**
 * A Parquet file, snappy-compressed; integers are INT64, exact big ones texts of their digits. The unit of each column stands
 * in the key-value metadata of the file, as `unit:<column>`.
 */
export const parquetEncoder = ({ columns }: Described): Encoder => {
  const bytes = new ByteWriter()
  const parquet = new ParquetWriter({
    writer: bytes,
    schema: schemaOf(columns),
    kvMetadata: columns.flatMap(({ name, unit }) => (unit ? [{ key: `unit:${name}`, value: unit }] : [])),
    createdBy: 'plimsoll',
  })
  let count = 0
  let gathered = columns.map((): (Cell | bigint)[] => [])
  const writeGroup = (): void => {
    if (count === 0) return
    const columnData = columns.map(({ name }, at) => ({ name, data: gathered[at] ?? [], offsetIndex: false }))
    parquet.write({ columnData, rowGroupSize: count })
    gathered = columns.map(() => [])
    count = 0
  }
  return {
    page: (rows) => {
      for (const [at, { type }] of columns.entries()) {
        const column = gathered[at]
        for (const row of rows) column?.push(storedOf(type, row[at]))
      }
      count += rows.length
      if (count < GROUP_ROWS) return bytesOf('')
      writeGroup()
      return taken(bytes)
    },
    end: () => {
      writeGroup()
      parquet.finish()
      return taken(bytes)
    },
  }
}
