// A Comet as governance deploys one: configured in the Configurator, made by its factory, put behind a proxy by CometProxyAdmin.
import { type Address, type Hex, stringToHex } from 'viem'
import { aaveCreationCode } from '../../devnet/aave-v3/artifacts.ts'
import type { Devnet } from '../../devnet/devnet.ts'
import { type Feed, type FeedCodes, planFeed } from '../../devnet/feeds.ts'
import { createPlan, namedAccount, type Plan } from '../../devnet/plan.ts'
import { sendAll } from '../../devnet/send-all.ts'
import type { Artifacts, Named } from '../artifacts.ts'

/** A token that the Comet knows. `price` has 8 decimals, in what the base token's feed quotes. */
export type CometToken = {
  readonly symbol: string
  readonly decimals: number
  readonly asset: Address
  readonly price: bigint
  /** None where the price is always one. */
  readonly feed?: Feed
}

export type RecordedComet = {
  readonly admin: Address
  readonly configurator: Address
  readonly proxyAdmin: Address
  readonly comet: Address
  readonly base: CometToken
  /** Grows with what is listed later. */
  readonly collaterals: CometToken[]
  readonly fromBlock: number
}

const WAD = 10n ** 18n
const ONE = 10n ** 8n
const PER_MILLE = WAD / 1_000n
/** More than a sale of all collateral brings in, so that collateral is for sale. */
const TARGET_RESERVES = 5_000_000n

type Spec = Pick<CometToken, 'symbol' | 'decimals' | 'price'>

/** As many as the classic contract can hold tokens of a market in dollars: prices from cents to a bitcoin's, decimals from 6 to 18. */
const CLASSIC: readonly Spec[] = [
  { symbol: 'WETH', decimals: 18, price: 3_000n * ONE },
  { symbol: 'WBTC', decimals: 8, price: 60_000n * ONE },
  { symbol: 'COMP', decimals: 18, price: 45n * ONE },
  { symbol: 'LINK', decimals: 18, price: 15n * ONE },
  { symbol: 'XAUT', decimals: 6, price: 2_600n * ONE },
]

/** More tokens than a classic Comet could hold, in a market that quotes in ether. */
const EXTENDED: readonly Spec[] = Array.from({ length: 15 }, (_, index) => ({
  symbol: `LST${index}`,
  decimals: [18, 18, 8, 6, 12][index % 5] ?? 18,
  price: ONE / 2n + BigInt(index) * 11_234_567n,
}))

const planToken = (plan: Plan, { symbol, decimals }: Spec): Address =>
  plan.deploy(aaveCreationCode('MintableERC20', [symbol, symbol, decimals]))

/** A token and its feed. */
export const planCollateral = (plan: Plan, codes: FeedCodes, spec: Spec): CometToken => {
  const asset = planToken(plan, spec)
  return { ...spec, asset, feed: planFeed(plan, codes, { ...spec, asset }) }
}

/** The base token: a dollar with a feed, or ether, which is always worth one. */
const planBase = (plan: Plan, artifacts: Artifacts, codes: FeedCodes, isExtended: boolean) => {
  const spec = isExtended
    ? { symbol: 'WETH', decimals: 18, price: ONE }
    : { symbol: 'USDC', decimals: 6, price: ONE }
  const asset = planToken(plan, spec)
  if (isExtended) {
    const args = { decimals_: 8, constantPrice_: ONE }
    const priceFeed = plan.deploy(artifacts.creationCode('ConstantPriceFeed', args))
    return { base: { ...spec, asset }, priceFeed }
  }
  const feed = planFeed(plan, codes, { ...spec, asset })
  return { base: { ...spec, asset, feed }, priceFeed: feed.proxy }
}

/** How the `index`-th collateral is configured at first. */
export const assetConfigOf = ({ asset, feed, decimals }: CometToken, index: number): Named => ({
  ...{ asset, priceFeed: feed?.proxy, decimals },
  borrowCollateralFactor: BigInt(650 + 20 * (index % 8)) * PER_MILLE,
  liquidateCollateralFactor: BigInt(700 + 20 * (index % 8)) * PER_MILLE,
  liquidationFactor: BigInt(850 + 13 * (index % 9)) * PER_MILLE,
  supplyCap: 10n ** BigInt(decimals + 7),
})

