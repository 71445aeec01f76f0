// The chain layer against a real node, through a proxy that misbehaves.
import {
  type Address,
  encodeAbiParameters,
  encodeEventTopics,
  encodeFunctionData,
  keccak256,
  parseAbi,
  parseAbiParameters,
  toHex,
} from 'viem'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { poolAbi } from '../../abis/aave-v3.ts'
import { type Devnet, startDevnet } from '../../test/devnet/devnet.ts'
import { type ProviderProxy, startProxy } from '../../test/devnet/proxy.ts'
import type { Call } from '../model/evm.ts'
import { mayHoldLogs } from './bloom.ts'
import type { Chain } from './chain.ts'
import { type ChainOptions, createChain } from './create.ts'
import { NoEndpointError } from './failover.ts'
import { type ChainLimits, defaultChainLimits } from './limits.ts'
import { LogsRefusedError } from './logs.ts'
import { findStartBlock, NoArchiveError, NoContractError } from './start-block.ts'

const ETHER = 10n ** 18n

let devnet: Devnet
let [first, second]: [ProviderProxy, ProviderProxy] = [undefined as never, undefined as never]
let chains: Chain[] = []

beforeAll(async () => {
  devnet = await startDevnet()
  first = await startProxy(devnet.url)
  second = await startProxy(devnet.url)
  for (let index = 0; index < 12; index++)
    await devnet.openAccount({
      account: devnet.account(index),
      supplies: { WETH: ETHER },
      borrows: { USDC: 100_000_000n },
    })
})
afterAll(async () => {
  for (const proxy of [first, second]) await proxy.stop()
  await devnet.stop()
})
beforeEach(() => {
  for (const chain of chains) chain.close()
  chains = []
  for (const proxy of [first, second]) {
    proxy.setFaults({})
    proxy.reset()
  }
})

const open = (
  rpc: readonly string[],
  limits: Partial<ChainLimits> = {},
  more: Partial<ChainOptions> = {},
): Chain => {
  const chain = createChain({
    id: devnet.chainId,
    rpc,
    pollIntervalMs: 20,
    headAgeSecondsMax: undefined,
    limits: { ...defaultChainLimits, requestTimeoutMs: 1_000, ...limits },
    nowMs: Date.now,
    ...more,
  })
  chains.push(chain)
  return chain
}

const borrowTopics = encodeEventTopics({ abi: poolAbi, eventName: 'Borrow' }) as [`0x${string}`]
const userData = (index: number): Call => ({
  to: devnet.addresses.pool,
  data: encodeFunctionData({
    abi: poolAbi,
    functionName: 'getUserConfiguration',
    args: [devnet.account(index)],
  }),
  gasMax: 50_000,
})

describe('failover', () => {
  test.each([
    ['serves another chain', { chainId: 1 }],
    ['answers 500', { failure: { as: 500 } }],
    ['hangs', { failure: { as: 'hang' } }],
    ['drops connections', { failure: { as: 'drop' } }],
    ['talks nonsense', { failure: { as: 'garbage' } }],
  ] as const)('an endpoint that %s gives way to the next', async (_what, faults) => {
    first.setFaults(faults)
    const chain = open([first.url, second.url])
    expect((await chain.head()).number).toBe(BigInt((await devnet.head()).number))
    expect(chain.endpoints().map(({ state }) => state)).toEqual(['failing', 'healthy'])
  })

  test('when none is left, every reason is told, without what is secret in an address', async () => {
    first.setFaults({ chainId: 7 })
    const failure = await open([`${first.url}/v3/secretkey`, 'http://127.0.0.1:1/?key=secretkey'])
      .head()
      .catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(NoEndpointError)
    expect(String(failure)).toMatch(/serves chain 7.*127\.0\.0\.1:1/)
    expect(String(failure)).not.toContain('secretkey')
  })

  test('a node that lags behind another one, or behind the clock, is passed over', async () => {
    first.setFaults({ frozenHead: 3 })
    const chain = open([second.url, first.url])
    const head = await chain.head()
    second.setFaults({ failure: { as: 500 } })
    await expect(chain.head()).rejects.toThrow(/lags behind: its head 3 is \d+ blocks behind/)
    second.setFaults({})
    expect((await chain.head()).number).toBe(head.number)
    await expect(open([second.url], {}, { headAgeSecondsMax: 10 }).head()).rejects.toThrow(
      /s old, more than 10 s/,
    )
  })
})

