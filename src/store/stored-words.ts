import { gte } from 'drizzle-orm'
import type { Database } from './database.ts'
import { words as table } from './schema.ts'
import { createWords, type Words } from './words.ts'

type Stored = { readonly words: Words; savedCount: number }

const stored = new WeakMap<Database, Stored>()

const storedOf = (database: Database): Stored => {
  const one = stored.get(database) ?? { words: createWords(), savedCount: 0 }
  stored.set(database, one)
  return one
}

/** The dictionary of a database, with what its writer has added since. */
export const wordsOf = (database: Database): Words => {
  const one = storedOf(database)
  for (const { text } of database
    .select()
    .from(table)
    .where(gte(table.id, one.words.size))
    .orderBy(table.id)
    .all())
    one.savedCount = one.words.numberOf(text) + 1
  return one.words
}

/** Writes new words inside the caller's transaction; answers what is to be called once that is durable. */
export const saveWords = (database: Database): (() => void) => {
  const one = storedOf(database)
  const texts = one.words.since(one.savedCount)
  for (const [index, text] of texts.entries())
    database
      .insert(table)
      .values({ id: one.savedCount + index, text })
      .onConflictDoNothing()
      .run()
  return () => {
    one.savedCount += texts.length
  }
}
