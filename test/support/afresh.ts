import type { Address } from 'viem'
import type { Chain } from '../../src/chain/chain.ts'
import type { BlockRef } from '../../src/model/block.ts'
import { readDue } from '../../src/monitor/reading.ts'
import type { Wanted } from '../../src/monitor/track.ts'
import type { Mirror } from '../../src/protocols/adapter.ts'
import { draftOf, emptyMirror } from '../../src/store/draft.ts'

const READ_ROUNDS_MAX = 12

/** A mirror of some accounts read afresh at a block, by the same reads as any other. */
export const readAfresh = async (
  chain: Chain,
  block: BlockRef,
  { adapter, deployment }: Wanted,
  accounts: readonly Address[],
): Promise<Mirror> => {
  const draft = draftOf(emptyMirror(deployment))
  const keys = [
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
