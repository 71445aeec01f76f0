// A pool of any release since 3.1 beside the devnet's own, over the same tokens and feeds.
import {
  type Address,
  encodeAbiParameters,
  getContractAddress,
  type Hex,
  parseAbiParameters,
  stringToHex,
  zeroAddress,
} from 'viem'
import type { Addresses } from '../../devnet/aave-v3/addresses.ts'
import { provideLiquidity, readReserve } from '../../devnet/aave-v3/boot.ts'
import {
  E_MODES,
  type EModeSpec,
  RATE_CURVES,
  RESERVES,
  type ReserveSpec,
} from '../../devnet/aave-v3/reserves.ts'
import type { Devnet } from '../../devnet/devnet.ts'
import { type Feed, type FeedCodes, planFeed } from '../../devnet/feeds.ts'
import { createPlan, namedAccount, type Plan } from '../../devnet/plan.ts'
import { sendAll } from '../../devnet/send-all.ts'
import type { Artifacts, Named } from '../artifacts.ts'

/** A pool whose parts the devnet's own encoders know as theirs. */
export type RecordedPool = Addresses & {
  readonly fromBlock: number
  /** May cover deficits, and holds a supply in every reserve. */
  readonly umbrella: Address
  /** Asks the feed of the sequencer; releases since 3.7 have none. */
  readonly sentinel?: Address
}

/** The feed that tells whether a layer 2's sequencer is up (0) or down (1). */
export const SEQUENCER = 'sequencer'

const LIQUIDITY_DOLLARS = 50_000_000n
/** How long after the sequencer came back a sentinel protects loans and refuses new ones. */
export const SENTINEL_GRACE_SECONDS = 3_600

/** A category that shares reserves with others, which releases since 3.2 allow. */
const OVERLAPPING: EModeSpec = {
  category: 3,
  label: 'wstETH against dollars',
  ltv: 8_200,
  liquidationThreshold: 8_500,
  liquidationBonus: 10_400,
}
const OVERLAPPING_COLLATERAL = ['wstETH', 'WBTC']
const OVERLAPPING_BORROWABLE = ['USDC', 'DAI', 'WETH']

const rateData = ({ rates }: ReserveSpec): Hex => {
  const { optimalUsage, base, slope1, slope2 } = RATE_CURVES[rates]
  const types = parseAbiParameters('uint16 optimal, uint32 base, uint32 slope1, uint32 slope2')
  return encodeAbiParameters(types, [optimalUsage, base, slope1, slope2])
}

/** Plans deployments by name, libraries that they link first. */
const deployer = (plan: Plan, artifacts: Artifacts) => {
  const libraries: Record<string, Address> = {}
  return (contract: string, args: Named = {}): Address => {
    const link = (name: string): void => {
      for (const library of artifacts.librariesOf(name)) {
        if (libraries[library]) continue
        link(library)
        libraries[library] = plan.deploy(artifacts.creationCode(library, {}, libraries))
      }
    }
    link(contract)
    return plan.deploy(artifacts.creationCode(contract, args, libraries))
  }
}

type Deploy = ReturnType<typeof deployer>

const planCore = (plan: Plan, artifacts: Artifacts, deploy: Deploy, treasury: Address) => {
  const admin = plan.from
  const provider = deploy('PoolAddressesProvider', { marketId: 'Plimsoll recording', owner: admin })
  const named = { provider, addressesProvider: provider }
  const set = (functionName: string, args: Named) =>
    plan.call(provider, artifacts.encode('PoolAddressesProvider', functionName, args))
  set('setACLAdmin', { newAclAdmin: admin })
  const aclManager = deploy('ACLManager', named)
  set('setACLManager', { newAclManager: aclManager })
  for (const role of ['addPoolAdmin', 'addEmergencyAdmin'])
    plan.call(aclManager, artifacts.encode('ACLManager', role, { admin }))
  const strategy = deploy('DefaultReserveInterestRateStrategyV2', named)
  const poolImplementation = deploy('PoolInstance', { ...named, interestRateStrategy_: strategy })
  set('setPoolImpl', { newPoolImpl: poolImplementation })
  set('setPoolConfiguratorImpl', { newPoolConfiguratorImpl: deploy('PoolConfiguratorInstance', named) })
  const pool = getContractAddress({ from: provider, nonce: 1n })
  const configurator = getContractAddress({ from: provider, nonce: 2n })
  const dataProvider = deploy('AaveProtocolDataProvider', named)
  set('setPoolDataProvider', { newDataProvider: dataProvider })
  const umbrella = namedAccount('umbrella')
  set('setAddress', { id: stringToHex('UMBRELLA', { size: 32 }), newAddress: umbrella })
  const ofTokens = { pool, rewardsController: zeroAddress, treasury }
  const implementations = {
    aToken: deploy('ATokenInstance', ofTokens),
    variableDebtToken: deploy('VariableDebtTokenInstance', ofTokens),
    stableDebtToken: artifacts.has('StableDebtTokenInstance')
      ? deploy('StableDebtTokenInstance', ofTokens)
      : zeroAddress,
  }
  return {
    ...{ admin, poolAddressesProvider: provider, aclManager, strategy, pool, poolImplementation },
    ...{ configurator, dataProvider, umbrella, implementations },
  }
}

