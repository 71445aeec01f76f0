// What stands on the chain: tokens, feeds, vaults around two routers, and how they take each other as collateral.
import { type Address, concat, getContractAddress, type Hex } from 'viem'
import type { Devnet } from '../../devnet/devnet.ts'
import { createPlan, namedAccount, type Plan } from '../../devnet/plan.ts'
import { sendAll } from '../../devnet/send-all.ts'
import { type Codes, encode, integrationsOf } from './contracts.ts'

export const LENDER = namedAccount('euler lender')
/** Deploys and governs everything. */
export const GOVERNOR = namedAccount('euler governor')
const USD: Address = '0x0000000000000000000000000000000000000348'
const NONE: Address = '0x0000000000000000000000000000000000000000'
const STALENESS_SECONDS_MAX = 72n * 3_600n

/** `dollars` at 8 decimals; `wstETH` is priced in WETH, `SPR` by an oracle with bid and ask. */
export const TOKENS = {
  USDC: { decimals: 6, dollars: 100_000_000n },
  WETH: { decimals: 18, dollars: 250_000_000_000n },
  WBTC: { decimals: 8, dollars: 6_000_000_000_000n },
  wstETH: { decimals: 18, dollars: 300_000_000_000n },
  SPR: { decimals: 18, dollars: 2_000_000_000n },
} as const

export type TokenName = keyof typeof TOKENS

/** Vaults by name: what each lends, in what it counts, and what it takes as collateral at which LTVs (borrow, liquidation). */
export const VAULTS = {
  eUSDC: {
    asset: 'USDC',
    unit: 'USD',
    ltvs: { eWETH: [8000, 8500], eWBTC: [7500, 8200], ewstETH: [7000, 7800] },
  },
  eWETH: {
    asset: 'WETH',
    unit: 'USD',
    ltvs: { eUSDC: [8300, 8800], eWBTC: [7000, 7700], ewstETH: [9000, 9300] },
  },
  eWBTC: { asset: 'WBTC', unit: 'WETH', ltvs: { eWETH: [7800, 8300], ewstETH: [7500, 8000] } },
  ewstETH: { asset: 'wstETH', unit: 'WETH', ltvs: { eWETH: [9100, 9400] } },
  eSPR: { asset: 'SPR', unit: 'USD', ltvs: { eUSDC: [8000, 8600], eWETH: [7600, 8100] } },
  eUSDC2: {
    asset: 'USDC',
    unit: 'USD',
    ltvs: { eSPR: [6000, 7000], eWETH: [8200, 8600], eeUSDC: [9200, 9500] },
  },
  eeUSDC: { asset: 'eUSDC', unit: 'USD', ltvs: {} },
} as const satisfies Readonly<
  Record<
    string,
    { asset: string; unit: 'USD' | 'WETH'; ltvs: Readonly<Record<string, readonly [number, number]>> }
  >
>

export type VaultName = keyof typeof VAULTS
export const VAULT_NAMES = Object.keys(VAULTS) as VaultName[]

/** Linear models with a kink, and one vault without any. */
const RATES: Readonly<Partial<Record<VaultName, readonly [bigint, bigint, bigint, number]>>> = {
  eUSDC: [0n, 520_807_636n, 44_268_656_791n, 3_650_722_200],
  eWETH: [158_444_000_000_000_000n, 184_452_801n, 22_134_328_033n, 3_435_973_836],
  eWBTC: [0n, 105_401_434n, 9_837_478_863n, 3_006_477_106],
  ewstETH: [633_775_000_000_000_000n, 561_377_965n, 83_003_731_483n, 3_951_369_911],
  eUSDC2: [0n, 419_210_780n, 122_968_489_577n, 3_779_571_219],
}

export type World = {
  readonly evc: Address
  readonly factory: Address
  readonly router: Address
  readonly tokens: Readonly<Record<TokenName, Address>>
  readonly feeds: Readonly<Record<'USDC' | 'WETH' | 'WBTC' | 'wstETH', Address>>
  readonly spread: Address
  readonly fixed: Address
  readonly chainlinkUsdc: Address
  readonly vaults: Readonly<Record<VaultName, Address>>
  readonly models: Readonly<Partial<Record<VaultName, Address>>>
  readonly fromBlock: number
}

const MODULES = [
  'Initialize',
  'Token',
  'Vault',
  'Borrowing',
  'Liquidation',
  'RiskManager',
  'BalanceForwarder',
  'Governance',
] as const

const planCore = (plan: Plan, codes: Codes) => {
  const evc = plan.deploy(codes('EthereumVaultConnector'))
  const protocolConfig = plan.deploy(codes('ProtocolConfig', GOVERNOR, GOVERNOR))
  const sequenceRegistry = plan.deploy(codes('SequenceRegistry'))
  const factory = plan.deploy(codes('GenericFactory', plan.from))
  const integrations = integrationsOf(evc, protocolConfig, sequenceRegistry)
  const modules = MODULES.map((name) => [name, plan.deploy(codes(name, integrations))] as const)
  const byName = Object.fromEntries(
    modules.map(([name, address]) => [`${name[0]?.toLowerCase()}${name.slice(1)}`, address]),
  )
  const implementation = plan.deploy(codes('EVault', integrations, byName))
  plan.call(factory, encode({ functionName: 'setImplementation', args: [implementation] }))
  const router = plan.deploy(codes('EulerRouter', evc, plan.from))
  return { evc, factory, router }
}

