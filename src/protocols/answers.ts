// Contract answers taken apart: each is a value, or the reason why there is none.
import {
  type Abi,
  type ContractFunctionName,
  type ContractFunctionReturnType,
  decodeFunctionResult,
  hexToString,
} from 'viem'
import { messageOf } from '../model/errors.ts'
import type { CallResult } from '../model/evm.ts'
import type { Fault } from '../model/market.ts'

/** `error` is what the contract said instead of an answer, `fault` the same with the function's name before it. */
export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: string; readonly fault: Fault }

/** The answer of a call, decoded by its ABI; a failed call or an answer that does not decode is a fault that names the call. */
export const answerOf = <const TAbi extends Abi, TName extends ContractFunctionName<TAbi>>(
  abi: TAbi,
  functionName: TName,
  result: CallResult | undefined,
): Answer<ContractFunctionReturnType<TAbi, 'view' | 'pure' | 'nonpayable', TName>> => {
  const failed = (error: string): Answer<never> => ({
    ok: false,
    error,
    fault: { reason: 'read-failed', detail: `${functionName}: ${error}` },
  })
  if (!result) return failed('was not read')
  if (!result.ok) return failed(result.error)
  try {
    const value = decodeFunctionResult({
      abi: abi as Abi,
      functionName: functionName as string,
      data: result.data,
    })
    return {
      ok: true,
      value: value as ContractFunctionReturnType<TAbi, 'view' | 'pure' | 'nonpayable', TName>,
    }
  } catch (error) {
    return failed(`the answer does not decode (${messageOf(error)})`)
  }
}

/** The first fault among answers, if any. */
export const faultAmong = (...answers: readonly Answer<unknown>[]): Fault | undefined => {
  for (const answer of answers) if (!answer.ok) return answer.fault
  return undefined
}

/** A token's symbol, also where it is a bytes32 as in the oldest tokens; control characters are left out. */
export const symbolOf = (decoded: Answer<string>, result: CallResult | undefined): string | undefined => {
  const text = decoded.ok
    ? decoded.value
    : result?.ok && result.data.length === 66
      ? hexToString(result.data, { size: 32 })
      : undefined
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a symbol is text from the chain and may hold anything
  return text?.replace(/[\u0000-\u001f\u007f]/g, '').slice(0, 32)
}
