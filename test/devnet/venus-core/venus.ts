import { type Address, encodeAbiParameters, encodeFunctionData, keccak256, maxUint256, toHex } from 'viem'
import { tokenAbi } from '../aave-v3/abis.ts'
import type { Devnet } from '../devnet.ts'
import { DevnetRevertError } from '../errors.ts'
import { namedAccount, type Transaction } from '../plan.ts'
import { vBnbAbi, vTokenAbi } from './abis.ts'
import { venusRuntimeCode } from './artifacts.ts'
import { planVenus, VAI, type VenusAddresses } from './deploy.ts'
import { MARKETS } from './markets.ts'

/** The real Venus core pool of 2.2.1 on a devnet. `fromBlock` is the block of its deployment. */
export type Venus = { readonly addresses: VenusAddresses; readonly fromBlock: number }

/** Supplies every market from plenty. */
export const VENUS_FUNDER: Address = namedAccount('venus funder')

const PLENTY = 2n ** 120n
const LIQUIDITY_DOLLARS = 100_000_000n
const USD = 10n ** 8n

const sendAll = async (
  devnet: Devnet,
  what: string,
  transactions: readonly Transaction[],
): Promise<number> => {
  const { block, outcomes } = await devnet.send(transactions)
  const failed = outcomes.findIndex(({ status }) => status === 'reverted')
  if (failed >= 0)
    throw new DevnetRevertError(`${what}, transaction ${failed}`, outcomes[failed]?.reason ?? '')
  return block.number
}

/** Puts VAI where its controller looks for it, and lets the controller and the funder mint. */
const installVai = async (devnet: Devnet, controller: Address): Promise<void> => {
  await devnet.rpc.request('anvil_setCode', [VAI, venusRuntimeCode('VAI')])
  for (const ward of [controller, VENUS_FUNDER]) {
    const slot = keccak256(encodeAbiParameters([{ type: 'address' }, { type: 'uint256' }], [ward, 0n]))
    await devnet.rpc.request('anvil_setStorageAt', [VAI, slot, toHex(1, { size: 32 })])
  }
}

/** The funder takes plenty of each asset and supplies 100 million dollars' worth. */
const fund = ({ markets }: VenusAddresses): readonly Transaction[] =>
  MARKETS.flatMap((spec): readonly Transaction[] => {
    const market = markets[spec.symbol]
    if (!market) return []
    const amount = (LIQUIDITY_DOLLARS * USD * 10n ** BigInt(spec.decimals)) / spec.price
    const { vToken, underlying } = market
    if (underlying === undefined) {
      const data = encodeFunctionData({ abi: vBnbAbi, functionName: 'mint' })
      return [{ from: VENUS_FUNDER, to: vToken, data, value: amount }]
    }
    const calls = [
      [underlying, encodeFunctionData({ abi: tokenAbi, functionName: 'mint', args: [VENUS_FUNDER, PLENTY] })],
      [
        underlying,
        encodeFunctionData({ abi: tokenAbi, functionName: 'approve', args: [vToken, maxUint256] }),
      ],
      [vToken, encodeFunctionData({ abi: vTokenAbi, functionName: 'mint', args: [amount] })],
    ] as const
    return calls.map(([to, data]) => ({ from: VENUS_FUNDER, to, data }))
  })

/** Deploys the Venus core pool beside Aave, over the same tokens, with liquidity in every market. */
export const deployVenus = async (devnet: Devnet): Promise<Venus> => {
  const underlyings = Object.fromEntries(
    Object.values(devnet.addresses.reserves).map(({ symbol, asset }) => [symbol, asset]),
  )
  const { plan, addresses } = planVenus(underlyings)
  await installVai(devnet, addresses.vaiController)
  await devnet.rpc.request('anvil_setBalance', [VENUS_FUNDER, toHex(PLENTY)])
  const fromBlock = await sendAll(devnet, 'deployment of Venus', plan.transactions)
  await sendAll(devnet, 'liquidity of Venus', fund(addresses))
  return { addresses, fromBlock }
}
