import { encodeFunctionData, type Hex, zeroAddress } from 'viem'
import { creationCode, revisionShim } from '../bytecode.ts'
import type { Transaction } from '../plan.ts'
import { configuratorAbi as abi, oracleAbi, providerAbi } from './abis.ts'
import type { AdminAction } from './actions.ts'
import { type AdminCall, defineEMode, listReserves, planReserve, registerFeeds } from './deploy-reserves.ts'
import { type EncodeContext, type Encoders, feedOf, reserveOf } from './encoder.ts'

const byAdmin = (context: EncodeContext, calls: readonly AdminCall[]): Transaction[] =>
  calls.map(({ to, data }) => ({ from: context.addresses.admin, to, data }))

const configure = (context: EncodeContext, data: Hex): Transaction[] =>
  byAdmin(context, [{ to: context.addresses.configurator, data }])

const assetOf = (context: EncodeContext, symbol: string) => reserveOf(context, symbol).asset

export const adminEncoders: Encoders<AdminAction['kind']> = {
  configureCollateral: (context, { asset, ltv, liquidationThreshold, liquidationBonus }) => {
    const ratios = [BigInt(ltv), BigInt(liquidationThreshold), BigInt(liquidationBonus)] as const
    const args = [assetOf(context, asset), ...ratios] as const
    return configure(context, encodeFunctionData({ abi, functionName: 'configureReserveAsCollateral', args }))
  },
  setLiquidationProtocolFee: (context, { asset, fee }) => {
    const args = [assetOf(context, asset), BigInt(fee)] as const
    return configure(context, encodeFunctionData({ abi, functionName: 'setLiquidationProtocolFee', args }))
  },
  setReserveFactor: (context, { asset, factor }) => {
    const args = [assetOf(context, asset), BigInt(factor)] as const
    return configure(context, encodeFunctionData({ abi, functionName: 'setReserveFactor', args }))
  },
  freeze: (context, { asset, frozen }) => {
    const args = [assetOf(context, asset), frozen] as const
    return configure(context, encodeFunctionData({ abi, functionName: 'setReserveFreeze', args }))
  },
  pause: (context, { asset, paused }) => {
    const args = [assetOf(context, asset), paused] as const
    return configure(context, encodeFunctionData({ abi, functionName: 'setReservePause', args }))
  },
  pausePool: (context, { paused }) =>
    configure(context, encodeFunctionData({ abi, functionName: 'setPoolPause', args: [paused] })),
  setEModeCategory: (context, action) => {
    const source = action.priceSource === undefined ? zeroAddress : feedOf(context, action.priceSource).asset
    return byAdmin(context, [defineEMode(context.addresses, action, source)])
  },
  setAssetEMode: (context, { asset, category }) => {
    const args = [assetOf(context, asset), category] as const
    return configure(context, encodeFunctionData({ abi, functionName: 'setAssetEModeCategory', args }))
  },
  setDebtCeiling: (context, { asset, ceiling }) => {
    const args = [assetOf(context, asset), ceiling] as const
    return configure(context, encodeFunctionData({ abi, functionName: 'setDebtCeiling', args }))
  },
  setPriceSource: (context, { asset, source }) => {
    const args = [[feedOf(context, asset).asset], [source]] as const
    const data = encodeFunctionData({ abi: oracleAbi, functionName: 'setAssetSources', args })
    return byAdmin(context, [{ to: context.addresses.oracle, data }])
  },
  addReserve: (context, { spec }) => {
    const plan = context.freshPlan()
    const reserve = planReserve(plan, context.feedCodes, spec)
    context.added.push(reserve)
    const calls = [
      registerFeeds(context.addresses, [reserve.feed]),
      ...listReserves(context.addresses, [reserve]),
    ]
    return [...plan.transactions, ...byAdmin(context, calls)]
  },
  upgradePoolRevision: (context, { revision }) => {
    const plan = context.freshPlan()
    const shim = plan.deploy(creationCode(revisionShim(context.addresses.poolImplementation, revision)))
    const data = encodeFunctionData({ abi: providerAbi, functionName: 'setPoolImpl', args: [shim] })
    return [
      ...plan.transactions,
      ...byAdmin(context, [{ to: context.addresses.poolAddressesProvider, data }]),
    ]
  },
}
