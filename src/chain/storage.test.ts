// Words of storage and calls after an accrual, at one block of a real node, through a proxy that misbehaves.
import { concat, encodeFunctionData, type Hex, keccak256, pad, parseAbi, toHex } from 'viem'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Devnet, startDevnet } from '../../test/devnet/devnet.ts'
import { type ProviderProxy, startProxy } from '../../test/devnet/proxy.ts'
import type { ContractCall, StorageRead } from '../model/evm.ts'
import type { Chain } from './chain.ts'
import { type ChainOptions, createChain } from './create.ts'
import { defaultChainLimits } from './limits.ts'

const tokenAbi = parseAbi([
  'function mint(address to, uint256 amount) returns (bool)',
  'function balanceOf(address account) view returns (uint256)',
])
/** ERC20's first variable is the mapping of balances. */
const balanceSlot = (account: Hex): Hex => keccak256(concat([pad(account), pad('0x')]))

let devnet: Devnet
let proxy: ProviderProxy
let chains: Chain[] = []

beforeAll(async () => {
  devnet = await startDevnet()
  proxy = await startProxy(devnet.url)
})
afterAll(async () => {
  await proxy.stop()
  await devnet.stop()
})
beforeEach(() => {
  for (const chain of chains.splice(0)) chain.close()
  proxy.setFaults({})
  proxy.reset()
})

const open = (more: Partial<ChainOptions> = {}): Chain => {
  const chain = createChain({
    id: devnet.chainId,
    rpc: [proxy.url],
    pollIntervalMs: 20,
    headAgeSecondsMax: undefined,
    limits: defaultChainLimits,
    nowMs: Date.now,
    ...more,
  })
  chains = [...chains, chain]
  return chain
}

const token = (): Hex => devnet.addresses.reserves['USDC']?.asset ?? '0x'
const balanceOf = (account: Hex, before?: readonly ContractCall[]): ContractCall => ({
  to: token(),
  data: encodeFunctionData({ abi: tokenAbi, functionName: 'balanceOf', args: [account] }),
  gasMax: 200_000,
  ...(before ? { before } : {}),
})
const mint = (account: Hex, amount: bigint): ContractCall => ({
  to: token(),
  data: encodeFunctionData({ abi: tokenAbi, functionName: 'mint', args: [account, amount] }),
  gasMax: 100_000,
})

const wordsOf = (result: { readonly data: Hex } | undefined): bigint[] =>
  (result?.data.slice(2).match(/.{64}/g) ?? []).map((word) => BigInt(`0x${word}`))

test.each([
  ['by overriding code', {}, {}],
  ['by overriding code, without a block hash', { refuseBlockHash: true }, {}],
  [
    'by overriding code, without Multicall3',
    {},
    { multicall3: '0x0000000000000000000000000000000000000001' },
  ],
  ['one by one, where overrides are refused', { overrides: 'refuse' }, {}],
  ['one by one, where overrides are ignored', { overrides: 'ignore' }, {}],
] as const)('storage is what the contract answers, at its block: %s', async (_how, faults, more) => {
  const [holder, other] = [devnet.account(0), devnet.account(1)]
  const chain = open(more)
  await devnet.rpc.request('anvil_setStorageAt', [token(), balanceSlot(holder), toHex(77n, { size: 32 })])
  await devnet.mine()
  const head = await chain.head()
  await devnet.mine()
  await devnet.rpc.request('anvil_setStorageAt', [token(), balanceSlot(holder), toHex(99n, { size: 32 })])
  await devnet.mine()
  proxy.setFaults(faults)
  const read: StorageRead = { to: token(), slots: [balanceSlot(other), balanceSlot(holder)] }
  const { results } = await chain.read(head, [balanceOf(holder), read, balanceOf(other), read])
  expect(results.map(wordsOf)).toEqual([[77n], [0n, 77n], [0n], [0n, 77n]])
})

test('storage costs one request more, whatever its size', async () => {
  const chain = open()
  const head = await chain.head()
  await chain.read(head, [])
  proxy.reset()
  const slots = Array.from({ length: 500 }, (_, index) => toHex(index, { size: 32 }))
  const { results } = await chain.read(head, [
    { to: token(), slots },
    { to: devnet.addresses.pool, slots },
  ])
  expect(proxy.counts()).toEqual({ eth_call: 2 })
  expect(results.map((result) => wordsOf(result).length)).toEqual([500, 500])
})

test('a call sees what the calls before it did, and nothing of it stays', async () => {
  const account = devnet.account(7)
  const chain = open()
  const head = await chain.head()
  const { results } = await chain.read(head, [
    balanceOf(account),
    balanceOf(account, [mint(account, 5n), mint(account, 6n)]),
    balanceOf(account, [mint(account, 1n)]),
  ])
  expect(results.map(wordsOf)).toEqual([[0n], [11n], [12n]])
  expect((await chain.read(head, [balanceOf(account)])).results.map(wordsOf)).toEqual([[0n]])
})

test('a cache tells calls by what comes before them', async () => {
  const account = devnet.account(8)
  const chain = open()
  const head = await chain.head()
  const both = [balanceOf(account), balanceOf(account, [mint(account, 5n)])]
  const read: StorageRead = { to: token(), slots: [balanceSlot(account)] }
  expect((await chain.readCached(head, [...both, read])).map(wordsOf)).toEqual([[0n], [5n], [0n]])
  proxy.reset()
  expect((await chain.readCached(head, [read, ...both])).map(wordsOf)).toEqual([[0n], [0n], [5n]])
  expect(proxy.counts()).toEqual({})
})
