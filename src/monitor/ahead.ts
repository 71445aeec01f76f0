// Logs of one span after the other, fetched ahead, handed out in order.
import type { Chain, LogQuery } from '../chain/chain.ts'
import type { Log } from '../model/evm.ts'

/** Logs of one span, whole. */
export type Fetched = { readonly query: LogQuery; readonly logs: readonly Log[] }

type Fetching = { readonly query: LogQuery; readonly logs: Promise<readonly Log[]> }

/** What is asked of the whole search: contracts, topics, and the blocks still to be searched. */
export type Ahead = {
  /**
   * The logs of the first span of `rest`; those behind it are fetched meanwhile, and kept for the next call where that
   * goes on from there. Throws what the chain throws, and the reason of `signal` when that aborts; then what is being
   * fetched is still kept.
   */
  next(rest: LogQuery, signal: AbortSignal): Promise<Fetched>
  /** Drops what was fetched ahead, as after a reorg. */
  forget(): void
}

const isContinued = (wanted: LogQuery, fetching: LogQuery): boolean =>
  wanted.fromBlock === fetching.fromBlock &&
  wanted.toBlock >= fetching.toBlock &&
  wanted.addresses.join() === fetching.addresses.join() &&
  wanted.topics.join() === fetching.topics.join()

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason)
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })

/** Fetches in the background until `closing` aborts: one span until the first is answered, then so many side by side. */
export const createAhead = (chain: Chain, closing: AbortSignal): Ahead => {
  let queue: Fetching[] = []
  let dropped = new AbortController()
  let width = 1

  const forget = (): void => {
    dropped.abort(new Error('what was fetched ahead is not wanted any more'))
    dropped = new AbortController()
    queue = []
  }
  const fetchNext = (rest: LogQuery): void => {
    const fromBlock = (queue.at(-1)?.query.toBlock ?? rest.fromBlock - 1n) + 1n
    const last = fromBlock + chain.learnt().logRange - 1n
    const query = { ...rest, fromBlock, toBlock: last < rest.toBlock ? last : rest.toBlock }
    const logs = chain.background(AbortSignal.any([closing, dropped.signal])).logs(query)
    logs.catch(() => undefined)
    queue.push({ query, logs })
  }
  const fill = (rest: LogQuery): void => {
    while (queue.length < width && (queue.at(-1)?.query.toBlock ?? rest.fromBlock - 1n) < rest.toBlock)
      fetchNext(rest)
  }
  return {
    forget,
    next: async (rest, signal) => {
      const [kept] = queue
      if (kept && !isContinued(rest, kept.query)) forget()
      fill(rest)
      const [first] = queue
      if (!first) throw new Error('there is no block left to be searched')
      try {
        const logs = await Promise.race([first.logs, aborted(signal)])
        width = chain.requestsInFlightMax
        queue.shift()
        fill({ ...rest, fromBlock: first.query.toBlock + 1n })
        return { query: first.query, logs }
      } catch (error) {
        if (!signal.aborted) forget()
        throw error
      }
    },
  }
}
