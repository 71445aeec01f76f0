// Limits of an endpoint that nobody told: met, learnt, kept to.
import { encodeFunctionData } from 'viem'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { poolAbi } from '../../abis/aave-v3.ts'
import { type Devnet, startDevnet } from '../../test/devnet/devnet.ts'
import { type ProviderProxy, startProxy } from '../../test/devnet/proxy.ts'
import type { Call } from '../model/evm.ts'
import type { Chain, ChainEvent } from './chain.ts'
import { createChain } from './create.ts'
import { NoEndpointError } from './failover.ts'
import { type ChainLimits, defaultChainLimits } from './limits.ts'

let devnet: Devnet
let proxy: ProviderProxy
let events: ChainEvent[] = []
const chains: Chain[] = []

beforeAll(async () => {
  devnet = await startDevnet()
  proxy = await startProxy(devnet.url)
  await devnet.mine({ blocks: 40 })
})
afterAll(async () => {
  for (const chain of chains) chain.close()
  await proxy.stop()
  await devnet.stop()
})
beforeEach(() => {
  events = []
  proxy.setFaults({})
  proxy.reset()
})

const open = async (limits: Partial<ChainLimits> = {}): Promise<Chain> => {
  const chain = createChain({
    ...{ id: devnet.chainId, rpc: [proxy.url], pollIntervalMs: 20, headAgeSecondsMax: undefined },
    limits: {
      ...{ ...defaultChainLimits, requestTimeoutMs: 400, endpointBackoffMsMin: 1, endpointBackoffMsMax: 20 },
      ...limits,
    },
    nowMs: Date.now,
    onEvent: (event) => events.push(event),
  })
  chains.push(chain)
  await chain.read(await chain.head(), [])
  proxy.reset()
  return chain
}

const callsOf = (count: number, gasMax: number): readonly Call[] =>
  Array.from({ length: count }, (_, index) => ({
    to: devnet.addresses.pool,
    data: encodeFunctionData({
      abi: poolAbi,
      functionName: 'getUserConfiguration',
      args: [devnet.account(index)],
    }),
    gasMax,
  }))

const background = (chain: Chain) => chain.background(new AbortController().signal)
const callCount = (): number => proxy.counts()['eth_call'] ?? 0

test('an answer over the size limit halves the chunk; the next read keeps to what was learnt', async () => {
  const chain = await open()
  const head = await chain.head()
  const calls = callsOf(400, 30_000)
  const whole = (await chain.read(head, calls)).results
  proxy.setFaults({ answerBytesMax: 40_000 })
  expect((await chain.read(head, calls)).results).toEqual(whole)
  expect(chain.learnt().answerBytesMax).toBeLessThan(40_000)
  expect(events).toContainEqual({ kind: 'limit', limit: 'answerBytes', value: expect.any(Number) })
  let refusals = 0
  for (let read = 0; read < 12; read++) {
    events = []
    expect((await chain.read(head, calls)).results).toEqual(whole)
    refusals += events.length
  }
  expect(refusals).toBeLessThanOrEqual(3)
})

test('less gas than configured starves calls in silence: all are answered, and the next read is cut to it', async () => {
  const chain = await open({ callGasMax: 30_000_000 })
  const head = await chain.head()
  const calls = callsOf(800, 30_000)
  const whole = (await chain.read(head, calls)).results
  expect(whole.every(({ ok }) => ok)).toBe(true)
  proxy.setFaults({ callGasMax: 3_000_000 })
  for (let read = 0; read < 6; read++) expect((await chain.read(head, calls)).results).toEqual(whole)
  expect(chain.learnt().callGasMax).toBeLessThan(27_000_000)
  expect(events.some((event) => event.kind === 'limit' && event.limit === 'callGas')).toBe(true)
  events = []
  expect((await chain.read(head, calls)).results).toEqual(whole)
  expect(events).toEqual([])
})

test('one call that alone needs too much is a failure of its own, and costs the others nothing for long', async () => {
  const snapshot = await devnet.snapshot()
  await devnet.breakFeed('LINK', 'burn-gas')
  const chain = await open({ callGasMax: 3_000_000 })
  const head = await chain.head()
  const burner: Call = {
    to: devnet.addresses.reserves['LINK']?.feed ?? devnet.account(0),
    data: '0x50d25bcd',
    gasMax: 20_000,
  }
  const calls = [...callsOf(40, 20_000), burner, ...callsOf(40, 20_000)]
  for (let read = 0; read < 3; read++) {
    proxy.reset()
    const { results } = await chain.read(head, calls)
    expect(results.map(({ ok }) => ok)).toEqual(calls.map((call) => call !== burner))
  }
  expect(callCount()).toBe(2)
  expect(chain.learnt().callGasMax).toBeUndefined()
  await devnet.revert(snapshot)
})

