import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { type Devnet, startDevnet } from './devnet.ts'
import { type ProviderProxy, startProxy } from './proxy.ts'
import { createRpc, toQuantity } from './rpc.ts'

let devnet: Devnet
let proxy: ProviderProxy

beforeAll(async () => {
  devnet = await startDevnet()
  proxy = await startProxy(devnet.url)
  await devnet.mine({ blocks: 10 })
}, 30_000)
beforeEach(() => {
  proxy.setFaults({})
  proxy.reset()
})
afterAll(async () => {
  await proxy?.stop()
  await devnet?.stop()
})

const ask = (method: string, params: readonly unknown[] = []) => createRpc(proxy.url).request(method, params)
const logsFrom = (fromBlock: number) =>
  ask('eth_getLogs', [{ fromBlock: toQuantity(fromBlock), toBlock: 'latest' }])

it('counts and records every member of a batch', async () => {
  await createRpc(proxy.url).batch([{ method: 'eth_blockNumber' }, { method: 'eth_chainId' }])
  await ask('eth_blockNumber')
  expect(proxy.counts()).toEqual({ eth_blockNumber: 2, eth_chainId: 1 })
  expect(proxy.httpRequests()).toBe(2)
  expect(proxy.calls.map((call) => call.httpRequest)).toEqual([0, 0, 1])
  proxy.reset()
  expect(proxy.counts()).toEqual({})
})

it('limits log ranges, log counts and answer sizes; refuses and lies', async () => {
  proxy.setFaults({ logRangeMax: 5 })
  await expect(logsFrom(1)).rejects.toThrow('query exceeds max block range 5')
  await expect(logsFrom((await devnet.head()).number - 4)).resolves.toEqual([])
  proxy.setFaults({ logsMax: 3 })
  await expect(logsFrom(0)).rejects.toThrow('more than 3 results')
  proxy.setFaults({ answerBytesMax: 1_000 })
  await expect(logsFrom(0)).rejects.toThrow('Response is too big')
  proxy.setFaults({ refuse: ['eth_getLogs'] })
  await expect(logsFrom(0)).rejects.toThrow('does not exist')
  proxy.setFaults({ emptyLogs: true })
  await expect(logsFrom(0)).resolves.toEqual([])
})

it('caps the gas of calls silently', async () => {
  // GAS, PUSH0, MSTORE, PUSH1 32, PUSH0, RETURN: the gas that the call has.
  const gasLeft = async (gas?: string) =>
    Number(await ask('eth_call', [{ data: '0x5a5f5260205ff3', ...(gas ? { gas } : {}) }, 'latest']))
  const cap = 50_000_000
  expect(await gasLeft(toQuantity(90_000_000))).toBeGreaterThan(cap)
  proxy.setFaults({ callGasMax: cap })
  expect(await gasLeft(toQuantity(90_000_000))).toBeLessThan(cap)
  expect(await gasLeft()).toBeLessThan(cap)
})

it('refuses block hashes, and claims another chain', async () => {
  const { hash } = await devnet.head()
  const call = [{ to: devnet.addresses.pool }, { blockHash: hash }]
  proxy.setFaults({ refuseBlockHash: true })
  await expect(ask('eth_call', call)).rejects.toThrow('cannot unmarshal object')
  proxy.setFaults({ chainId: 5 })
  expect(await ask('eth_chainId')).toBe('0x5')
})

it('lags behind', async () => {
  const { number } = await devnet.head()
  proxy.setFaults({ frozenHead: number })
  const { block } = await devnet.movePrice('WETH', 0.5)
  expect(await ask('eth_blockNumber')).toBe(toQuantity(number))
  expect(await ask('eth_getBlockByNumber', ['latest', false])).toMatchObject({ number: toQuantity(number) })
  expect(await ask('eth_getBlockByNumber', [toQuantity(block.number), false])).toBeNull()
  expect(await ask('eth_getBlockByHash', [block.hash, false])).toBeNull()
  expect(await logsFrom(block.number)).toEqual([])
  const pinned = [{ to: devnet.addresses.pool }, { blockHash: block.hash }]
  await expect(ask('eth_call', pinned)).rejects.toThrow('header not found')
  proxy.setFaults({ stateBlocksMax: 3 })
  await expect(ask('eth_getBalance', [devnet.account(0), toQuantity(block.number - 4)])).rejects.toThrow(
    'historical state is not available',
  )
})

it('fails whole requests: every n-th, only some, in all manners', async () => {
  const tries = async (count: number) => {
    const results: boolean[] = []
    for (let index = 0; index < count; index++)
      results.push(
        await ask('eth_chainId').then(
          () => true,
          () => false,
        ),
      )
    return results
  }
  proxy.setFaults({ failure: { as: 429, every: 3 } })
  expect(await tries(6)).toEqual([true, true, false, true, true, false])
  for (const as of [500, 'drop', 'garbage'] as const) {
    proxy.setFaults({ failure: { as, times: 2 } })
    expect(await tries(3)).toEqual([false, false, true])
  }
  proxy.setFaults({ failure: { as: 500, methods: ['eth_getLogs'] }, delayMs: 30 })
  const start = performance.now()
  expect(await tries(1)).toEqual([true])
  expect(performance.now() - start).toBeGreaterThanOrEqual(29)
  await expect(logsFrom(0)).rejects.toThrow('HTTP 500')
})
