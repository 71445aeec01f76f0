// Liquidations in pages, narrowed by who and where.
import { and, desc, eq, getTableColumns, gte, lt, lte, or, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/sqlite-core'
import type { Address } from 'viem'
import type { Database } from './database.ts'
import { assetNames, liquidations as table } from './schema.ts'

/** Where a page ended: block, index of the log, chain. */
export type LiquidationPlace = readonly [blockNumber: number, logIndex: number, chainId: number]

export type LiquidationQuery = {
  readonly chain?: number | undefined
  /** `chainId:protocol:deployment:market`, or the beginning of it up to a colon. */
  readonly market?: string | undefined
  readonly owner?: Address | undefined
  readonly liquidator?: Address | undefined
  readonly fromBlock?: bigint | undefined
  readonly toBlock?: bigint | undefined
  readonly after?: LiquidationPlace | undefined
  readonly limit: number
}

const debtName = alias(assetNames, 'debt_name')
const collateralName = alias(assetNames, 'collateral_name')

const isBehind = ([blockNumber, logIndex, chainId]: LiquidationPlace) =>
  or(
    lt(table.blockNumber, blockNumber),
    and(eq(table.blockNumber, blockNumber), lt(table.logIndex, logIndex)),
    and(eq(table.blockNumber, blockNumber), eq(table.logIndex, logIndex), lt(table.chainId, chainId)),
  )

/** One page, newest block first, with what the assets are called where that is known; `next` is where the next page begins, undefined on the last one. */
export const liquidationPage = (
  database: Database,
  { chain, market, owner, liquidator, fromBlock, toBlock, after, limit }: LiquidationQuery,
) => {
  const rows = database
    .select({
      ...getTableColumns(table),
      debt: { symbol: debtName.symbol, decimals: debtName.decimals },
      collateral: { symbol: collateralName.symbol, decimals: collateralName.decimals },
    })
    .from(table)
    .leftJoin(debtName, and(eq(debtName.chainId, table.chainId), eq(debtName.asset, table.debtAsset)))
    .leftJoin(
      collateralName,
      and(eq(collateralName.chainId, table.chainId), eq(collateralName.asset, table.collateralAsset)),
    )
    .where(
      and(
        chain === undefined ? undefined : eq(table.chainId, chain),
        market === undefined
          ? undefined
          : sql`substr(${table.position}, 1, ${market.length + 1}) = ${`${market}:`}`,
        owner === undefined ? undefined : eq(table.owner, owner),
        liquidator === undefined ? undefined : eq(table.liquidator, liquidator),
        fromBlock === undefined ? undefined : gte(table.blockNumber, Number(fromBlock)),
        toBlock === undefined ? undefined : lte(table.blockNumber, Number(toBlock)),
        after && isBehind(after),
      ),
    )
    .orderBy(desc(table.blockNumber), desc(table.logIndex), desc(table.chainId))
    .limit(limit + 1)
    .all()
  const last = rows[limit - 1]
  const next: LiquidationPlace | undefined =
    last && rows.length > limit ? [last.blockNumber, last.logIndex, last.chainId] : undefined
  return {
    rows: rows.slice(0, limit).map((row) => ({ ...row, blockNumber: BigInt(row.blockNumber) })),
    next,
  }
}
