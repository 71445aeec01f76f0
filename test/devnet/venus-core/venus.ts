import { type Address, encodeAbiParameters, encodeFunctionData, keccak256, maxUint256, toHex } from 'viem'
import { venusCore } from '../../../src/protocols/venus-core/index.ts'
import { tokenAbi } from '../aave-v3/abis.ts'
import type { Devnet } from '../devnet.ts'
import { namedAccount, type Transaction } from '../plan.ts'
import { sendAll } from '../send-all.ts'
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

/** Puts VAI where its controller looks for it, and lets the controller and the funder mint. */
const installVai = async (devnet: Devnet, controller: Address): Promise<void> => {
  await devnet.rpc.request('anvil_setCode', [VAI, venusRuntimeCode('VAI')])
  for (const ward of [controller, VENUS_FUNDER]) {
    const slot = keccak256(encodeAbiParameters([{ type: 'address' }, { type: 'uint256' }], [ward, 0n]))
    await devnet.rpc.request('anvil_setStorageAt', [VAI, slot, toHex(1, { size: 32 })])
  }
}

/** Gives an account plenty of every asset, VAI included, and every market leave to take it. */
export const enrich = async (
  devnet: Devnet,
  { markets, vaiController, liquidator }: VenusAddresses,
  accounts: readonly Address[],
): Promise<void> => {
  const approvals = (from: Address, token: Address, spenders: readonly Address[]): readonly Transaction[] =>
    spenders.map((spender) => ({
      from,
      to: token,
      data: encodeFunctionData({ abi: tokenAbi, functionName: 'approve', args: [spender, maxUint256] }),
    }))
  const mint = (token: Address, to: Address): Transaction => ({
    from: VENUS_FUNDER,
    to: token,
    data: encodeFunctionData({ abi: tokenAbi, functionName: 'mint', args: [to, PLENTY] }),
  })
  const transactions = accounts.flatMap((account) => [
    mint(VAI, account),
    ...approvals(account, VAI, [vaiController, liquidator]),
    ...Object.values(markets).flatMap(({ vToken, underlying }) =>
      underlying ? [mint(underlying, account), ...approvals(account, underlying, [vToken, liquidator])] : [],
    ),
  ])
  for (const account of accounts) await devnet.rpc.request('anvil_setBalance', [account, toHex(PLENTY)])
  await sendAll(devnet, 'assets of accounts', transactions)
}

/** 100 million dollars' worth of every asset. */
const supplies = ({ markets }: VenusAddresses): readonly Transaction[] =>
  MARKETS.flatMap((spec): readonly Transaction[] => {
    const market = markets[spec.symbol]
    if (!market) return []
    const amount = (LIQUIDITY_DOLLARS * USD * 10n ** BigInt(spec.decimals)) / spec.price
    const [from, to] = [VENUS_FUNDER, market.vToken]
    return market.underlying === undefined
      ? [{ from, to, data: encodeFunctionData({ abi: vBnbAbi, functionName: 'mint' }), value: amount }]
      : [{ from, to, data: encodeFunctionData({ abi: vTokenAbi, functionName: 'mint', args: [amount] }) }]
  })

/** Deploys the Venus core pool beside Aave, over the same tokens, with liquidity in every market. */
export const deployVenus = async (devnet: Devnet): Promise<Venus> => {
  const underlyings = Object.fromEntries(
    Object.values(devnet.addresses.reserves).map(({ symbol, asset }) => [symbol, asset]),
  )
  const { plan, addresses } = planVenus(underlyings)
  await installVai(devnet, addresses.vaiController)
  const { number: fromBlock } = await sendAll(devnet, 'deployment of Venus', plan.transactions)
  await enrich(devnet, addresses, [VENUS_FUNDER])
  await sendAll(devnet, 'liquidity of Venus', supplies(addresses))
  return { addresses, fromBlock }
}

/** The deployment as configuration would describe it, and its adapter. */
export const venusOn = (devnet: Devnet, { addresses, fromBlock }: Venus) => ({
  adapter: venusCore,
  deployment: {
    chainId: devnet.chainId,
    protocol: venusCore.protocol,
    deployment: 'main',
    comptroller: addresses.comptroller,
    fromBlock: BigInt(fromBlock),
  },
})
