// The markets of a deployment that only logs list, for reads on demand: searched for once, remembered, gone on with.
import type { Chain } from '../chain/chain.ts'
import type { BlockRef } from '../model/block.ts'
import type { Deployment, Key } from '../protocols/adapter.ts'
import { emptyMirror } from '../store/draft.ts'
import { searchLogs } from './discovery.ts'
import { firstBlock, type Wanted } from './track.ts'

/** Keys of the markets found in blocks up to, but not including, `nextBlock`. */
export type Catalogue = { readonly nextBlock: bigint; readonly keys: readonly Key[] }

/** Where catalogues are remembered. */
export type CatalogueStore = {
  load(wanted: Wanted): Catalogue | undefined
  save(wanted: Wanted, catalogue: Catalogue): void
}

/** How far the search is, in blocks. */
export type CatalogueProgress = {
  readonly deployment: Deployment
  readonly fromBlock: bigint
  readonly nextBlock: bigint
  readonly targetBlock: bigint
}

export type CatalogueOptions = {
  readonly store: CatalogueStore
  /** What is remembered stays this many blocks below the block of the read, since what lies above may be orphaned. */
  readonly reorgDepthMax: number
  onProgress(progress: CatalogueProgress): void
}

/** Keys of all markets that were announced up to a block. Throws what the chain throws; what was found stays remembered. */
export const listMarkets = async (
  chain: Chain,
  wanted: Wanted,
  block: BlockRef,
  { store, reorgDepthMax, onProgress }: CatalogueOptions,
): Promise<readonly Key[]> => {
  const { adapter, deployment } = wanted
  const mirror = emptyMirror(deployment, adapter)
  const known = store.load(wanted)
  const keys = new Set(known?.keys)
  const fromBlock = known?.nextBlock ?? (await firstBlock(chain, wanted, block))
  const settledUntil = block.number - BigInt(reorgDepthMax)
  let nextBlock = fromBlock
  while (nextBlock <= block.number) {
    const isSettled = nextBlock <= settledUntil
    const lastBlock = isSettled ? settledUntil : block.number
    const { keys: found, toBlock } = await searchLogs(chain, adapter, mirror, 'markets', nextBlock, lastBlock)
    for (const key of found) keys.add(key)
    nextBlock = toBlock + 1n
    if (isSettled) store.save(wanted, { nextBlock, keys: [...keys] })
    onProgress({ deployment, fromBlock, nextBlock, targetBlock: block.number })
  }
  return [...keys]
}
