import { type Address, encodeFunctionData, type Hex, zeroAddress } from 'viem'
import { type Feed, type FeedCodes, planFeed } from '../feeds.ts'
import type { Plan } from '../plan.ts'
import { configuratorAbi, oracleAbi } from './abis.ts'
import { aaveCreationCode } from './artifacts.ts'
import type { Core } from './deploy-core.ts'
import type { EModeSpec, ReserveSpec } from './reserves.ts'

/** A reserve whose token and feed are planned, before the pool knows it. */
export type PlannedReserve = { readonly spec: ReserveSpec; readonly asset: Address; readonly feed: Feed }

export type AdminCall = { readonly to: Address; readonly data: Hex }

/** Plans a reserve's mintable ERC-20 and its price feed. */
export const planReserve = (plan: Plan, codes: FeedCodes, spec: ReserveSpec): PlannedReserve => {
  const asset = plan.deploy(aaveCreationCode('MintableERC20', [spec.symbol, spec.symbol, spec.decimals]))
  return { spec, asset, feed: planFeed(plan, codes, { symbol: spec.symbol, asset, price: spec.price }) }
}

const initReserveInput = (core: Core, { spec, asset }: PlannedReserve) => ({
  aTokenImpl: core.implementations.aToken,
  stableDebtTokenImpl: core.implementations.stableDebtToken,
  variableDebtTokenImpl: core.implementations.variableDebtToken,
  underlyingAssetDecimals: spec.decimals,
  interestRateStrategyAddress: core.rateStrategies[spec.rates],
  underlyingAsset: asset,
  treasury: core.treasury,
  incentivesController: zeroAddress,
  aTokenName: `Aave Devnet ${spec.symbol}`,
  aTokenSymbol: `aDev${spec.symbol}`,
  variableDebtTokenName: `Aave Devnet Variable Debt ${spec.symbol}`,
  variableDebtTokenSymbol: `variableDebtDev${spec.symbol}`,
  stableDebtTokenName: `Aave Devnet Stable Debt ${spec.symbol}`,
  stableDebtTokenSymbol: `stableDebtDev${spec.symbol}`,
  params: '0x' as const,
})

/** Registers feeds with the oracle. */
export const registerFeeds = (core: Core, feeds: readonly Feed[]): AdminCall => ({
  to: core.oracle,
  data: encodeFunctionData({
    abi: oracleAbi,
    functionName: 'setAssetSources',
    args: [feeds.map((feed) => feed.asset), feeds.map((feed) => feed.proxy)],
  }),
})

/** Sets up an e-mode category; `priceSource` is the asset address whose price the category uses, zero for none. */
export const defineEMode = (core: Core, spec: EModeSpec, priceSource: Address = zeroAddress): AdminCall => ({
  to: core.configurator,
  data: encodeFunctionData({
    abi: configuratorAbi,
    functionName: 'setEModeCategory',
    args: [
      spec.category,
      spec.ltv,
      spec.liquidationThreshold,
      spec.liquidationBonus,
      priceSource,
      spec.label,
    ],
  }),
})

const configure = (core: Core, { spec, asset }: PlannedReserve): AdminCall[] => {
  const to = core.configurator
  const abi = configuratorAbi
  const calls: Hex[] = [
    encodeFunctionData({
      abi,
      functionName: 'configureReserveAsCollateral',
      args: [asset, BigInt(spec.ltv), BigInt(spec.liquidationThreshold), BigInt(spec.liquidationBonus)],
    }),
    encodeFunctionData({ abi, functionName: 'setReserveBorrowing', args: [asset, true] }),
    encodeFunctionData({ abi, functionName: 'setReserveFactor', args: [asset, BigInt(spec.reserveFactor)] }),
    encodeFunctionData({
      abi,
      functionName: 'setLiquidationProtocolFee',
      args: [asset, BigInt(spec.liquidationProtocolFee)],
    }),
  ]
  if (spec.stableRate)
    calls.push(
      encodeFunctionData({ abi, functionName: 'setReserveStableRateBorrowing', args: [asset, true] }),
    )
  if (spec.borrowableInIsolation)
    calls.push(encodeFunctionData({ abi, functionName: 'setBorrowableInIsolation', args: [asset, true] }))
  if (spec.debtCeiling)
    calls.push(encodeFunctionData({ abi, functionName: 'setDebtCeiling', args: [asset, spec.debtCeiling] }))
  if (spec.eMode)
    calls.push(encodeFunctionData({ abi, functionName: 'setAssetEModeCategory', args: [asset, spec.eMode] }))
  return calls.map((data) => ({ to, data }))
}

/** Lists reserves in the pool and sets their risk parameters; their feeds must be registered by the same admin. */
export const listReserves = (core: Core, reserves: readonly PlannedReserve[]): AdminCall[] => [
  {
    to: core.configurator,
    data: encodeFunctionData({
      abi: configuratorAbi,
      functionName: 'initReserves',
      args: [reserves.map((reserve) => initReserveInput(core, reserve))],
    }),
  },
  ...reserves.flatMap((reserve) => configure(core, reserve)),
]
