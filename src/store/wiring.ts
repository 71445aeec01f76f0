// What price sources were found to rest on, by chain.
import { eq } from 'drizzle-orm'
import type { Address } from 'viem'
import type { Leaf } from '../model/feed.ts'
import { type Database, inTransaction } from './database.ts'
import { oracleWiring } from './schema.ts'

/** Feeds by the source that rests on them, as far as any was read. */
export const loadWiring = (database: Database, chainId: number): ReadonlyMap<Address, readonly Leaf[]> =>
  new Map(
    database
      .select()
      .from(oracleWiring)
      .where(eq(oracleWiring.chainId, chainId))
      .all()
      .map(({ source, feeds }) => [source as Address, feeds as readonly Leaf[]]),
  )

/** Keeps what was read at a block, over what was known before, all or nothing. Throws `DatabaseFullError` where the disk refuses. */
export const saveWiring = (
  database: Database,
  chainId: number,
  blockNumber: bigint,
  wiring: ReadonlyMap<Address, readonly Leaf[]>,
): void => {
  inTransaction(database, () => {
    for (const [source, feeds] of wiring) {
      const row = { chainId, source, blockNumber: Number(blockNumber), feeds }
      database
        .insert(oracleWiring)
        .values(row)
        .onConflictDoUpdate({ target: [oracleWiring.chainId, oracleWiring.source], set: row })
        .run()
    }
  })
}
