// A series of health as a Parquet file.
import type { Snapshot } from '../../model/snapshot.ts'
import type { Cell, ExportTable } from '../../store/export/table.ts'
import { parquetEncoder } from './parquet.ts'

type Point = Omit<Snapshot, 'cause'> & { readonly cause: string }

const text = (value: bigint | null): string | null => (value === null ? null : value.toString())

const COLUMNS: ExportTable['columns'] = [
  { name: 'position', type: 'text', unit: '' },
  { name: 'owner', type: 'text', unit: '' },
  { name: 'block_number', type: 'integer', unit: '' },
  { name: 'timestamp', type: 'integer', unit: 's' },
  { name: 'cause', type: 'text', unit: '' },
  { name: 'health_factor', type: 'uint256', unit: '10^-18' },
  { name: 'collateral_value', type: 'uint256', unit: 'units of the quote of the market' },
  { name: 'debt_value', type: 'uint256', unit: 'units of the quote of the market' },
  { name: 'is_liquidatable', type: 'boolean', unit: '' },
  { name: 'reason', type: 'text', unit: '' },
]

const rowOf = (point: Point): readonly Cell[] => [
  ...[point.position, point.owner, Number(point.blockNumber), point.timestamp, point.cause],
  ...[text(point.healthFactor), text(point.collateralValue), text(point.debtValue)],
  ...[point.isLiquidatable, point.reason],
]

/** Points in the order in which they are given, columns as in an export of snapshots. */
export const parquetOfPoints = (points: readonly Point[]): Uint8Array => {
  const encoder = parquetEncoder({ name: 'history', columns: COLUMNS })
  return Buffer.concat([encoder.page(points.map(rowOf)), encoder.end()])
}