const configurationOf = (
  admin: Address,
  { asset: baseToken, decimals }: CometToken,
  baseTokenPriceFeed: Address,
  extensionDelegate: Address,
  collaterals: readonly CometToken[],
): Named => ({
  ...{ governor: admin, pauseGuardian: admin, baseToken, baseTokenPriceFeed, extensionDelegate },
  ...{ supplyKink: 850n * PER_MILLE, borrowKink: 850n * PER_MILLE },
  ...{ supplyPerYearInterestRateBase: 0n, supplyPerYearInterestRateSlopeLow: 48n * PER_MILLE },
  ...{
    supplyPerYearInterestRateSlopeHigh: 1_600n * PER_MILLE,
    borrowPerYearInterestRateBase: 15n * PER_MILLE,
  },
  borrowPerYearInterestRateSlopeLow: 53n * PER_MILLE,
  borrowPerYearInterestRateSlopeHigh: 1_800n * PER_MILLE,
  ...{ storeFrontPriceFactor: 600n * PER_MILLE, trackingIndexScale: 10n ** 15n },
  ...{ baseTrackingSupplySpeed: 10n ** 12n, baseTrackingBorrowSpeed: 2n * 10n ** 12n },
  ...{ baseMinForRewards: 1_000n * 10n ** BigInt(decimals), baseBorrowMin: 10n ** BigInt(decimals) },
  targetReserves: TARGET_RESERVES * 10n ** BigInt(decimals),
  assetConfigs: collaterals.map(assetConfigOf),
})

const planGovernance = (plan: Plan, artifacts: Artifacts, isExtended: boolean) => {
  const deploy = (contract: string, args: Named = {}): Address =>
    plan.deploy(artifacts.creationCode(contract, args))
  const admin = plan.from
  const proxyAdmin = deploy('CometProxyAdmin', { initialOwner: admin })
  const implementation = deploy('Configurator')
  const initialize = artifacts.encode('Configurator', 'initialize', { governor_: admin })
  const proxied = (_data: Hex): Named => ({
    ...{ _logic: implementation, _admin: proxyAdmin, admin_: proxyAdmin, _data },
  })
  const configurator = deploy('ConfiguratorProxy', proxied(initialize))
  // Until its first deployment the proxy has another implementation.
  const comet = deploy('TransparentUpgradeableProxy', proxied('0x'))
  const names = { name32: stringToHex('Compound', { size: 32 }), symbol32: stringToHex('cV3', { size: 32 }) }
  const extension = isExtended
    ? deploy('CometExtAssetList', { config: names, assetListFactoryAddress: deploy('AssetListFactory') })
    : deploy('CometExt', { config: names })
  const factory = deploy(isExtended ? 'CometFactoryWithExtendedAssetList' : 'CometFactory')
  return { admin, proxyAdmin, configurator, comet, extension, factory }
}

/** Deploys the variant whose factory is among the artifacts. */
export const deployComet = async (
  devnet: Devnet,
  artifacts: Artifacts,
  codes: FeedCodes,
): Promise<RecordedComet> => {
  const isExtended = artifacts.has('CometFactoryWithExtendedAssetList')
  const plan = createPlan(namedAccount('recorded governor'))
  const governance = planGovernance(plan, artifacts, isExtended)
  const { admin, proxyAdmin, configurator, comet: cometProxy, extension, factory } = governance
  const { base, priceFeed } = planBase(plan, artifacts, codes, isExtended)
  const collaterals = (isExtended ? EXTENDED : CLASSIC).map((spec) => planCollateral(plan, codes, spec))
  const newConfiguration = configurationOf(admin, base, priceFeed, extension, collaterals)
  const configure = (functionName: string, args: Named): void =>
    plan.call(configurator, artifacts.encode('Configurator', functionName, { cometProxy, ...args }))
  configure('setFactory', { newFactory: factory })
  configure('setConfiguration', { newConfiguration })
  const upgrade = { configuratorProxy: configurator, cometProxy }
  plan.call(proxyAdmin, artifacts.encode('CometProxyAdmin', 'deployAndUpgradeTo', upgrade))
  const implementation = isExtended ? 'CometWithExtendedAssetList' : 'Comet'
  plan.call(cometProxy, artifacts.encode(implementation, 'initializeStorage'))
  const { number: fromBlock } = await sendAll(devnet, 'deployment', plan.transactions)
  return { admin, configurator, proxyAdmin, comet: cometProxy, base, collaterals, fromBlock }
}
