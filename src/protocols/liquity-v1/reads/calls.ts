// Calls of the contracts' functions, by the names that each family gives them.
import type { Abi, Address } from 'viem'
import type { CallResult, ContractCall } from '../../../model/evm.ts'
import { type Answer, answerOf } from '../../answers.ts'
import { callsWith } from '../../calls.ts'

/** For views that read a few words behind a proxy. */
export const VIEW_GAS_MAX = 60_000

/** A call of one function. */
export const callOf = callsWith(VIEW_GAS_MAX)

/** One view without arguments, and what its answer is called here. */
export type View = { readonly to: Address; readonly abi: Abi; readonly functionName: string }

/** Several views that are read together, by the names of their answers. */
export type Views<Name extends string> = Readonly<Record<Name, View>>

/** The calls of views, in the order of their names. */
export const viewCalls = <Name extends string>(
  views: Views<Name>,
  immutable = false,
): readonly ContractCall[] =>
  Object.values<View>(views).map(({ to, abi, functionName }) => ({
    ...callOf(to, abi, functionName, []),
    ...(immutable ? { immutable } : {}),
  }))

/** What views answered, by name: all of them numbers, or all of them addresses. The first that failed is the fault of all. */
export const answersIn = <T extends bigint | Address, Name extends string = string>(
  views: Views<Name>,
  results: readonly CallResult[],
): Answer<Readonly<Record<Name, T>>> => {
  const values: Record<string, unknown> = {}
  for (const [index, [name, { abi, functionName }]] of Object.entries<View>(views).entries()) {
    const answer: Answer<unknown> = answerOf(abi, functionName, results[index])
    if (!answer.ok) return answer
    values[name] = answer.value
  }
  return { ok: true, value: values as Readonly<Record<Name, T>> }
}
