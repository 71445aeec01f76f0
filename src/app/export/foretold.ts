// Liquidations with what was foretold of them: rows of the store, and what is recomputed beside.
import type { Database } from '../../store/database.ts'
import type { Cell, ExportFilter, ExportRow, ExportTable } from '../../store/export/table.ts'
import { liquidations } from '../../store/export/tables.ts'
import { chunksOf } from '../../units/chunks.ts'
import { foretoldOf } from '../liquidations.ts'

/** Each costs some milliseconds: others have their turn between so many. */
const PAGE_ROWS = 20

const SEIZED = '10^-collateral_decimals collateral_symbol'
const REPAID = '10^-debt_decimals debt_symbol'

const COLUMNS: ExportTable['columns'] = [
  { name: 'before_block_number', type: 'integer', unit: '' },
  { name: 'before_health_factor', type: 'uint256', unit: '10^-18' },
  { name: 'before_is_liquidatable', type: 'boolean', unit: '' },
  { name: 'before_repay_max', type: 'uint256', unit: REPAID },
  { name: 'before_seized', type: 'uint256', unit: SEIZED },
  { name: 'within_is_liquidatable', type: 'boolean', unit: '' },
  { name: 'within_repaid', type: 'uint256', unit: REPAID },
  { name: 'within_seized', type: 'uint256', unit: SEIZED },
  { name: 'difference', type: 'text', unit: `${SEIZED}, signed` },
]

const text = (value: bigint | null | undefined): string | null =>
  value === null || value === undefined ? null : value.toString()

const indexOf = (name: string): number => liquidations.columns.findIndex((column) => column.name === name)
const AT = {
  chainId: indexOf('chain_id'),
  blockNumber: indexOf('block_number'),
  logIndex: indexOf('log_index'),
  position: indexOf('position'),
  repaid: indexOf('repaid'),
  seized: indexOf('seized'),
}

const happenedOf = (row: ExportRow) => ({
  chainId: Number(row[AT.chainId]),
  blockNumber: Number(row[AT.blockNumber]),
  logIndex: Number(row[AT.logIndex]),
  position: String(row[AT.position]),
  repaid: BigInt(row[AT.repaid] ?? 0),
  seized: BigInt(row[AT.seized] ?? 0),
})

const compared = (database: Database, rows: readonly ExportRow[]): readonly ExportRow[] => {
  const foretold = foretoldOf(database, rows.map(happenedOf))
  return rows.map((row, at): readonly Cell[] => {
    const { before, within, difference } = foretold[at] ?? { before: null, within: null, difference: null }
    return [
      ...row,
      ...[before ? Number(before.block.number) : null, text(before?.healthFactor)],
      ...[before?.isLiquidatable ?? null, text(before?.repayMax), text(before?.seized)],
      ...[within?.isLiquidatable ?? null, text(within?.repaid), text(within?.seized)],
      text(difference),
    ]
  })
}

function* pagesOf(database: Database, filter: ExportFilter): Generator<readonly ExportRow[]> {
  for (const rows of liquidations.pages(database, filter))
    for (const some of chunksOf(rows, PAGE_ROWS)) yield compared(database, some)
}

/** `before`: at the last observed block before; `within`: the same state at the prices and the time of the liquidation's own block. */
export const foretoldLiquidations: ExportTable = {
  ...liquidations,
  name: 'liquidations-foretold',
  about: 'the same, each against what the state before gives',
  columns: [...liquidations.columns, ...COLUMNS],
  pages: pagesOf,
}
