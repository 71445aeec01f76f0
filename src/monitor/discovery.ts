// Finding all borrowers from logs, once: in adaptive ranges, resumable at every step.
import type { Chain } from '../chain/chain.ts'
import type { Key } from '../protocols/adapter.ts'
import type { Tracked } from '../store/book.ts'
import { commitDiscovery } from '../store/commit.ts'
import type { Database } from '../store/database.ts'
import { draftOf } from '../store/draft.ts'

/** How far discovery of one deployment is. */
export type DiscoveryProgress = {
  readonly protocol: string
  readonly deployment: string
  readonly fromBlock: bigint
  readonly nextBlock: bigint
  readonly targetBlock: bigint
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
): Promise<DiscoveryProgress> => {
  const { adapter, mirror, targetBlock, nextBlock: fromBlock } = tracked
  const last = fromBlock + chain.logRange() - 1n
  const toBlock = last < targetBlock ? last : targetBlock
  const subscriptions = adapter.subscriptions(mirror).filter(({ discovers }) => discovers)
  const addresses = [...new Set(subscriptions.flatMap((one) => one.addresses))]
  const topics = [...new Set(subscriptions.flatMap((one) => one.topics))]
  const logs = addresses.length === 0 ? [] : await chain.logs({ addresses, topics, fromBlock, toBlock })
  const draft = draftOf(mirror)
  const found = new Set<Key>()
  for (const log of logs) for (const key of draft.apply(adapter.reduce(draft.mirror, log))) found.add(key)
  commitDiscovery(database, tracked, found, toBlock + 1n)
  const { protocol, deployment } = mirror.deployment
  return { protocol, deployment, fromBlock, nextBlock: toBlock + 1n, targetBlock, foundCount: found.size }
}
