// Liquidations as they were seen, and what was said of them before: for the command line, HTTP and export alike.
import { type Foretelling, foretell } from '../monitor/foretelling.ts'
import { registry } from '../protocols/registry.ts'
import type { Database } from '../store/database.ts'
import { liquidationsWithin, listLiquidations } from '../store/views.ts'

type Row = ReturnType<typeof listLiquidations>[number]

/** `difference` is what was seized less what the state before gives at the block's own prices; null where either is not known or another amount was repaid. */
export type ComparedLiquidation = Omit<Row, 'blockNumber'> & {
  readonly blockNumber: bigint
  readonly foretold: Foretelling & { readonly difference: bigint | null }
}

const keyOf = ({ chainId, blockNumber, position }: Row): string => `${chainId} ${blockNumber} ${position}`

const comparedOf = (row: Row, { before, within }: Foretelling): ComparedLiquidation => ({
  ...row,
  blockNumber: BigInt(row.blockNumber),
  foretold: {
    ...{ before, within },
    difference:
      within?.seized === undefined || within.seized === null || within.repaid !== row.repaid
        ? null
        : row.seized - within.seized,
  },
})

/** Rows with what was said of each. */
export const compareLiquidations = (
  database: Database,
  rows: readonly Row[],
): readonly ComparedLiquidation[] => {
  const told = new Map<string, ReadonlyMap<number, Foretelling>>()
  const toldOf = (row: Row): ReadonlyMap<number, Foretelling> => {
    const number = BigInt(row.blockNumber)
    const mates = liquidationsWithin(database, row.chainId, number - 1n, number).filter(
      ({ position }) => position === row.position,
    )
    const foretellings = foretell(database, registry, row.chainId, mates)
    return new Map(
      mates.map(({ logIndex }, at) => [logIndex, foretellings[at] ?? { before: null, within: null }]),
    )
  }
  return rows.map((row) => {
    const one = told.get(keyOf(row)) ?? toldOf(row)
    told.set(keyOf(row), one)
    return comparedOf(row, one.get(row.logIndex) ?? { before: null, within: null })
  })
}

/** The newest liquidations, and what was said of each at the last observed block before. */
export const comparedLiquidations = (database: Database, limit: number): readonly ComparedLiquidation[] =>
  compareLiquidations(database, listLiquidations(database, limit))
