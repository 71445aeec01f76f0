import { type Address, encodeFunctionData, type Hex, toHex } from 'viem'
import type { Wanted } from '../../src/monitor/track.ts'
import { registry } from '../../src/protocols/registry.ts'
import { cEtherAbi, comptrollerAbi, cTokenAbi } from './compound-v2/abis.ts'
import { type CompoundV2, deployCompoundV2, enrich } from './compound-v2/compound.ts'
import { type Devnet, type DevnetOptions, startDevnet } from './devnet.ts'
import { DevnetError } from './errors.ts'
import { deployMorpho, type Morpho } from './morpho-blue/morpho.ts'
import type { Transaction } from './plan.ts'
import { sendAll } from './send-all.ts'
import { vBnbAbi, comptrollerAbi as venusComptrollerAbi, vTokenAbi } from './venus-core/abis.ts'
import { deployVenus, type Venus } from './venus-core/venus.ts'

/** A local chain with every protocol whose contracts are on npm, one deployment of each. */
export type AllProtocols = {
  readonly devnet: Devnet
  readonly morpho: Morpho
  readonly compound: CompoundV2
  readonly venus: Venus
  /** As a configuration file would describe the deployments. */
  readonly described: readonly Readonly<Record<string, unknown>>[]
  /** The same with their adapters. */
  readonly wanted: readonly Wanted[]
  /** Opens a healthy loan of one account in each. */
  borrowEverywhere(account: Address): Promise<void>
}

const ETHER = 10n ** 18n
const PLENTY = 10n ** 24n

const describe = (devnet: Devnet, morpho: Morpho, compound: CompoundV2, venus: Venus) => [
  {
    protocol: 'aave-v3',
    poolAddressesProvider: devnet.addresses.poolAddressesProvider,
    fromBlock: devnet.fromBlock,
  },
  { protocol: 'morpho-blue', morpho: morpho.addresses.morpho, fromBlock: morpho.fromBlock },
  {
    protocol: 'compound-v2',
    comptroller: compound.addresses.comptroller,
    quote: 'ETH',
    fromBlock: compound.fromBlock,
  },
  { protocol: 'venus-core', comptroller: venus.addresses.comptroller, fromBlock: venus.fromBlock },
]

const contractOf = (markets: Readonly<Record<string, object>>, symbol: string, field: string): Address => {
  const address = (markets[symbol] as Record<string, Address> | undefined)?.[field]
  if (!address) throw new DevnetError(`no market of ${symbol}`)
  return address
}

const loansOf = (account: Address, compound: CompoundV2, venus: Venus): readonly Transaction[] => {
  const call = (to: Address, data: Hex, value?: bigint): Transaction => ({
    from: account,
    to,
    data,
    ...(value === undefined ? {} : { value }),
  })
  const { comptroller, markets } = compound.addresses
  const cEther = contractOf(markets, 'ETH', 'cToken')
  const vBnb = contractOf(venus.addresses.markets, 'BNB', 'vToken')
  const enter = (market: Address) => ({ functionName: 'enterMarkets', args: [[market]] }) as const
  return [
    call(cEther, encodeFunctionData({ abi: cEtherAbi, functionName: 'mint' }), ETHER),
    call(comptroller, encodeFunctionData({ abi: comptrollerAbi, ...enter(cEther) })),
    call(
      contractOf(markets, 'USDC', 'cToken'),
      encodeFunctionData({ abi: cTokenAbi, functionName: 'borrow', args: [1_000_000_000n] }),
    ),
    call(vBnb, encodeFunctionData({ abi: vBnbAbi, functionName: 'mint' }), 10_000n * ETHER),
    call(venus.addresses.comptroller, encodeFunctionData({ abi: venusComptrollerAbi, ...enter(vBnb) })),
    call(
      contractOf(venus.addresses.markets, 'USDC', 'vToken'),
      encodeFunctionData({ abi: vTokenAbi, functionName: 'borrow', args: [1_000_000_000n] }),
    ),
  ]
}

/** Starts a devnet and deploys everything. Stop it with `devnet.stop()`. */
export const startAllProtocols = async (options: DevnetOptions = {}): Promise<AllProtocols> => {
  const devnet = await startDevnet(options)
  const morpho = await deployMorpho(devnet)
  const compound = await deployCompoundV2(devnet)
  const venus = await deployVenus(devnet)
  const described = describe(devnet, morpho, compound, venus).map((one) => ({ ...one, deployment: 'main' }))
  const wanted = described.map((one): Wanted => {
    const adapter = registry.find(({ protocol }) => protocol === one.protocol)
    if (!adapter) throw new DevnetError(`the registry has no ${one.protocol}`)
    const deployment = { ...one, chainId: devnet.chainId, fromBlock: BigInt(one.fromBlock) }
    return { adapter, deployment }
  })
  const borrowEverywhere = async (account: Address): Promise<void> => {
    const supplies = { WETH: ETHER }
    await devnet.openAccount({ account, supplies, borrows: { USDC: 1_000_000_000n } })
    await morpho.fundAccounts([account])
    await morpho.act([
      { kind: 'supplyCollateral', market: 'weth', account, assets: ETHER },
      { kind: 'borrow', market: 'weth', account, amount: { assets: 1_000_000_000n } },
    ])
    await enrich(devnet, compound.addresses, [account])
    await devnet.rpc.request('anvil_setBalance', [account, toHex(PLENTY)])
    await sendAll(devnet, 'loans', loansOf(account, compound, venus))
  }
  return { devnet, morpho, compound, venus, described, wanted, borrowEverywhere }
}
