import { QueryClient } from '@tanstack/query-core'
import type { BlockRef } from '../model/block.ts'
import type { Call, CallResult } from '../model/evm.ts'

/** How long block-keyed answers are kept after their last use. */
const GC_TIME_MS = 60_000

export type CallCache = {
  /** Answers calls at a block; what is not cached is read together, in one go, and shared with whoever asks meanwhile. */
  read(block: BlockRef, calls: readonly Call[]): Promise<readonly CallResult[]>
  clear(): void
}

/** A failure that must not be remembered: it travels as an error through the query and is unpacked behind it. */
class FailedCallError extends Error {
  override readonly name = 'FailedCallError'
  readonly result: CallResult
  constructor(result: CallResult) {
    super('a failed call is not cached')
    this.result = result
  }
}

const isImmutable = (call: Call): boolean => 'immutable' in call && call.immutable === true

/**
 * Caches answers by block hash, and those of immutable calls for good. `fetch` performs what is missing. Failures of
 * immutable calls are not kept: a contract may come to be.
 */
export const createCallCache = (
  chainId: number,
  fetch: (block: BlockRef, calls: readonly Call[]) => Promise<readonly CallResult[]>,
): CallCache => {
  const client = new QueryClient({
    defaultOptions: { queries: { retry: 0, staleTime: 'static', networkMode: 'always' } },
  })
  const keyOf = (block: BlockRef, call: Call): readonly string[] => {
    const where = isImmutable(call) ? 'immutable' : block.hash
    const parts =
      'slots' in call ? call.slots : [...(call.before ?? []), call].flatMap(({ to, data }) => [to, data])
    return ['slots' in call ? 'storage' : 'call', String(chainId), where, call.to, ...parts]
  }

  return {
    read: async (block, calls) => {
      const missing = calls.filter((call) => {
        const state = client.getQueryState(keyOf(block, call))
        return state?.status !== 'success' && state?.fetchStatus !== 'fetching'
      })
      const fetched = missing.length === 0 ? Promise.resolve([]) : fetch(block, missing)
      fetched.catch(() => undefined)
      const positions = new Map(missing.map((call, index) => [call, index]))
      const one = async (call: Call): Promise<CallResult> => {
        const result = (await fetched)[positions.get(call) ?? -1]
        if (!result) throw new Error('a call that was cached is gone')
        if (isImmutable(call) && !result.ok) throw new FailedCallError(result)
        return result
      }
      return Promise.all(
        calls.map((call) =>
          client
            .fetchQuery({
              queryKey: keyOf(block, call),
              queryFn: () => one(call),
              gcTime: isImmutable(call) ? Number.POSITIVE_INFINITY : GC_TIME_MS,
            })
            .catch((error: unknown) => {
              if (error instanceof FailedCallError) return error.result
              throw error
            }),
        ),
      )
    },
    clear: () => client.clear(),
  }
}
