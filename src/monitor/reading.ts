// Reading due keys of several deployments at one block, round after round until nothing is due.
import type { Hash } from 'viem'
import type { PinnedRead } from '../chain/chain.ts'
import type { BlockRef } from '../model/block.ts'
import type { Call, CallResult } from '../model/evm.ts'
import type { Adapter, Key, Read, Rounds } from '../protocols/adapter.ts'
import type { Draft } from '../store/draft.ts'

/** What is to be read of one deployment. `one`: must do in one round; `many`: may take more rounds to spare calls. */
export type Work = {
  readonly adapter: Adapter
  readonly draft: Draft
  readonly one: ReadonlySet<Key>
  readonly many: ReadonlySet<Key>
}

export type ReadingOptions = {
  readonly block: BlockRef
  /** Performs calls at the block; only the first round asks for ancestors. */
  read(calls: readonly Call[], ancestors: readonly bigint[]): Promise<PinnedRead>
  readonly ancestors: readonly bigint[]
  /** Calls that ride along with the first round. */
  readonly extraCalls: readonly Call[]
  readonly readRoundsMax: number
  /** Asked after the first round, before anything is decoded; true abandons the reading. */
  isObsolete(ancestors: ReadonlyMap<bigint, Hash>): boolean
}

export type Reading =
  | { readonly kind: 'obsolete' }
  | {
      readonly kind: 'read'
      readonly extraResults: readonly CallResult[]
      readonly ancestors: ReadonlyMap<bigint, Hash>
      /** Keys of each work that were still due when the rounds ran out. */
      readonly unread: readonly ReadonlySet<Key>[]
      readonly roundCount: number
    }

const readsOf = ({ adapter, draft }: Work, due: ReadonlySet<Key>, rounds: Rounds): readonly Read[] =>
  due.size === 0 ? [] : adapter.reads(draft.mirror, [...due], rounds)

/** Performs one round: all reads of all works in as few requests as the gas cap allows, then decodes in order. Answers what is due next. */
const applyRound = (
  works: readonly Work[],
  reads: readonly (readonly Read[])[],
  results: readonly CallResult[],
  block: BlockRef,
): readonly Set<Key>[] => {
  let offset = 0
  return works.map(({ draft }, index) => {
    const due = new Set<Key>()
    for (const read of reads[index] ?? []) {
      const own = results.slice(offset, offset + read.calls.length)
      offset += read.calls.length
      for (const key of draft.apply(read.decode(own, block, draft.mirror))) due.add(key)
    }
    return due
  })
}

/** Reads until nothing is due or `readRoundsMax` is reached. Drafts hold the result; they are to be dropped when it is obsolete. */
export const readDue = async (works: readonly Work[], options: ReadingOptions): Promise<Reading> => {
  const { block, extraCalls } = options
  let reads = works.map((work) => [...readsOf(work, work.one, 'one'), ...readsOf(work, work.many, 'many')])
  let pinned = await options.read(
    [...reads.flatMap((own) => own.flatMap(({ calls }) => calls)), ...extraCalls],
    options.ancestors,
  )
  if (options.isObsolete(pinned.ancestors)) return { kind: 'obsolete' }
  const { ancestors } = pinned
  const extraResults = pinned.results.slice(pinned.results.length - extraCalls.length)
  let roundCount = 1
  let due = applyRound(works, reads, pinned.results, block)
  while (due.some(({ size }) => size > 0) && roundCount < options.readRoundsMax) {
    const keysDue = due
    reads = works.map((work, index) => [...readsOf(work, keysDue[index] ?? new Set(), 'many')])
    const calls = reads.flatMap((own) => own.flatMap((read) => read.calls))
    pinned = calls.length === 0 ? { results: [], ancestors } : await options.read(calls, [])
    due = applyRound(works, reads, pinned.results, block)
    roundCount += 1
  }
  return { kind: 'read', extraResults, ancestors, unread: due, roundCount }
}
