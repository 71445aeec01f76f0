// Finding all borrowers from logs, once: in adaptive ranges, resumable at every step.
import type { Chain } from '../chain/chain.ts'
import type { Key } from '../protocols/adapter.ts'
import type { Discovery, Tracked } from '../store/book.ts'
import { commitDiscovery } from '../store/commit.ts'
import type { Database } from '../store/database.ts'
import { draftOf } from '../store/draft.ts'

/** How far discovery of one deployment is. */
export type DiscoveryProgress = Discovery & {
  readonly protocol: string
  readonly deployment: string
  readonly foundCount: number
}

/**
 * Searches the next range of blocks for borrowers of one deployment and commits what it found. Market state has to be in
 * the mirror already, since it names the contracts to ask.
 */
export const discoverStep = async (
  chain: Chain,
  database: Database,
  tracked: Tracked,
  discovery: Discovery,
): Promise<DiscoveryProgress> => {
  const { adapter, mirror } = tracked
  const { nextBlock, targetBlock } = discovery
  const last = nextBlock + chain.logRange() - 1n
  const toBlock = last < targetBlock ? last : targetBlock
  const subscriptions = adapter.subscriptions(mirror).filter(({ discovers }) => discovers)
  const addresses = [...new Set(subscriptions.flatMap((one) => one.addresses))]
  const topics = [...new Set(subscriptions.flatMap((one) => one.topics))]
  const logs =
    addresses.length === 0 ? [] : await chain.logs({ addresses, topics, fromBlock: nextBlock, toBlock })
  const draft = draftOf(mirror)
  const found = new Set<Key>()
  for (const log of logs) for (const key of draft.apply(adapter.reduce(draft.mirror, log))) found.add(key)
  const after = { ...discovery, nextBlock: toBlock + 1n }
  commitDiscovery(database, tracked, found, after)
  const { protocol, deployment } = mirror.deployment
  return { protocol, deployment, ...after, foundCount: found.size }
}
