// Words of Morpho's storage, read with extSloads.
import { type Address, encodeFunctionData, type Hex } from 'viem'
import { morphoAbi } from '../../../abis/morpho-blue.ts'
import type { Call, CallResult } from '../../model/evm.ts'
import { type Answer, answerOf } from '../answers.ts'

const SLOADS_GAS_BASE = 30_000
const SLOADS_GAS_PER_WORD = 2_600

/** Words of Morpho's storage, as many as are asked for, in one call. */
export const sloads = (morpho: Address, slots: readonly Hex[]): Call => ({
  to: morpho,
  data: encodeFunctionData({ abi: morphoAbi, functionName: 'extSloads', args: [slots] }),
  gasMax: SLOADS_GAS_BASE + SLOADS_GAS_PER_WORD * slots.length,
})

/** The words that `sloads` asked for; another number of them is no answer. */
export const wordsOf = (result: CallResult | undefined, count: number): Answer<readonly Hex[]> => {
  const answer = answerOf(morphoAbi, 'extSloads', result)
  if (answer.ok && answer.value.length !== count) {
    const error = `extSloads answered ${answer.value.length} words instead of ${count}`
    return { ok: false, error, fault: { reason: 'read-failed', detail: error } }
  }
  return answer
}
