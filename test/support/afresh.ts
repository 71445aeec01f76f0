import type { Address } from 'viem'
import type { Chain } from '../../src/chain/chain.ts'
import type { BlockRef } from '../../src/model/block.ts'
import { type Catalogue, type CatalogueStore, listMarkets } from '../../src/monitor/catalogue.ts'
import { isUnlisted } from '../../src/monitor/discovery.ts'
import { readDue } from '../../src/monitor/reading.ts'
import type { Wanted } from '../../src/monitor/track.ts'
import type { Mirror } from '../../src/protocols/adapter.ts'
import { draftOf, emptyMirror } from '../../src/store/draft.ts'

const READ_ROUNDS_MAX = 12

/** Deeper than any reorg of a test. */
const REORG_DEPTH_MAX = 64

/** Remembers which markets logs announced, for as long as it is held. */
export const createMemory = (): CatalogueStore => {
  const known = new Map<string, Catalogue>()
  return {
    load: ({ deployment: { protocol } }) => known.get(protocol),
    save: ({ deployment: { protocol } }, catalogue) => known.set(protocol, catalogue),
  }
}

/** A mirror of some accounts read afresh at a block, by the same reads as any other. */
export const readAfresh = async (
  chain: Chain,
  block: BlockRef,
  { adapter, deployment }: Wanted,
  accounts: readonly Address[],
  memory = createMemory(),
): Promise<Mirror> => {
  const draft = draftOf(emptyMirror(deployment, adapter))
  const catalogue = { store: memory, reorgDepthMax: REORG_DEPTH_MAX, onProgress: () => undefined }
  const listed = isUnlisted(adapter, deployment)
    ? await listMarkets(chain, { adapter, deployment }, block, catalogue)
    : []
  const keys = [
    ...listed,
    ...adapter.stateKeys(draft.mirror),
    ...accounts.flatMap((account) => adapter.locate(draft.mirror, account)),
  ]
  await readDue([{ adapter, draft, one: new Set(), many: new Set(keys) }], {
    block,
    read: (calls) => chain.read(block, calls, []),
    ancestors: [],
    extraCalls: [],
    readRoundsMax: READ_ROUNDS_MAX,
    isObsolete: () => false,
  })
  return draft.mirror
}
