import type { Header } from '../chain/chain.ts'
import type { Log } from '../model/evm.ts'
import type { Follower } from './cycle.ts'
import type { Span } from './reorg.ts'

/** The logs of a span that a book is followed by; none where only accounts are watched. Throws what the chain throws. */
export const followedLogs = async (
  { chain, book, follow }: Pick<Follower, 'chain' | 'book' | 'follow'>,
  head: Header,
  span: Span,
): Promise<readonly Log[]> => {
  if (follow === 'watched' || !span.ancestor || span.isSameBlock) return []
  const subscriptions = book.tracked.flatMap(({ adapter, mirror }) => adapter.subscriptions(mirror))
  const addresses = [...new Set(subscriptions.flatMap((one) => one.addresses))]
  const topics = [...new Set(subscriptions.flatMap((one) => one.topics))]
  if (addresses.length === 0) return []
  return chain.logs({ addresses, topics, fromBlock: span.ancestor.number + 1n, toBlock: head.number }, head)
}
