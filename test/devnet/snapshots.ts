import type { Registry } from './aave-v3/registry.ts'
import type { Blocks } from './blocks.ts'
import { DevnetError } from './errors.ts'
import type { Block } from './mining.ts'
import type { Rpc } from './rpc.ts'

/** A point to return to. */
export type Snapshot = { readonly block: Block }

/** Snapshots that can be returned to more than once. */
export const createSnapshots = (rpc: Rpc, blocks: Blocks, registry: Registry) => {
  const ids = new Map<Snapshot, string>()
  const take = async (snapshot: Snapshot) => ids.set(snapshot, await rpc.request<string>('evm_snapshot'))
  return {
    snapshot: async (): Promise<Snapshot> => {
      const snapshot: Snapshot = { block: await blocks.head() }
      await take(snapshot)
      return snapshot
    },
    revert: async (snapshot: Snapshot): Promise<Block> => {
      const id = ids.get(snapshot)
      const reverted = id !== undefined && (await rpc.request<boolean>('evm_revert', [id]))
      if (!reverted) throw new DevnetError(`the snapshot of block ${snapshot.block.number} is gone`)
      // anvil forgets a snapshot when it returns to it.
      await take(snapshot)
      const head = await blocks.head()
      registry.prune(head.number)
      return head
    },
  }
}
