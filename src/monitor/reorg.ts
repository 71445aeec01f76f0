// Noticing that the cursor's block is no longer on the chain, and finding the last one that is.
import type { Chain, Header } from '../chain/chain.ts'
import type { BlockRef } from '../model/block.ts'

/** From where on logs are wanted, and what a reorg orphaned. `ancestor` undefined with `isReorg`: none is left, start over. */
export type Span = {
  readonly isReorg: boolean
  readonly ancestor: BlockRef | undefined
  readonly isSameBlock: boolean
}

/** How far back a block's state can answer for the hashes of its ancestors (the EVM's BLOCKHASH). */
export const BLOCKHASH_DEPTH = 256n

/** How a head relates to the block that the database holds. */
export type Relation = 'same' | 'extends' | 'unproven' | 'reorged' | 'behind'

/** What the header alone tells of a head's relation to the cursor. `unproven` needs the cursor's hash from the head's own state. */
export const relationOf = (head: Header, cursor: BlockRef): Relation => {
  if (head.hash === cursor.hash) return 'same'
  if (head.number === cursor.number) return 'reorged'
  if (head.number < cursor.number) return 'behind'
  if (head.number === cursor.number + 1n) return head.parentHash === cursor.hash ? 'extends' : 'reorged'
  return 'unproven'
}

/**
 * A head below the cursor: either an endpoint that lags, whose head is a block we passed, or a chain that became shorter.
 * Lagging is assumed where the endpoint still knows the cursor's block or one of the stored blocks at that height.
 */
export const isLagging = async (
  chain: Chain,
  head: Header,
  cursor: BlockRef,
  stored: readonly BlockRef[],
): Promise<boolean> => {
  if (stored.some(({ hash }) => hash === head.hash)) return true
  const header = await chain.header(cursor.number)
  return header?.hash === cursor.hash
}

/**
 * The newest stored block that is an ancestor of `head`, asked of the head's own state in one read, or by number where it
 * lies deeper than the EVM remembers. Undefined when none is.
 */
export const commonAncestor = async (
  chain: Chain,
  head: Header,
  stored: readonly BlockRef[],
): Promise<BlockRef | undefined> => {
  const below = stored.filter(({ number }) => number < head.number)
  const shallow = below.filter(({ number }) => head.number - number <= BLOCKHASH_DEPTH)
  const { ancestors } = await chain.read(
    head,
    [],
    shallow.map(({ number }) => number),
  )
  const found = shallow.find(({ number, hash }) => ancestors.get(number) === hash)
  if (found) return found
  for (const block of below.filter(({ number }) => head.number - number > BLOCKHASH_DEPTH)) {
    const header = await chain.header(block.number)
    if (header?.hash === block.hash) return block
  }
  return undefined
}