type Core = ReturnType<typeof planCore>

const planOracle = (plan: Plan, artifacts: Artifacts, deploy: Deploy, core: Core, feeds: readonly Feed[]) => {
  const oracle = deploy('AaveOracle', {
    provider: core.poolAddressesProvider,
    assets: feeds.map(({ asset }) => asset),
    sources: feeds.map(({ proxy }) => proxy),
    fallbackOracle: zeroAddress,
    baseCurrency: zeroAddress,
    baseCurrencyUnit: 10n ** 8n,
  })
  const args = { newPriceOracle: oracle }
  plan.call(core.poolAddressesProvider, artifacts.encode('PoolAddressesProvider', 'setPriceOracle', args))
  return oracle
}

const planSentinel = (plan: Plan, artifacts: Artifacts, deploy: Deploy, core: Core, sequencer: Feed) => {
  if (!artifacts.has('PriceOracleSentinel')) return {}
  const provider = core.poolAddressesProvider
  const args = { provider, oracle: sequencer.proxy, gracePeriod: SENTINEL_GRACE_SECONDS }
  const sentinel = deploy('PriceOracleSentinel', args)
  const named = { newPriceOracleSentinel: sentinel }
  plan.call(provider, artifacts.encode('PoolAddressesProvider', 'setPriceOracleSentinel', named))
  return { sentinel }
}

/** Encoded calls of the configurator that list a reserve and set its risk; what the release does not know is left out. */
const listing = (
  artifacts: Artifacts,
  core: Core,
  treasury: Address,
  spec: ReserveSpec,
  asset: Address,
): Hex[] => {
  const call = (functionName: string, args: Named): Hex[] =>
    artifacts.offers('PoolConfiguratorInstance', functionName)
      ? [artifacts.encode('PoolConfiguratorInstance', functionName, args)]
      : []
  const input = {
    aTokenImpl: core.implementations.aToken,
    stableDebtTokenImpl: core.implementations.stableDebtToken,
    variableDebtTokenImpl: core.implementations.variableDebtToken,
    useVirtualBalance: true,
    interestRateStrategyAddress: core.strategy,
    underlyingAsset: asset,
    treasury,
    incentivesController: zeroAddress,
    aTokenName: `Aave ${spec.symbol}`,
    aTokenSymbol: `a${spec.symbol}`,
    variableDebtTokenName: `Aave variable debt ${spec.symbol}`,
    variableDebtTokenSymbol: `variableDebt${spec.symbol}`,
    stableDebtTokenName: `Aave stable debt ${spec.symbol}`,
    stableDebtTokenSymbol: `stableDebt${spec.symbol}`,
    params: '0x',
    interestRateData: rateData(spec),
  }
  const { ltv, liquidationThreshold, liquidationBonus } = spec
  return [
    ...call('initReserves', { input: [input] }),
    ...call('configureReserveAsCollateral', { asset, ltv, liquidationThreshold, liquidationBonus }),
    ...call('setReserveBorrowing', { asset, enabled: true }),
    ...call('setReserveFlashLoaning', { asset, enabled: true }),
    ...call('setReserveFactor', { asset, newReserveFactor: spec.reserveFactor }),
    ...call('setLiquidationProtocolFee', { asset, newFee: spec.liquidationProtocolFee }),
    ...(spec.borrowableInIsolation ? call('setBorrowableInIsolation', { asset, borrowable: true }) : []),
    ...(spec.debtCeiling ? call('setDebtCeiling', { asset, newDebtCeiling: spec.debtCeiling }) : []),
  ]
}

