// Hubs and spokes as an instance has them: behind proxies, under one access manager, with a token listed from two hubs.
import { type Address, encodeAbiParameters, getContractAddress } from 'viem'
import { aaveCreationCode } from '../../devnet/aave-v3/artifacts.ts'
import type { Devnet } from '../../devnet/devnet.ts'
import { type Feed, type FeedCodes, planFeed } from '../../devnet/feeds.ts'
import { createPlan, namedAccount, type Plan } from '../../devnet/plan.ts'
import { sendAll } from '../../devnet/send-all.ts'
import type { Artifacts, Named } from '../artifacts.ts'

/** A token with its price, 8 decimals. */
export type Token = {
  readonly symbol: string
  readonly decimals: number
  readonly price: bigint
  readonly asset: Address
  readonly feed: Feed
}

/** A token as a hub lists it. */
export type HubListing = { readonly hub: Address; readonly assetId: bigint; readonly token: Token }

/** A hub's asset as a spoke lists it; its place in the list is its reserve id. */
export type Spoke = {
  readonly name: string
  readonly address: Address
  readonly oracle: Address
  readonly reserves: readonly HubListing[]
}

export type Instance = {
  readonly admin: Address
  readonly accessManager: Address
  readonly strategies: Readonly<Record<Address, Address>>
  readonly feeReceiver: Address
  readonly listings: readonly HubListing[]
  readonly spokes: readonly Spoke[]
  /** Listed by the hub, but by no spoke yet. */
  readonly unlisted: HubListing
  /** What upgrades the second spoke, and to what. */
  readonly upgrade: {
    readonly proxyAdmin: Address
    readonly proxy: Address
    readonly implementation: Address
  }
  readonly fromBlock: number
}

const TOKENS = [
  { symbol: 'USDC', decimals: 6, price: 100_000_000n },
  { symbol: 'WETH', decimals: 18, price: 250_000_000_000n },
  { symbol: 'WBTC', decimals: 8, price: 6_400_000_000_000n },
  { symbol: 'DAI', decimals: 18, price: 99_990_000n },
  { symbol: 'LST', decimals: 18, price: 281_230_000_000n },
  { symbol: 'GOV', decimals: 12, price: 1_234_567_890n },
] as const

/** Symbols by hub; USDC is in both. */
const HUBS = [
  ['USDC', 'WETH', 'WBTC', 'DAI'],
  ['USDC', 'LST', 'GOV'],
] as const

/** Hub and place in it of each reserve. GOV is listed later. */
const SPOKES = [
  {
    name: 'main',
    reserves: [
      [0, 0],
      [0, 1],
      [0, 2],
      [0, 3],
      [1, 0],
      [1, 1],
    ],
  },
  {
    name: 'side',
    reserves: [
      [0, 1],
      [1, 0],
      [1, 1],
    ],
  },
] as const

export const UNLIMITED = 2n ** 40n - 1n
export const NO_THRESHOLD = 2n ** 24n - 1n
const USER_RESERVES_MAX = 4

/** AssetInterestRateStrategy.InterestRateData, bps. */
export const ratesOf = (optimal: number, base: number, before: number, after: number) =>
  encodeAbiParameters(
    [{ type: 'uint16' }, { type: 'uint32' }, { type: 'uint32' }, { type: 'uint32' }],
    [optimal, base, before, after],
  )

const planTokens = (plan: Plan, codes: FeedCodes): readonly Token[] =>
  TOKENS.map((spec) => {
    const asset = plan.deploy(aaveCreationCode('MintableERC20', [spec.symbol, spec.symbol, spec.decimals]))
    return { ...spec, asset, feed: planFeed(plan, codes, { ...spec, asset }) }
  })

/** Plans what an instance of the contracts needs; every contract by the name of its artifact. */
const planner = (plan: Plan, artifacts: Artifacts) => {
  const deploy = (contract: string, args: Named = {}, libraries: Record<string, Address> = {}): Address =>
    plan.deploy(artifacts.creationCode(contract, args, libraries))
  const accessManager = deploy('AccessManager', { initialAdmin: plan.from })
  const library = deploy('LiquidationLogic')
  const proxied = (contract: string, implementation: Address): Address =>
    deploy('TransparentUpgradeableProxy', {
      _logic: implementation,
      initialOwner: plan.from,
      _data: artifacts.encode(contract, 'initialize', { authority: accessManager }),
    })
  const spokeImplementation = (oracle: Address): Address =>
    deploy(
      'SpokeInstance',
      { oracle_: oracle, maxUserReservesLimit_: USER_RESERVES_MAX },
      { LiquidationLogic: library },
    )
  const call = (contract: string, to: Address, functionName: string, args: Named): void =>
    plan.call(to, artifacts.encode(contract, functionName, args))
  return { deploy, accessManager, proxied, spokeImplementation, call }
}

