// What a cycle spends on reading alone: reducing logs, encoding calls, decoding answers. Done beside the cycle and dropped.
import type { Header } from '../../../src/chain/chain.ts'
import type { Follower } from '../../../src/monitor/cycle.ts'
import { planReads } from '../../../src/monitor/plan.ts'
import { readDue } from '../../../src/monitor/reading.ts'
import { timed } from '../measure.ts'
import type { SyntheticChain } from '../synthetic/chain.ts'

export type ReadingCost = { readonly ms: number; readonly processorMs: number }

/** The same plan and reads as the cycle at `head` makes, without what the chain takes to answer. Changes nothing. */
export const readingCost = async (
  { book, limits }: Follower,
  chain: SyntheticChain,
  head: Header,
): Promise<ReadingCost> => {
  chain.forget()
  const whole = await timed(async () => {
    const logs = await chain.logs()
    const plans = book.tracked.map((tracked) =>
      planReads(tracked, {
        ...{ follow: 'book', watched: [], logs, orphaned: undefined, isSameBlock: false },
        backlogKeysMax: limits.backlogKeysMax,
      }),
    )
    await readDue(plans, {
      block: head,
      read: (calls, ancestors) => chain.read(head, calls, ancestors),
      ...{ ancestors: [], extraCalls: [], readRoundsMax: limits.readRoundsMax },
      isObsolete: () => false,
    })
  })
  const answering = chain.answering()
  chain.forget()
  return { ms: whole.ms - answering.ms, processorMs: whole.processorMs - answering.processorMs }
}
