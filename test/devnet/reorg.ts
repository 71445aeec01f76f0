import type { Registry } from './aave-v3/registry.ts'
import { BLOCK_SECONDS, type Blocks } from './blocks.ts'
import { DevnetError } from './errors.ts'
import type { Block, TransactionRequest } from './mining.ts'

export type ReorgOptions = {
  /** Whether the orphaned transactions come back, all in the first new block, with the same hashes. */
  readonly reinclude?: boolean
  /** Mines the replacement, with the ordinary methods; what is then missing in height is filled with empty blocks. */
  readonly replace?: () => Promise<unknown>
  /** How far above the orphaned head the new one is at least; 0 unless told. Negative: a shorter chain. */
  readonly extraBlocks?: number
  /** Between each filling block and its parent; 12 unless told. */
  readonly seconds?: number
}

export type Reorg = {
  /** The last block that both chains share. */
  readonly ancestor: Block
  /** From the lowest to the former head. */
  readonly orphaned: readonly Block[]
  readonly head: Block
}

/**
 * A real reorg: the node forgets the orphaned blocks, with their logs, receipts and state by hash. For a moment, until
 * the replacement is mined, the node's head is lower.
 */
export const createReorg =
  (blocks: Blocks, registry: Registry) =>
  async (depth: number, options: ReorgOptions = {}): Promise<Reorg> => {
    const { replace, reinclude = false, extraBlocks = 0, seconds = BLOCK_SECONDS } = options
    const former = await blocks.head()
    if (depth < 1 || depth > former.number)
      throw new DevnetError(`a reorg of ${depth} blocks at height ${former.number}`)
    const orphaned: Block[] = []
    const transactions: TransactionRequest[] = []
    for (let number = former.number - depth + 1; number <= former.number; number++) {
      orphaned.push(await blocks.block(number))
      if (reinclude) transactions.push(...(await blocks.transactions(number)))
    }
    await blocks.rollback(depth)
    const ancestor = await blocks.head()
    registry.prune(ancestor.number)
    if (transactions.length > 0) await blocks.resend(transactions, seconds)
    await replace?.()
    const missing = former.number + extraBlocks - (await blocks.head()).number
    const head = missing > 0 ? await blocks.mine(missing, seconds) : await blocks.head()
    return { ancestor, orphaned, head }
  }
