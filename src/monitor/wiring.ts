// How price sources hang together, read from the chain: a few requests, however many sources there are.
import type { Address } from 'viem'
import type { BlockRef } from '../model/block.ts'
import type { Call, CallResult } from '../model/evm.ts'
import type { Leaf } from '../model/feed.ts'
import { leavesOf, type Source, sourceCalls, sourceIn, WIRING_DEPTH_MAX } from '../protocols/oracle-wiring.ts'

/** Feeds by the source that rests on them. */
export type Wiring = ReadonlyMap<Address, readonly Leaf[]>

/** Sources that are asked in all, their own sources included: no deployment has as many. */
const SOURCES_MAX = 2_000

/** Reads what price sources rest on at a block, one round of calls for each step of depth. Throws what `read` throws. */
export const readWiring = async (
  read: (block: BlockRef, calls: readonly Call[]) => Promise<readonly CallResult[]>,
  block: BlockRef,
  wanted: Iterable<Address>,
): Promise<Wiring> => {
  const roots = [...new Set(wanted)]
  const sources = new Map<Address, Source>()
  let due = roots
  for (let depth = 0; depth <= WIRING_DEPTH_MAX && due.length > 0; depth++) {
    const asked = due.slice(0, SOURCES_MAX - sources.size)
    const calls = asked.map(sourceCalls)
    const results = await read(block, calls.flat())
    let offset = 0
    for (const [index, source] of asked.entries()) {
      const count = calls[index]?.length ?? 0
      sources.set(source, sourceIn(results.slice(offset, offset + count)))
      offset += count
    }
    const behind = asked.flatMap((source) => sources.get(source)?.behind ?? [])
    due = [...new Set(behind.map(({ address }) => address))].filter((address) => !sources.has(address))
  }
  return new Map(roots.map((source) => [source, leavesOf(source, sources)]))
}
