// What faces read of the store: whole mirrors at their cursor, liquidations.
import { and, asc, desc, eq, gt, lte } from 'drizzle-orm'
import type { BlockRef } from '../model/block.ts'
import type { Liquidation } from '../model/liquidation.ts'
import type { Adapter, Deployment } from '../protocols/adapter.ts'
import { type Book, loadBook } from './book.ts'
import type { Database } from './database.ts'
import { chains, deployments, liquidations } from './schema.ts'

/** One chain as the store has it, with the block of that state and its base fee in wei, where it has one. */
export type StoredChain = {
  readonly book: Book
  readonly block: BlockRef
  readonly baseFeeWei: bigint | null
}

/** All chains that the store has followed, with those deployments that an adapter of the registry understands. */
export const storedChains = (database: Database, registry: readonly Adapter[]): readonly StoredChain[] => {
  const rows = database.select().from(deployments).all()
  return database
    .select()
    .from(chains)
    .all()
    .flatMap(({ chainId, baseFeeWei }) => {
      const wanted = rows
        .filter((row) => row.chainId === chainId)
        .flatMap(({ protocol, deployment }): { adapter: Adapter; deployment: Deployment }[] => {
          const adapter = registry.find((one) => one.protocol === protocol)
          return adapter ? [{ adapter, deployment: { chainId, protocol, deployment } }] : []
        })
      const book = loadBook(database, chainId, wanted)
      return book.cursor ? [{ book, block: book.cursor, baseFeeWei }] : []
    })
}

/** The block of each chain whose state the store has. */
export const storedCursors = (
  database: Database,
): readonly { readonly chainId: number; readonly number: number }[] =>
  database.select({ chainId: chains.chainId, number: chains.blockNumber }).from(chains).all()

/** Liquidations seen, newest first, as stored. */
export const listLiquidations = (database: Database, limit: number) =>
  database
    .select()
    .from(liquidations)
    .orderBy(desc(liquidations.blockNumber), desc(liquidations.logIndex))
    .limit(limit)
    .all()

/** Liquidations of a chain above one block up to another, oldest first. */
export const liquidationsWithin = (
  database: Database,
  chainId: number,
  above: bigint,
  upTo: bigint,
): readonly Liquidation[] =>
  database
    .select()
    .from(liquidations)
    .where(
      and(
        eq(liquidations.chainId, chainId),
        gt(liquidations.blockNumber, Number(above)),
        lte(liquidations.blockNumber, Number(upTo)),
      ),
    )
    .orderBy(asc(liquidations.blockNumber), asc(liquidations.logIndex))
    .all()
    .map(({ chainId: _chainId, blockNumber, ...row }) => ({
      ...(row as Omit<Liquidation, 'blockNumber'>),
      blockNumber: BigInt(blockNumber),
    }))

/** Base fee of each chain's newest block, in wei; null where it has none. */
export const baseFeesOf = (database: Database): ReadonlyMap<number, bigint | null> =>
  new Map(
    database
      .select({ chainId: chains.chainId, baseFeeWei: chains.baseFeeWei })
      .from(chains)
      .all()
      .map(({ chainId, baseFeeWei }) => [chainId, baseFeeWei]),
  )
