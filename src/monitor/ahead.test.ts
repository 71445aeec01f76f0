import { expect, test } from 'vitest'
import type { Chain, LogQuery } from '../chain/chain.ts'
import type { Log } from '../model/evm.ts'
import { createAhead } from './ahead.ts'

const RANGE = 10n

type Asked = { readonly from: bigint; readonly signal: AbortSignal; end(error?: unknown): void }

/** A chain whose log requests are under way until told; each answers one log that names its first block. */
const setUp = () => {
  const asked: Asked[] = []
  const chain = {
    requestsInFlightMax: 3,
    learnt: () => ({ logRange: RANGE, callGasMax: undefined, answerBytesMax: undefined }),
    background: (signal: AbortSignal) => ({
      logs: ({ fromBlock }: LogQuery) =>
        new Promise<readonly Log[]>((resolve, reject) =>
          asked.push({
            from: fromBlock,
            signal,
            end: (error) =>
              error === undefined ? resolve([{ blockNumber: fromBlock } as Log]) : reject(error),
          }),
        ),
    }),
  } as unknown as Chain
  const ahead = createAhead(chain, new AbortController().signal)
  const next = async (fromBlock: bigint, toBlock: bigint, signal = new AbortController().signal) => {
    const { query, logs } = await ahead.next({ addresses: [], topics: [], fromBlock, toBlock }, signal)
    return [query.fromBlock, query.toBlock, logs[0]?.blockNumber]
  }
  const end = (from: bigint, error?: unknown): void => asked.findLast((one) => one.from === from)?.end(error)
  return { asked, ahead, next, end, starts: () => asked.map(({ from }) => from) }
}

test('the first span alone, then several ahead, handed out in order', async () => {
  const { next, end, starts } = setUp()
  const first = next(0n, 54n)
  expect(starts()).toEqual([0n])
  end(0n)
  expect(await first).toEqual([0n, 9n, 0n])
  expect(starts()).toEqual([0n, 10n, 20n, 30n])
  const second = next(10n, 54n)
  end(20n)
  end(10n)
  expect(await second).toEqual([10n, 19n, 10n])
  expect(await next(20n, 54n)).toEqual([20n, 29n, 20n])
  for (const from of [30n, 40n, 50n]) end(from)
  for (const from of [30n, 40n]) expect(await next(from, 54n)).toEqual([from, from + 9n, from])
  expect(await next(50n, 54n)).toEqual([50n, 54n, 50n])
  expect(starts()).toHaveLength(6)
})

test('who gives way loses nothing of what is being fetched', async () => {
  const { next, end, starts } = setUp()
  const due = new AbortController()
  const waiting = next(0n, 9n, due.signal)
  due.abort(new Error('a cycle is due'))
  await expect(waiting).rejects.toThrow('a cycle is due')
  end(0n)
  expect(await next(0n, 9n)).toEqual([0n, 9n, 0n])
  expect(starts()).toEqual([0n])
})

test('a failure, a reorg, or another place to go on from drops what was fetched ahead', async () => {
  const { asked, ahead, next, end, starts } = setUp()
  const failing = next(0n, 39n)
  end(0n, new Error('down'))
  await expect(failing).rejects.toThrow('down')
  const again = next(0n, 39n)
  end(0n)
  await again
  expect(starts()).toEqual([0n, 0n, 10n, 20n, 30n])
  ahead.forget()
  expect(asked.slice(2).every(({ signal }) => signal.aborted)).toBe(true)
  const after = next(10n, 39n)
  end(10n)
  expect(await after).toEqual([10n, 19n, 10n])
  const back = next(5n, 39n)
  end(5n)
  expect(await back).toEqual([5n, 14n, 5n])
})
