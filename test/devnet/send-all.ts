import type { Blocks } from './blocks.ts'
import { DevnetRevertError } from './errors.ts'
import type { Block } from './mining.ts'
import type { Transaction } from './plan.ts'

/** Mines the transactions in one block, none of which may revert. */
export const sendAll = async (
  { send }: Pick<Blocks, 'send'>,
  what: string,
  transactions: readonly Transaction[],
): Promise<Block> => {
  const { block, outcomes } = await send(transactions)
  const failed = outcomes.findIndex(({ status }) => status === 'reverted')
  if (failed >= 0)
    throw new DevnetRevertError(`${what}, transaction ${failed}`, outcomes[failed]?.reason ?? '')
  return block
}
