// Which deployments a chain follows, and where each begins.

import type { Chain, Header } from '../chain/chain.ts'
import { findStartBlock } from '../chain/start-block.ts'
import type { BlockRef } from '../model/block.ts'
import { messageOf } from '../model/errors.ts'
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
import { isUnlisted } from './discovery.ts'
import type { Follow } from './plan.ts'

/** A deployment with the adapter that understands it. */
export type Wanted = { readonly adapter: Adapter; readonly deployment: Deployment }

const trackedOf = (book: Book, { deployment }: Wanted): Tracked | undefined =>
  book.tracked.find(
    ({ mirror }) =>
      mirror.deployment.protocol === deployment.protocol &&
      mirror.deployment.deployment === deployment.deployment,
  )

/** Where a deployment begins: as configured or known, else found by the first block of its code. Throws `NoArchiveError`. */
export const firstBlock = async (
  chain: Chain,
  { adapter, deployment }: Wanted,
  head: Pick<BlockRef, 'number'>,
): Promise<bigint> =>
  deployment.fromBlock ?? findStartBlock(chain, adapter.rootContract(deployment), head.number)

/** What has to be searched for: borrowers, or markets that no view lists, or nothing. */
const scopeOf = ({ adapter, deployment }: Wanted, follow: Follow): Discovery['scope'] | undefined => {
  if (follow === 'book') return 'borrowers'
  return isUnlisted(adapter, deployment) ? 'markets' : undefined
}

/** The search that a followed deployment needs; its target moves to the first block of state. One for borrowers found the markets too. */
const discoveryOf = async (
  chain: Chain,
  wanted: Wanted,
  scope: Discovery['scope'] | undefined,
  known: Discovery | undefined,
  head: Header,
): Promise<Discovery | undefined> => {
  if (scope === undefined) return undefined
  if (scope === 'markets' && known) return { ...known, scope }
  const fromBlock = await firstBlock(chain, wanted, head)
  return { scope, fromBlock, nextBlock: fromBlock, targetBlock: head.number }
}

/** The search, or why there can be none; without borrowers a book is nothing, so there that is thrown. */
const searchOf = async (
  chain: Chain,
  wanted: Wanted,
  scope: Discovery['scope'] | undefined,
  known: Discovery | undefined,
  head: Header,
): Promise<Pick<Tracked, 'discovery' | 'unlisted'>> => {
  try {
    return { discovery: await discoveryOf(chain, wanted, scope, known, head), unlisted: undefined }
  } catch (error) {
    if (scope === 'borrowers') throw error
    return { discovery: undefined, unlisted: { hash: head.hash, detail: messageOf(error) } }
  }
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
    const scope = scopeOf(one, follow)
    const tracked = trackedOf(book, one)
    if (tracked && tracked.discovery?.scope === scope) continue
    const search = await searchOf(chain, one, scope, tracked?.discovery, head)
    if (tracked) {
      writeDiscovery(database, tracked, search.discovery)
      Object.assign(tracked, search)
    } else
      book.tracked.push({
        ...startTracking(database, one.adapter, one.deployment, search.discovery),
        ...search,
      })
  }
  return book
}
