// Liquidations as they were seen, and what was said of them before: for the command line, HTTP and export alike.
import { type Foretelling, foretell } from '../monitor/foretelling.ts'
import { registry } from '../protocols/registry.ts'
import type { Database } from '../store/database.ts'
import { type AssetName, assetNamed } from '../store/names.ts'
import { liquidationsWithin, listLiquidations } from '../store/views.ts'

type Row = ReturnType<typeof listLiquidations>[number]

/** What an asset is called and the decimals of its amounts; null where no assessed loan has named it. */
type Named = Pick<AssetName, 'symbol' | 'decimals'> | null

/** `difference` is what was seized less what the state before gives at the block's own prices; null where either is not known or another amount was repaid. */
export type ComparedLiquidation = Omit<Row, 'blockNumber'> & {
  readonly blockNumber: bigint
  readonly debt: Named
  readonly collateral: Named
  readonly foretold: Foretelling & { readonly difference: bigint | null }
}

/** What it takes to look for what was said of a liquidation. */
type Happened = Pick<Row, 'chainId' | 'blockNumber' | 'logIndex' | 'position' | 'repaid' | 'seized'>

const NOTHING: Foretelling = { before: null, within: null }

const keyOf = ({ chainId, blockNumber, position }: Happened): string =>
  `${chainId} ${blockNumber} ${position}`

const withDifference = ({ repaid, seized }: Happened, told: Foretelling): ComparedLiquidation['foretold'] => {
  const within = told.within
  const isComparable = within !== null && within.seized !== null && within.repaid === repaid
  return { ...told, difference: isComparable ? seized - (within.seized ?? 0n) : null }
}

/** What was said of each of some liquidations, in their order. */
export const foretoldOf = (
  database: Database,
  rows: readonly Happened[],
): readonly ComparedLiquidation['foretold'][] => {
  const told = new Map<string, ReadonlyMap<number, Foretelling>>()
  const toldOf = (row: Happened): ReadonlyMap<number, Foretelling> => {
    const number = BigInt(row.blockNumber)
    const mates = liquidationsWithin(database, row.chainId, number - 1n, number).filter(
      ({ position }) => position === row.position,
    )
    const foretellings = foretell(database, registry, row.chainId, mates)
    return new Map(mates.map(({ logIndex }, at) => [logIndex, foretellings[at] ?? NOTHING]))
  }
  return rows.map((row) => {
    const one = told.get(keyOf(row)) ?? toldOf(row)
    told.set(keyOf(row), one)
    return withDifference(row, one.get(row.logIndex) ?? NOTHING)
  })
}

/** The newest liquidations, and what was said of each at the last observed block before. */
export const comparedLiquidations = (database: Database, limit: number): readonly ComparedLiquidation[] => {
  const rows = listLiquidations(database, limit)
  const foretold = foretoldOf(database, rows)
  return rows.map((row, at) => ({
    ...row,
    blockNumber: BigInt(row.blockNumber),
    debt: assetNamed(database, row.chainId, row.debtAsset) ?? null,
    collateral: assetNamed(database, row.chainId, row.collateralAsset) ?? null,
    foretold: foretold[at] ?? { ...NOTHING, difference: null },
  }))
}
