import type { Address } from 'viem'
import type { Assessment } from '../model/assessment.ts'
import type { Position } from '../model/market.ts'
import { subjectOf } from '../model/subject.ts'
import { assessOne, bookEnvOf } from '../monitor/assessing.ts'
import type { Follower } from '../monitor/cycle.ts'
import { quotesOf } from '../monitor/quoting.ts'
import { unassessable } from '../protocols/assessing.ts'
import { type Book, loadBook } from '../store/book.ts'
import type { Database } from '../store/database.ts'
import { type ChainState, silenceOf } from './chain-states.ts'

/** Positions of watched accounts as a follower has them, each assessed at its last cycle. */
const followed = ({ book, attentions }: Follower): readonly Assessment[] => {
  const { cursor, tracked } = book
  if (!cursor) return []
  const quotes = quotesOf(tracked)
  return tracked.flatMap((one) => {
    const env = bookEnvOf(one, cursor, quotes)
    return [...(attentions.get(one)?.watchedKeys() ?? [])].flatMap((key) => {
      const position = one.mirror.positions.get(key)
      return position ? [assessOne(one, position, env)] : []
    })
  })
}

/** The same where nobody follows, or the last cycle is too long ago: what was there is not known any more. */
const unknown = (
  { cursor, tracked }: Book,
  accounts: readonly Address[],
  detail: string,
): readonly Assessment[] => {
  if (!cursor) return []
  const isWatched = ({ owner }: Position): boolean => accounts.includes(owner)
  return tracked.flatMap(({ mirror }) =>
    [...mirror.positions.values()]
      .filter(isWatched)
      .map((position) => unassessable(subjectOf(position, cursor), { reason: 'endpoint-down', detail })),
  )
}

/** The loans of watched accounts on one chain as they are known now; a chain that is silent makes them unassessable. */
export const watchedLoans = (
  database: Database,
  state: ChainState,
  accounts: readonly Address[],
  atMs: number,
): readonly Assessment[] => {
  const { follower, chainConfig } = state
  const silence = silenceOf(state, atMs)
  if (follower && silence === undefined) return followed(follower)
  const book = follower?.book ?? loadBook(database, chainConfig.id, chainConfig.wanted)
  return unknown(book, accounts, silence ?? 'it is not followed')
}