type Planner = ReturnType<typeof planner>

const planHubs = ({ deploy, proxied, call }: Planner, tokens: readonly Token[], feeReceiver: Address) => {
  const implementation = deploy('HubInstance')
  const strategies: Record<Address, Address> = {}
  const listings = HUBS.map((symbols, index) => {
    const hub = proxied('HubInstance', implementation)
    const irStrategy = deploy('AssetInterestRateStrategy', { hub_: hub })
    strategies[hub] = irStrategy
    return symbols.map((symbol, place): HubListing => {
      const token = tokens.find((one) => one.symbol === symbol) as Token
      const { asset: underlying, decimals } = token
      const irData = ratesOf(8_000 + 300 * place, 100 * place, 500, 6_000)
      const assetId = BigInt(place)
      call('HubInstance', hub, 'addAsset', { underlying, decimals, feeReceiver, irStrategy, irData })
      const liquidityFee = 500 * (place + index)
      const config = { feeReceiver, liquidityFee, irStrategy, reinvestmentController: feeReceiver }
      call('HubInstance', hub, 'updateAssetConfig', { assetId, config, irData: '0x' })
      return { hub, assetId, token }
    })
  })
  return { listings, strategies }
}

export const OPEN = {
  addCap: UNLIMITED,
  drawCap: UNLIMITED,
  riskPremiumThreshold: NO_THRESHOLD,
  active: true,
  halted: false,
}

/** What a spoke asks of a reserve, by its place. */
export const reserveConfig = (id: number) => ({
  collateralRisk: 700 * id,
  paused: false,
  frozen: false,
  borrowable: true,
  receiveSharesEnabled: id % 3 !== 2,
})

export const dynamicConfig = (id: number) => ({
  collateralFactor: 8_600 - 400 * id,
  maxLiquidationBonus: 10_400 + 150 * id,
  liquidationFee: 800 * id,
})

const planSpoke = (
  { deploy, proxied, spokeImplementation, call }: Planner,
  name: string,
  reserves: readonly HubListing[],
): Spoke & { readonly implementation: Address } => {
  const oracle = deploy('AaveOracle', { decimals_: 8 })
  const implementation = spokeImplementation(oracle)
  const address = proxied('SpokeInstance', implementation)
  call('AaveOracle', oracle, 'setSpoke', { spoke_: address })
  const liquidation = {
    targetHealthFactor: 1_050_000_000_000_000_000n,
    healthFactorForMaxBonus: 900_000_000_000_000_000n,
    liquidationBonusFactor: 4_000,
  }
  call('SpokeInstance', address, 'updateLiquidationConfig', { config: liquidation })
  for (const [id, { hub, assetId, token }] of reserves.entries()) {
    call('HubInstance', hub, 'addSpoke', { assetId, spoke: address, config: OPEN })
    const config = reserveConfig(id)
    const priceSource = token.feed.proxy
    const args = { hub, assetId, priceSource, config, dynamicConfig: dynamicConfig(id) }
    call('SpokeInstance', address, 'addReserve', args)
  }
  return { name, address, oracle, reserves, implementation }
}

/** Deploys two hubs and two spokes over tokens and feeds of their own. The admin is a spoke too, so that it can do what spokes do. */
export const deployInstance = async (
  devnet: Devnet,
  artifacts: Artifacts,
  codes: FeedCodes,
): Promise<Instance> => {
  const plan = createPlan(namedAccount('recorded security council'))
  const tokens = planTokens(plan, codes)
  const planned = planner(plan, artifacts)
  const feeReceiver = namedAccount('recorded fee receiver')
  const { listings, strategies } = planHubs(planned, tokens, feeReceiver)
  const spokes = SPOKES.map(({ name, reserves }) =>
    planSpoke(
      planned,
      name,
      reserves.map(([hub, place]) => listings[hub]?.[place] as HubListing),
    ),
  )
  for (const { hub, assetId } of listings.flat())
    planned.call('HubInstance', hub, 'addSpoke', { assetId, spoke: plan.from, config: OPEN })
  const [, side] = spokes
  if (!side) throw new Error('there are two spokes')
  const implementation = planned.spokeImplementation(side.oracle)
  const proxyAdmin = getContractAddress({ from: side.address, nonce: 1n })
  const { number: fromBlock } = await sendAll(devnet, 'deployment of Aave v4', plan.transactions)
  return {
    ...{ admin: plan.from, accessManager: planned.accessManager, strategies, feeReceiver, fromBlock },
    ...{ listings: listings.flat(), spokes, unlisted: listings[1]?.[2] as HubListing },
    upgrade: { proxyAdmin, proxy: side.address, implementation },
  }
}