const planOracles = (
  plan: Plan,
  codes: Codes,
  tokens: Readonly<Record<TokenName, Address>>,
  router: Address,
) => {
  const feed = (answer: bigint, decimals = 8): Address => plan.deploy(codes('RigFeed', decimals, answer))
  const ratio = (TOKENS.wstETH.dollars * 10n ** 18n) / TOKENS.WETH.dollars
  const feeds = {
    USDC: feed(TOKENS.USDC.dollars),
    WETH: feed(TOKENS.WETH.dollars),
    WBTC: feed(TOKENS.WBTC.dollars),
    wstETH: feed(ratio, 18),
  }
  const chainlink = (base: Address, quote: Address, of: Address): Address =>
    plan.deploy(codes('ChainlinkOracle', base, quote, of, STALENESS_SECONDS_MAX))
  const [usdc, weth, wbtc, wsteth] = [
    chainlink(tokens.USDC, USD, feeds.USDC),
    chainlink(tokens.WETH, USD, feeds.WETH),
    chainlink(tokens.WBTC, USD, feeds.WBTC),
    chainlink(tokens.wstETH, tokens.WETH, feeds.wstETH),
  ]
  const cross = (base: Address, through: Address, quote: Address, first: Address, second: Address): Address =>
    plan.deploy(codes('CrossAdapter', base, through, quote, first, second))
  const wstethUsd = cross(tokens.wstETH, tokens.WETH, USD, wsteth, weth)
  const wbtcWeth = cross(tokens.WBTC, USD, tokens.WETH, wbtc, weth)
  const spread = plan.deploy(codes('RigSpreadOracle', 10n ** 18n, TOKENS.SPR.dollars * 10n ** 10n))
  const fixed = plan.deploy(codes('FixedRateOracle', tokens.USDC, USD, 10n ** 18n))
  const configure = (base: Address, quote: Address, oracle: Address): void =>
    plan.call(router, encode({ functionName: 'govSetConfig', args: [base, quote, oracle] }))
  configure(tokens.USDC, USD, usdc)
  configure(tokens.WETH, USD, weth)
  configure(tokens.WBTC, USD, wbtc)
  configure(tokens.wstETH, USD, wstethUsd)
  configure(tokens.wstETH, tokens.WETH, wsteth)
  configure(tokens.WBTC, tokens.WETH, wbtcWeth)
  plan.call(router, encode({ functionName: 'govSetFallbackOracle', args: [spread] }))
  return { feeds, spread, fixed, chainlinkUsdc: usdc }
}

/** The address of the factory's n-th proxy. */
const proxyAt = (factory: Address, index: number): Address =>
  getContractAddress({ from: factory, nonce: BigInt(index + 1) })

const unitOf = (name: VaultName, tokens: Readonly<Record<TokenName, Address>>): Address =>
  VAULTS[name].unit === 'USD' ? USD : tokens.WETH

const planVaults = (plan: Plan, codes: Codes, world: Pick<World, 'factory' | 'router' | 'tokens'>) => {
  const { factory, router, tokens } = world
  const entries = VAULT_NAMES.map((name, index) => [name, proxyAt(factory, index)] as const)
  const vaults = Object.fromEntries(entries) as Record<VaultName, Address>
  const models: Partial<Record<VaultName, Address>> = {}
  for (const name of VAULT_NAMES) {
    const { asset } = VAULTS[name]
    const lent = asset in tokens ? tokens[asset as TokenName] : vaults[asset as VaultName]
    const metadata: Hex = concat([lent, router, unitOf(name, tokens)])
    plan.call(factory, encode({ functionName: 'createProxy', args: [NONE, true, metadata] }))
    plan.call(router, encode({ functionName: 'govSetResolvedVault', args: [vaults[name], true] }))
    const rates = RATES[name]
    if (rates) models[name] = plan.deploy(codes('IRMLinearKink', ...rates))
    plan.call(vaults[name], encode({ functionName: 'setHookConfig', args: [NONE, 0] }))
    plan.call(vaults[name], encode({ functionName: 'setInterestRateModel', args: [models[name] ?? NONE] }))
    plan.call(vaults[name], encode({ functionName: 'setMaxLiquidationDiscount', args: [1500] }))
  }
  for (const name of VAULT_NAMES)
    for (const [collateral, [borrow, liquidation]] of Object.entries(VAULTS[name].ltvs) as [
      VaultName,
      readonly [number, number],
    ][])
      plan.call(
        vaults[name],
        encode({ functionName: 'setLTV', args: [vaults[collateral], borrow, liquidation, 0] }),
      )
  plan.call(vaults.eWETH, encode({ functionName: 'setLiquidationCoolOffTime', args: [60] }))
  return { vaults, models }
}

/** Deploys all of it. */
export const deployWorld = async (devnet: Devnet, codes: Codes): Promise<World> => {
  const plan = createPlan(GOVERNOR)
  const tokens = Object.fromEntries(
    Object.entries(TOKENS).map(([name, { decimals }]) => [
      name,
      plan.deploy(codes('RigToken', name, decimals)),
    ]),
  ) as Record<TokenName, Address>
  const core = planCore(plan, codes)
  const oracles = planOracles(plan, codes, tokens, core.router)
  const vaults = planVaults(plan, codes, { ...core, tokens })
  const { number: fromBlock } = await sendAll(devnet, 'deployment of Euler v2', plan.transactions)
  return { ...core, ...oracles, ...vaults, tokens, fromBlock }
}
