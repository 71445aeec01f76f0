import type { CallResult, ContractCall } from '../model/evm.ts'

/** Answers of calls, each at its call's place. `isWhole`: no request was too large; else it was halved until it was not. */
export type Performed = { readonly results: readonly CallResult[]; readonly isWhole: boolean }

type Perform = (calls: readonly ContractCall[]) => Promise<Performed>

const nameOf = ({ to, data }: ContractCall): string => `${to}${data}`

/** A call that failed without an answer: by itself, or because there was no gas left for it. */
export const isSilent = (result: CallResult | undefined): boolean =>
  result !== undefined && !result.ok && result.data === '0x' && result.error.startsWith('reverted')

export type IsolationOptions = {
  readonly roundsMax: number
  /** Calls ran out of gas together, none of which needs too much alone. */
  onStarved(calls: readonly ContractCall[]): void
}

/**
 * A call that burns all gas starves those behind it, which then fail without an answer. So each such failure is a
 * suspect until it has failed alone: the first is read by itself, the others together, again and again until none is
 * left or `roundsMax` is reached. What failed alone is remembered, so that a feed that is simply broken costs nothing
 * more; what starved others, or made a request too large, is greedy, and to be asked in a request of its own until it answers again.
 */
export const createIsolation = ({ roundsMax, onStarved }: IsolationOptions) => {
  const genuine = new Set<string>()
  const greedy = new Set<string>()

  const note = (call: ContractCall, result: CallResult | undefined, isWhole: boolean): void => {
    const name = nameOf(call)
    if (result?.ok) for (const names of [genuine, greedy]) names.delete(name)
    else if (isSilent(result) && !isWhole) greedy.add(name)
  }

  const settle = async (
    calls: readonly ContractCall[],
    { results, isWhole }: Performed,
    perform: Perform,
    round: number,
  ): Promise<readonly CallResult[]> => {
    for (const [index, call] of calls.entries()) note(call, results[index], isWhole)
    const suspects = calls.flatMap((call, index) =>
      isSilent(results[index]) && !genuine.has(nameOf(call)) ? [index] : [],
    )
    const [first, ...others] = suspects
    const firstCall = first === undefined ? undefined : calls[first]
    if (first === undefined || !firstCall || round >= roundsMax) return results
    const settled = [...results]
    const [alone] = calls.length === 1 ? results : (await perform([firstCall])).results
    if (alone) settled[first] = alone
    if (isSilent(alone)) genuine.add(nameOf(firstCall))
    else {
      greedy.delete(nameOf(firstCall))
      if (calls.length > 1) onStarved(calls)
    }
    const otherCalls = others.flatMap((index) => calls[index] ?? [])
    const again =
      otherCalls.length === 0 ? [] : await settle(otherCalls, await perform(otherCalls), perform, round + 1)
    if (isSilent(alone) && again.some(({ ok }) => ok)) greedy.add(nameOf(firstCall))
    others.forEach((index, at) => {
      const result = again[at]
      if (result) settled[index] = result
    })
    return settled
  }

  return {
    isGreedy: (call: ContractCall): boolean => greedy.has(nameOf(call)),
    read: async (calls: readonly ContractCall[], perform: Perform): Promise<readonly CallResult[]> =>
      settle(calls, await perform(calls), perform, 0),
  }
}
