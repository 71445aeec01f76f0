import { type Address, encodeFunctionData, getContractAddress, zeroAddress } from 'viem'
import { BURNING, creationCode, REVERTING } from '../bytecode.ts'
import { namedAccount, type Plan } from '../plan.ts'
import { aclAbi, poolAbi, providerAbi } from './abis.ts'
import { aaveCreationCode } from './artifacts.ts'
import { RATE_CURVES, type RateCurve, type RateKind } from './reserves.ts'

/** The contracts of the pool that no reserve owns. */
export type Core = {
  readonly admin: Address
  readonly treasury: Address
  readonly poolAddressesProvider: Address
  readonly aclManager: Address
  readonly pool: Address
  readonly poolImplementation: Address
  readonly configurator: Address
  readonly oracle: Address
  readonly dataProvider: Address
  readonly implementations: {
    readonly aToken: Address
    readonly variableDebtToken: Address
    readonly stableDebtToken: Address
  }
  readonly rateStrategies: Readonly<Record<RateKind, Address>>
  /** Stand-ins for aggregators that fail: by a revert, by burning all gas. */
  readonly broken: { readonly revert: Address; readonly 'burn-gas': Address }
}

const RAY_PER_BPS = 10n ** 23n
const LIBRARIES = [
  ...['SupplyLogic', 'BorrowLogic', 'LiquidationLogic', 'EModeLogic', 'BridgeLogic', 'PoolLogic'],
  ...['ConfiguratorLogic', 'FlashLoanLogic'],
]

const strategyArgs = (provider: Address, curve: RateCurve): readonly unknown[] => [
  provider,
  ...[
    ...[curve.optimalUsage, curve.base, curve.slope1, curve.slope2, curve.stableSlope1, curve.stableSlope2],
    ...[curve.stableOffset, curve.stableExcessOffset, curve.optimalStableShare],
  ].map((bps) => BigInt(bps) * RAY_PER_BPS),
]

const planPool = (plan: Plan, provider: Address) => {
  const libraries: Record<string, Address> = {}
  for (const name of LIBRARIES) libraries[name] = plan.deploy(aaveCreationCode(name, [], libraries))
  const initialize = encodeFunctionData({ abi: poolAbi, functionName: 'initialize', args: [provider] })
  const poolImplementation = plan.deploy(aaveCreationCode('Pool', [provider], libraries))
  const configuratorImplementation = plan.deploy(aaveCreationCode('PoolConfigurator', [], libraries))
  plan.call(poolImplementation, initialize)
  plan.call(configuratorImplementation, initialize)
  plan.call(
    provider,
    encodeFunctionData({ abi: providerAbi, functionName: 'setPoolImpl', args: [poolImplementation] }),
  )
  plan.call(
    provider,
    encodeFunctionData({
      abi: providerAbi,
      functionName: 'setPoolConfiguratorImpl',
      args: [configuratorImplementation],
    }),
  )
  return {
    poolImplementation,
    pool: getContractAddress({ from: provider, nonce: 1n }),
    configurator: getContractAddress({ from: provider, nonce: 2n }),
  }
}

const planToken = (plan: Plan, name: string, pool: Address): Address =>
  plan.deploy(aaveCreationCode(name, [pool]))

/** Plans Aave v3.0.2 without reserves. The plan's sender becomes its admin. */
export const planCore = (plan: Plan): Core => {
  const admin = plan.from
  const provider = plan.deploy(aaveCreationCode('PoolAddressesProvider', ['Plimsoll devnet', admin]))
  const set = (
    functionName: 'setACLAdmin' | 'setACLManager' | 'setPriceOracle' | 'setPoolDataProvider',
    to: Address,
  ) => plan.call(provider, encodeFunctionData({ abi: providerAbi, functionName, args: [to] }))
  set('setACLAdmin', admin)
  const aclManager = plan.deploy(aaveCreationCode('ACLManager', [provider]))
  set('setACLManager', aclManager)
  for (const functionName of ['addPoolAdmin', 'addEmergencyAdmin'] as const)
    plan.call(aclManager, encodeFunctionData({ abi: aclAbi, functionName, args: [admin] }))

  const { pool, poolImplementation, configurator } = planPool(plan, provider)
  const dataProvider = plan.deploy(aaveCreationCode('AaveProtocolDataProvider', [provider]))
  set('setPoolDataProvider', dataProvider)
  const oracle = plan.deploy(
    aaveCreationCode('AaveOracle', [provider, [], [], zeroAddress, zeroAddress, 10n ** 8n]),
  )
  set('setPriceOracle', oracle)
  return {
    admin,
    treasury: namedAccount('treasury'),
    poolAddressesProvider: provider,
    aclManager,
    pool,
    poolImplementation,
    configurator,
    oracle,
    dataProvider,
    implementations: {
      aToken: planToken(plan, 'AToken', pool),
      variableDebtToken: planToken(plan, 'VariableDebtToken', pool),
      stableDebtToken: planToken(plan, 'StableDebtToken', pool),
    },
    rateStrategies: {
      volatile: plan.deploy(
        aaveCreationCode('DefaultReserveInterestRateStrategy', strategyArgs(provider, RATE_CURVES.volatile)),
      ),
      stable: plan.deploy(
        aaveCreationCode('DefaultReserveInterestRateStrategy', strategyArgs(provider, RATE_CURVES.stable)),
      ),
    },
    broken: {
      revert: plan.deploy(creationCode(REVERTING)),
      'burn-gas': plan.deploy(creationCode(BURNING)),
    },
  }
}
