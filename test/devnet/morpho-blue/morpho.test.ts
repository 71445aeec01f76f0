import { decodeFunctionResult, encodeFunctionData, type Hex } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Devnet, startDevnet } from '../devnet.ts'
import { oracleMockAbi } from './abis.ts'
import { deployMorpho, type Morpho } from './morpho.ts'

const ETHER = 10n ** 18n

let devnet: Devnet
let morpho: Morpho
beforeAll(async () => {
  devnet = await startDevnet()
  morpho = await deployMorpho(devnet)
})
afterAll(() => devnet.stop())

const priceOf = async (market: keyof Morpho['addresses']['markets']): Promise<bigint> => {
  const { oracle } = morpho.addresses.markets[market].params
  const data = encodeFunctionData({ abi: oracleMockAbi, functionName: 'price' })
  const answer = await devnet.rpc.request<Hex>('eth_call', [{ to: oracle, data }, 'latest'])
  return decodeFunctionResult({ abi: oracleMockAbi, functionName: 'price', data: answer })
}

test('an oracle over a Chainlink feed moves with the feed, and reverts where it answers less than 0', async () => {
  expect(await priceOf('weth')).toBe(3_000n * 10n ** 24n)
  await devnet.setPrice('WETH', 2_500n * 10n ** 8n)
  expect(await priceOf('weth')).toBe(2_500n * 10n ** 24n)
  await devnet.breakFeed('WETH', 'negative')
  await expect(priceOf('weth')).rejects.toThrow()
  await devnet.mendFeed('WETH')
})

test('a loan is opened, becomes unhealthy, and is liquidated', async () => {
  const account = devnet.account(0)
  await morpho.fundAccounts([account])
  const weth = { market: 'weth', account } as const
  await morpho.act([
    { kind: 'supplyCollateral', ...weth, assets: ETHER },
    { kind: 'borrow', ...weth, amount: { assets: 2_000n * 10n ** 6n } },
  ])
  const liquidate = {
    kind: 'liquidate',
    market: 'weth',
    borrower: account,
    seizedAssets: 0n,
    repaidShares: 1_000n,
  } as const
  const refused = await morpho.act([liquidate], { tolerateReverts: true })
  expect(refused.outcomes[0]?.reason).toBe('position is healthy')
  await devnet.setPrice('WETH', 2_300n * 10n ** 8n)
  const { outcomes } = await morpho.act([liquidate])
  expect(outcomes[0]?.status).toBe('success')
})

test('a broken contract reverts until it is mended', async () => {
  const mend = await morpho.break(morpho.addresses.rateModels.fragile)
  const accrue = { kind: 'accrue', market: 'fragile' } as const
  expect((await morpho.act([accrue], { tolerateReverts: true })).outcomes[0]?.status).toBe('reverted')
  await mend()
  await morpho.act([accrue])
})
