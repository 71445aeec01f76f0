// Which deployments a chain follows, and where each begins.

import type { Chain, Header } from '../chain/chain.ts'
import { findStartBlock } from '../chain/start-block.ts'
import type { Adapter, Deployment } from '../protocols/adapter.ts'
import {
  type Book,
  type Discovery,
  loadBook,
  startTracking,
  type Tracked,
  writeDiscovery,
} from '../store/book.ts'
import type { Database } from '../store/database.ts'
import type { Follow } from './plan.ts'

/** A deployment with the adapter that understands it. */
export type Wanted = { readonly adapter: Adapter; readonly deployment: Deployment }

const trackedOf = (book: Book, { deployment }: Wanted): Tracked | undefined =>
  book.tracked.find(
    ({ mirror }) =>
      mirror.deployment.protocol === deployment.protocol &&
      mirror.deployment.deployment === deployment.deployment,
  )

const firstBlock = async (chain: Chain, { adapter, deployment }: Wanted, head: Header): Promise<bigint> =>
  deployment.fromBlock ?? findStartBlock(chain, adapter.rootContract(deployment), head.number)

/** The search for borrowers that a newly followed deployment needs; its target moves to the first block of state. */
const discoveryOf = async (
  chain: Chain,
  wanted: Wanted,
  follow: Follow,
  head: Header,
): Promise<Discovery | undefined> => {
  if (follow === 'watched') return undefined
  const fromBlock = await firstBlock(chain, wanted, head)
  return { fromBlock, nextBlock: fromBlock, targetBlock: head.number }
}

/**
 * Loads the book of a chain and begins to track what is new in it: in `book` mode with a search for borrowers from the
 * deployment's first block, also where only watched accounts were followed before. Throws `NoArchiveError` where that
 * block is neither configured nor to be found.
 */
export const trackDeployments = async (
  chain: Chain,
  database: Database,
  wanted: readonly Wanted[],
  follow: Follow,
  head: Header,
): Promise<Book> => {
  const book = loadBook(database, chain.id, wanted)
  for (const one of wanted) {
    const tracked = trackedOf(book, one)
    if (tracked?.discovery || (tracked && follow === 'watched')) continue
    const discovery = await discoveryOf(chain, one, follow, head)
    if (tracked) {
      writeDiscovery(database, tracked, discovery)
      tracked.discovery = discovery
    } else book.tracked.push(startTracking(database, one.adapter, one.deployment, discovery))
  }
  return book
}
