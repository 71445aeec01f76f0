// Accounts under watch besides those of the configuration.
import { asc, eq } from 'drizzle-orm'
import type { Address } from 'viem'
import { watches } from './alert-schema.ts'
import { type Database, writing } from './database.ts'

/** `receivers` null: all of them. `createdAt`: unix seconds. */
export type StoredWatch = {
  readonly account: Address
  readonly label: string | null
  readonly receivers: readonly string[] | null
  readonly createdAt: number
}

/** Stored watches, oldest first. */
export const storedWatches = (database: Database): readonly StoredWatch[] =>
  database
    .select()
    .from(watches)
    .orderBy(asc(watches.createdAt), asc(watches.account))
    .all()
    .map(({ account, label, receivers, createdAt }) => ({
      account: account as Address,
      label,
      receivers: receivers as readonly string[] | null,
      createdAt,
    }))

/** Writes a watch, in place of the account's own before. Throws `DatabaseFullError`. */
export const writeWatch = (database: Database, { account, createdAt, ...rest }: StoredWatch): void => {
  writing(database, () =>
    database
      .insert(watches)
      .values({ account, createdAt, ...rest })
      .onConflictDoUpdate({ target: watches.account, set: rest })
      .run(),
  )
}

/** Removes an account's watch; answers whether there was one. Throws `DatabaseFullError`. */
export const removeWatch = (database: Database, account: Address): boolean =>
  writing(database, () => database.delete(watches).where(eq(watches.account, account)).run().changes > 0)