describe('heads', () => {
  const collect = async (url: string): Promise<readonly bigint[]> => {
    const stop = new AbortController()
    const seen: bigint[] = []
    for await (const head of open([url]).heads(stop.signal, () => undefined)) {
      seen.push(head.number)
      if (seen.length === 4) stop.abort()
      else await devnet.mine()
    }
    return seen
  }

  test.each([
    ['polling', 'url'],
    ['subscription', 'wsUrl'],
  ] as const)('come by %s, each once', async (_how, key) => {
    const start = BigInt((await devnet.head()).number)
    expect(await collect(devnet[key])).toEqual([0n, 1n, 2n, 3n].map((more) => start + more))
  })

  test('go on after an outage, which is reported', async () => {
    const stop = new AbortController()
    const errors: unknown[] = []
    const seen: bigint[] = []
    first.setFaults({ failure: { as: 500, times: 3 } })
    for await (const head of open([first.url], { endpointBackoffMsMin: 1 }).heads(stop.signal, (error) =>
      errors.push(error),
    )) {
      seen.push(head.number)
      stop.abort()
    }
    expect([seen.length, errors.length > 0]).toEqual([1, true])
  })
})

describe('logs', () => {
  const query = async () => ({
    addresses: [devnet.addresses.pool],
    topics: borrowTopics,
    fromBlock: BigInt(devnet.fromBlock),
    toBlock: BigInt((await devnet.head()).number),
  })

  test('spans shrink to what the endpoint serves, and nothing is left out or doubled', async () => {
    const whole = await open([second.url]).logs(await query())
    for (const faults of [
      { logRangeMax: 3 },
      { logsMax: 2 },
      { logRangeMax: 1 },
      { answerBytesMax: 3_000 },
    ]) {
      first.setFaults(faults)
      expect(await open([first.url]).logs(await query())).toEqual(whole)
    }
    expect(whole).toHaveLength(12)
  })

  test('an endpoint that serves none is a clear fault, unless another one does', async () => {
    first.setFaults({ refuse: ['eth_getLogs'] })
    await expect(open([first.url]).logs(await query())).rejects.toBeInstanceOf(LogsRefusedError)
    expect(await open([first.url, second.url]).logs(await query())).toHaveLength(12)
  })

  test('a head’s bloom betrays a node that leaves logs out', async () => {
    await devnet.openAccount({
      account: devnet.account(40),
      supplies: { WETH: ETHER },
      borrows: { USDC: 1_000_000n },
    })
    const chain = open([second.url])
    const head = await chain.head()
    expect(mayHoldLogs(head.logsBloom, [devnet.addresses.pool], borrowTopics)).toBe(true)
    expect(mayHoldLogs(head.logsBloom, [devnet.account(1)], borrowTopics)).toBe(false)
    expect(mayHoldLogs(head.logsBloom, [devnet.addresses.pool], [toHex(1n, { size: 32 })])).toBe(false)
    const last = { ...(await query()), fromBlock: head.number }
    first.setFaults({ emptyLogs: true })
    expect(await chain.logs(last, head)).toHaveLength(1)
  })
})

