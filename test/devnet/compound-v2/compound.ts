import { type Address, encodeFunctionData, maxUint256, toHex } from 'viem'
import { compoundV2 } from '../../../src/protocols/compound-v2/index.ts'
import { tokenAbi } from '../aave-v3/abis.ts'
import type { Devnet } from '../devnet.ts'
import { namedAccount, type Transaction } from '../plan.ts'
import { sendAll } from '../send-all.ts'
import { cEtherAbi, cTokenAbi } from './abis.ts'
import { type CompoundAddresses, planCompoundV2 } from './deploy.ts'
import { MARKETS } from './markets.ts'

/** The real Compound v2 on a devnet. `fromBlock` is the block of its deployment. */
export type CompoundV2 = { readonly addresses: CompoundAddresses; readonly fromBlock: number }

/** Supplies every market from plenty. */
export const COMPOUND_FUNDER: Address = namedAccount('compound funder')

const PLENTY = 2n ** 120n
/** What is lent to each market at first, in wei. */
const LIQUIDITY = 100_000n * 10n ** 18n

/** Gives an account plenty of every asset, and every market leave to take it. */
export const enrich = async (
  devnet: Devnet,
  { markets }: CompoundAddresses,
  accounts: readonly Address[],
): Promise<void> => {
  const transactions = accounts.flatMap((from) =>
    Object.values(markets).flatMap(({ cToken, underlying }): readonly Transaction[] => {
      if (underlying === undefined) return []
      const abi = tokenAbi
      const mint = encodeFunctionData({ abi, functionName: 'mint', args: [from, PLENTY] })
      const approve = encodeFunctionData({ abi, functionName: 'approve', args: [cToken, maxUint256] })
      return [mint, approve].map((data) => ({ from, to: underlying, data }))
    }),
  )
  for (const account of accounts) await devnet.rpc.request('anvil_setBalance', [account, toHex(PLENTY)])
  await sendAll(devnet, 'assets of accounts', transactions)
}

const supplies = ({ markets }: CompoundAddresses): readonly Transaction[] =>
  MARKETS.flatMap(({ symbol, decimals, price }): readonly Transaction[] => {
    const market = markets[symbol]
    if (!market) return []
    const amount = (LIQUIDITY * 10n ** BigInt(decimals)) / price
    const [from, to] = [COMPOUND_FUNDER, market.cToken]
    return market.underlying === undefined
      ? [{ from, to, data: encodeFunctionData({ abi: cEtherAbi, functionName: 'mint' }), value: amount }]
      : [{ from, to, data: encodeFunctionData({ abi: cTokenAbi, functionName: 'mint', args: [amount] }) }]
  })

/** Deploys Compound v2 beside Aave, over the same tokens, with liquidity in every market. */
export const deployCompoundV2 = async (devnet: Devnet): Promise<CompoundV2> => {
  const underlyings = Object.fromEntries(
    Object.values(devnet.addresses.reserves).map(({ symbol, asset }) => [symbol, asset]),
  )
  const { plan, addresses } = planCompoundV2(underlyings)
  const { number: fromBlock } = await sendAll(devnet, 'deployment of Compound v2', plan.transactions)
  await enrich(devnet, addresses, [COMPOUND_FUNDER])
  await sendAll(devnet, 'liquidity of Compound v2', supplies(addresses))
  return { addresses, fromBlock }
}

/** The deployment as configuration would describe it, and its adapter. */
export const compoundOn = (devnet: Devnet, { addresses, fromBlock }: CompoundV2) => ({
  adapter: compoundV2,
  deployment: {
    chainId: devnet.chainId,
    protocol: compoundV2.protocol,
    deployment: 'main',
    comptroller: addresses.comptroller,
    quote: 'ETH',
    fromBlock: BigInt(fromBlock),
  },
})