test('HTTP 429 is waited for as long as it asks, and asked less at once afterwards', async () => {
  const chain = await open()
  const head = await chain.head()
  proxy.setFaults({ failure: { as: 429, times: 1 } })
  const askedAtMs = Date.now()
  expect((await background(chain).read(head, callsOf(20, 30_000))).results.every(({ ok }) => ok)).toBe(true)
  expect(Date.now() - askedAtMs).toBeGreaterThanOrEqual(990)
  expect(events).toMatchObject([
    { kind: 'overload', reason: 'rate-limited', pauseMs: 1_000, requestsInFlightMax: 4 },
  ])
  expect(chain.endpoints()).toMatchObject([{ state: 'healthy', rateLimitCount: 1, errorCount: 0 }])
})

test('a cycle does not wait longer for a 429 than for an answer: it fails, and says why', async () => {
  const chain = await open()
  const head = await chain.head()
  proxy.setFaults({ failure: { as: 429 } })
  const failure = await chain.read(head, callsOf(2, 30_000)).catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(NoEndpointError)
  expect(String(failure)).toContain('429')
  proxy.setFaults({})
  await expect(chain.head()).rejects.toThrow(/asked for \d+ s more without requests/)
})

test('where there is no answer in time, a bootstrap asks for less; a cycle says so at once', async () => {
  const chain = await open()
  const head = await chain.head()
  const calls = callsOf(64, 30_000)
  proxy.setFaults({ failure: { as: 'hang', times: 2 } })
  const { results } = await background(chain).read(head, calls)
  expect(results.map(({ ok }) => ok)).toEqual(calls.map(() => true))
  expect(events).toContainEqual(expect.objectContaining({ kind: 'overload', reason: 'timeout' }))
  proxy.setFaults({ failure: { as: 'hang', times: 1 } })
  await expect(chain.read(head, calls)).rejects.toThrow(NoEndpointError)
  const query = { addresses: [devnet.addresses.pool], topics: [], fromBlock: 0n, toBlock: head.number }
  const whole = await chain.logs(query)
  proxy.setFaults({ failure: { as: 'hang', times: 2 } })
  expect(await background(chain).logs(query)).toEqual(whole)
})

test('failures that pass are outlived by a bootstrap', async () => {
  const chain = await open({ logRangeMax: 5 })
  const { number } = await chain.head()
  const query = { addresses: [devnet.addresses.pool], topics: [], fromBlock: 0n, toBlock: number }
  const whole = await chain.logs(query)
  for (const as of ['drop', 503, 'garbage'] as const) {
    proxy.setFaults({ failure: { as, every: 3 } })
    expect(await background(chain).logs(query)).toEqual(whole)
  }
})

test('spans go side by side, no more than are allowed, and a refused range is met once, not by each', async () => {
  const chain = await open({ logRangeMax: 16, requestsInFlightMax: 3 })
  proxy.setFaults({ logRangeMax: 4, delayMs: 20 })
  const { number } = await chain.head()
  const query = { addresses: [devnet.addresses.pool], topics: [], fromBlock: number - 39n, toBlock: number }
  expect(await chain.logs(query)).toHaveLength(0)
  const refusals = events.filter((event) => event.kind === 'limit')
  expect(refusals.length).toBeLessThanOrEqual(6)
  expect(chain.learnt().logRange).toBeLessThanOrEqual(16n)
})

test('what is given up is not asked any more', async () => {
  const chain = await open({ logRangeMax: 1, requestsInFlightMax: 2 })
  proxy.setFaults({ delayMs: 50 })
  const { number } = await chain.head()
  const giveUp = new AbortController()
  const query = { addresses: [devnet.addresses.pool], topics: [], fromBlock: number - 30n, toBlock: number }
  const reading = chain.background(giveUp.signal).logs(query)
  setTimeout(() => giveUp.abort(new Error('a cycle is due')), 120)
  await expect(reading).rejects.toThrow('a cycle is due')
  // What had been sent by then still arrives.
  await new Promise((resolve) => setTimeout(resolve, 100))
  const asked = proxy.counts()['eth_getLogs'] ?? 0
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(proxy.counts()['eth_getLogs']).toBe(asked)
})