type Member = { readonly symbol: string; readonly asset: Address; readonly category: number | undefined }

const categories = (artifacts: Artifacts, members: readonly Member[]): Hex[] => {
  const call = (functionName: string, args: Named): Hex =>
    artifacts.encode('PoolConfiguratorInstance', functionName, args)
  const define = ({ category: categoryId, ...spec }: EModeSpec): Hex =>
    call('setEModeCategory', { categoryId, ...spec, oracle: zeroAddress, isolated: false })
  if (!artifacts.offers('PoolConfiguratorInstance', 'setAssetCollateralInEMode')) {
    const join = members.flatMap(({ asset, category: newCategoryId }) =>
      newCategoryId ? [call('setAssetEModeCategory', { asset, newCategoryId })] : [],
    )
    return [...E_MODES.map(define), ...join]
  }
  const enter = (asset: Address, categoryId: number, isCollateral: boolean, isBorrowable: boolean): Hex[] => [
    ...(isCollateral ? [call('setAssetCollateralInEMode', { asset, categoryId, allowed: true })] : []),
    ...(isBorrowable ? [call('setAssetBorrowableInEMode', { asset, categoryId, borrowable: true })] : []),
  ]
  return [
    ...[...E_MODES, OVERLAPPING].map(define),
    ...members.flatMap(({ symbol, asset, category }) => [
      ...(category ? enter(asset, category, true, true) : []),
      ...enter(
        asset,
        OVERLAPPING.category,
        OVERLAPPING_COLLATERAL.includes(symbol),
        OVERLAPPING_BORROWABLE.includes(symbol),
      ),
    ]),
  ]
}

/** Deploys the contracts, lists the devnet's reserves, and lends to each. */
export const deployPool = async (
  devnet: Devnet,
  artifacts: Artifacts,
  codes: FeedCodes,
): Promise<RecordedPool> => {
  const { addresses } = devnet
  const treasury = namedAccount('recorded treasury')
  const plan = createPlan(namedAccount('recorded admin'))
  const deploy = deployer(plan, artifacts)
  const core = planCore(plan, artifacts, deploy, treasury)
  const oracle = planOracle(plan, artifacts, deploy, core, Object.values(addresses.feeds))
  const asset = namedAccount('sequencer')
  const sequencer = planFeed(plan, codes, { symbol: SEQUENCER, asset, price: 0n })
  const guard = planSentinel(plan, artifacts, deploy, core, sequencer)
  const listed = RESERVES.flatMap((spec) => {
    const reserve = addresses.reserves[spec.symbol]
    return reserve ? [{ spec, asset: reserve.asset }] : []
  })
  for (const { spec, asset } of listed)
    for (const data of listing(artifacts, core, treasury, spec, asset)) plan.call(core.configurator, data)
  const members = listed.map(({ spec, asset }) => ({ symbol: spec.symbol, asset, category: spec.eMode }))
  for (const data of categories(artifacts, members)) plan.call(core.configurator, data)
  const block = await sendAll(devnet, 'deployment', plan.transactions)
  const lending = listed.flatMap(({ asset, spec }) =>
    provideLiquidity(core.pool, asset, spec, LIQUIDITY_DOLLARS),
  )
  await sendAll(devnet, 'liquidity', lending)
  const feeds = { ...addresses.feeds, [SEQUENCER]: sequencer }
  const recorded = { ...addresses, ...core, treasury, oracle, feeds }
  const reserves = listed.map(({ spec, asset }) => {
    const feed = addresses.feeds[spec.symbol]
    if (!feed) throw new Error(`no feed of ${spec.symbol}`)
    return readReserve(devnet.rpc, recorded, { spec, asset, feed })
  })
  const bySymbol = (await Promise.all(reserves)).map((reserve) => [reserve.symbol, reserve] as const)
  return { ...recorded, ...guard, fromBlock: block.number, reserves: Object.fromEntries(bySymbol) }
}
