// Which deployments a chain follows, and where each begins.

import type { Chain, Header } from '../chain/chain.ts'
import { findStartBlock } from '../chain/start-block.ts'
import type { Adapter, Deployment } from '../protocols/adapter.ts'
import { type Book, loadBook, startTracking } from '../store/book.ts'
import type { Database } from '../store/database.ts'
import type { Follow } from './plan.ts'

/** A deployment with the adapter that understands it. */
export type Wanted = { readonly adapter: Adapter; readonly deployment: Deployment }

const isTracked = (book: Book, { deployment }: Wanted): boolean =>
  book.tracked.some(
    ({ mirror }) =>
      mirror.deployment.protocol === deployment.protocol &&
      mirror.deployment.deployment === deployment.deployment,
  )

const firstBlock = async (chain: Chain, { adapter, deployment }: Wanted, head: Header): Promise<bigint> =>
  deployment.fromBlock ?? findStartBlock(chain, adapter.rootContract(deployment), head.number)

/**
 * Loads the book of a chain and begins to track what is new in it: in `book` mode with a search for borrowers from the
 * deployment's first block to `head`. Throws `NoArchiveError` where that block is neither configured nor to be found.
 */
export const trackDeployments = async (
  chain: Chain,
  database: Database,
  wanted: readonly Wanted[],
  follow: Follow,
  head: Header,
): Promise<Book> => {
  const book = loadBook(database, chain.id, wanted)
  for (const one of wanted.filter((each) => !isTracked(book, each))) {
    const start = follow === 'book' ? await firstBlock(chain, one, head) : head.number + 1n
    const tracked = startTracking(database, one.adapter, one.deployment, start, head.number)
    book.tracked.push(tracked)
  }
  return book
}