describe('reads', () => {
  test('many calls, one request; each failure its own', async () => {
    const chain = open([first.url])
    const head = await chain.head()
    const calls = Array.from({ length: 300 }, (_, index) => userData(index % 12))
    const broken: Call = { to: devnet.addresses.pool, data: '0xdeadbeef', gasMax: 50_000 }
    const absent: Call = { to: devnet.account(1), data: '0x01', gasMax: 50_000 }
    await chain.read(head, [broken])
    first.reset()
    const { results, ancestors } = await chain.read(head, [broken, ...calls, absent], [head.number - 1n])
    expect(first.counts()).toEqual({ eth_call: 1 })
    expect(results.map(({ ok }) => ok)).toEqual([false, ...calls.map(() => true), false])
    expect(ancestors.get(head.number - 1n)).toBe(head.parentHash)
  })

  test('stay at their block while the chain goes on, by hash or by number, with Multicall3 or without', async () => {
    const before = await open([first.url]).head()
    const [expected] = (await open([first.url]).read(before, [userData(50)])).results
    await devnet.openAccount({
      account: devnet.account(50),
      supplies: { WETH: ETHER },
      borrows: { USDC: 1_000_000n },
    })
    const nowhere = { multicall3: devnet.account(1) }
    for (const [faults, more] of [
      [{}, {}],
      [{ refuseBlockHash: true }, {}],
      [{}, nowhere],
      [{ refuseBlockHash: true }, nowhere],
    ] as const) {
      first.setFaults(faults)
      const { results, ancestors } = await open([first.url], {}, more).read(
        before,
        [userData(50)],
        [before.number - 1n],
      )
      expect([results[0], ancestors.get(before.number - 1n)]).toEqual([expected, before.parentHash])
    }
  })

  test('are refused at a block that is no longer on the chain', async () => {
    const head = await open([first.url]).head()
    await devnet.reorg(1)
    for (const faults of [{}, { refuseBlockHash: true }]) {
      first.setFaults(faults)
      await expect(open([first.url]).read(head, [userData(0)])).rejects.toThrow()
    }
  })

  test('a call that burns all gas starves nobody, and from then on has a request of its own', async () => {
    const snapshot = await devnet.snapshot()
    await devnet.breakFeed('LINK', 'burn-gas')
    const burner: Call = {
      to: devnet.addresses.reserves['LINK']?.feed ?? devnet.account(0),
      data: '0x50d25bcd',
      gasMax: 20_000,
    }
    const chain = open([first.url], { callGasMax: 3_000_000 })
    const head = await chain.head()
    const calls = [
      burner,
      ...Array.from({ length: 100 }, (_, index) => ({ ...userData(index % 12), gasMax: 20_000 })),
    ]
    const oks = [false, ...Array(100).fill(true)]
    expect((await chain.read(head, calls)).results.map(({ ok }) => ok)).toEqual(oks)
    first.reset()
    expect((await chain.read(head, calls)).results.map(({ ok }) => ok)).toEqual(oks)
    expect(first.counts()).toEqual({ eth_call: 2 })
    await devnet.mendFeed('LINK')
    const mended = await chain.head()
    await chain.read(mended, calls)
    first.reset()
    expect((await chain.read(mended, calls)).results.every(({ ok }) => ok)).toBe(true)
    expect(first.counts()).toEqual({ eth_call: 1 })
    await devnet.revert(snapshot)
  })

  test('the gas cap splits, an answer too large halves', async () => {
    const chain = open([first.url], { callGasMax: 1_000_000 })
    const head = await chain.head()
    const calls = Array.from({ length: 60 }, (_, index) => userData(index % 12))
    await chain.read(head, [])
    first.reset()
    expect((await chain.read(head, calls)).results.every(({ ok }) => ok)).toBe(true)
    expect(first.counts()).toEqual({ eth_call: 4 })
    first.setFaults({ answerBytesMax: 12_000 })
    expect((await open([first.url]).read(head, calls)).results.every(({ ok }) => ok)).toBe(true)
  })

  test('from the cache: a block once, what is immutable for good, whoever asks meanwhile together', async () => {
    const chain = open([first.url])
    const head = await chain.head()
    const fixed: Call = { ...userData(3), immutable: true }
    await chain.read(head, [])
    first.reset()
    const [one, two] = await Promise.all([
      chain.readCached(head, [userData(0), fixed]),
      chain.readCached(head, [fixed, userData(0)]),
    ])
    expect([one[0], one[1]]).toEqual([two[1], two[0]])
    await chain.readCached(head, [userData(0)])
    await devnet.mine()
    await chain.readCached(await chain.head(), [fixed])
    expect(first.counts()['eth_call']).toBe(1)
  })
})

describe('where a deployment starts', () => {
  test('is found by halving', async () => {
    const chain = open([first.url])
    const { number } = await chain.head()
    expect(await findStartBlock(chain, devnet.addresses.pool, number)).toBe(BigInt(devnet.fromBlock))
    await expect(findStartBlock(chain, devnet.account(1), number)).rejects.toBeInstanceOf(NoContractError)
  })

  test('needs an archive', async () => {
    await devnet.mine({ blocks: 6 })
    first.setFaults({ stateBlocksMax: 2 })
    const chain = open([first.url])
    await expect(
      findStartBlock(chain, devnet.addresses.pool, (await chain.head()).number),
    ).rejects.toBeInstanceOf(NoArchiveError)
  })
})

describe('simulations', () => {
  test('an account has what it is given for the length of a call; a revert says why, and no other endpoint is asked', async () => {
    const chain = open([first.url, second.url])
    const head = await chain.head()
    const to = devnet.addresses.reserves['USDC']?.asset as Address
    const [from, receiver] = [devnet.account(77), devnet.account(78)]
    const abi = parseAbi(['function transfer(address, uint256) returns (bool)'])
    const data = encodeFunctionData({ abi, functionName: 'transfer', args: [receiver, 5n] })
    const poor = await chain.simulate(head, { from, to, data }, {})
    expect(poor).toEqual({ kind: 'reverted', reason: expect.stringMatching(/SafeMath|exceeds balance/) })
    // The token keeps balances in its first slot.
    const slot = keccak256(encodeAbiParameters(parseAbiParameters('address, uint256'), [from, 0n]))
    const rich = { [to]: { words: { [slot]: toHex(5n, { size: 32 }) } } }
    const answer = await chain.simulate(head, { from, to, data }, rich)
    expect(answer).toEqual({ kind: 'answered', data: toHex(1n, { size: 32 }) })
    expect(await chain.estimateGas(head, { from, to, data }, rich)).toBeGreaterThan(21_000n)
    await expect(chain.estimateGas(head, { from, to, data }, {})).rejects.toThrow('refused eth_estimateGas')
    expect(second.counts()).toEqual({})
  })
})
