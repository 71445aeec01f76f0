// The local Venus core pool is the real one: it lends, mints VAI and liquidates.
import { type Address, decodeFunctionResult, encodeFunctionData, type Hex, parseEther, toHex } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { tokenAbi } from '../aave-v3/abis.ts'
import { type Devnet, startDevnet } from '../devnet.ts'
import { comptrollerAbi, vaiControllerAbi, vBnbAbi, vTokenAbi } from './abis.ts'
import { VAI } from './deploy.ts'
import { deployVenus, VENUS_FUNDER, type Venus } from './venus.ts'

let devnet: Devnet
let venus: Venus
beforeAll(async () => {
  devnet = await startDevnet()
  venus = await deployVenus(devnet)
})
afterAll(() => devnet.stop())

const marketOf = (symbol: string) => {
  const market = venus.addresses.markets[symbol]
  if (!market) throw new Error(`no market of ${symbol}`)
  return market
}

const liquidityOf = async (account: Address): Promise<readonly bigint[]> => {
  const call = { abi: comptrollerAbi, functionName: 'getAccountLiquidity' } as const
  const data = encodeFunctionData({ ...call, args: [account] })
  const answer = await devnet.rpc.request<Hex>('eth_call', [{ to: venus.addresses.comptroller, data }])
  return decodeFunctionResult({ ...call, data: answer })
}

test('an account supplies the native coin, borrows, mints VAI, and falls', async () => {
  const account = devnet.account(1)
  await devnet.rpc.request('anvil_setBalance', [account, toHex(parseEther('10000'))])
  const { comptroller, vaiController } = venus.addresses
  const [bnb, weth] = [marketOf('BNB').vToken, marketOf('WETH').vToken]
  const { outcomes } = await devnet.send([
    {
      from: account,
      to: bnb,
      data: encodeFunctionData({ abi: vBnbAbi, functionName: 'mint' }),
      value: parseEther('10000'),
    },
    {
      from: account,
      to: comptroller,
      data: encodeFunctionData({ abi: comptrollerAbi, functionName: 'enterMarkets', args: [[bnb]] }),
    },
    {
      from: account,
      to: weth,
      data: encodeFunctionData({ abi: vTokenAbi, functionName: 'borrow', args: [parseEther('1')] }),
    },
    {
      from: account,
      to: vaiController,
      data: encodeFunctionData({
        abi: vaiControllerAbi,
        functionName: 'mintVAI',
        args: [parseEther('1000')],
      }),
    },
  ])
  expect(outcomes.map(({ status, reason }) => [status, reason])).toEqual(
    outcomes.map(() => ['success', undefined]),
  )
  const balance = encodeFunctionData({ abi: tokenAbi, functionName: 'balanceOf', args: [account] })
  expect(BigInt(await devnet.rpc.request<Hex>('eth_call', [{ to: VAI, data: balance }]))).toBe(
    parseEther('1000'),
  )
  expect(await liquidityOf(account)).toEqual([0n, parseEther('4000'), 0n])
  expect(await liquidityOf(VENUS_FUNDER)).toEqual([0n, 0n, 0n])
})
