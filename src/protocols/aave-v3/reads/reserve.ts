// Reads of one reserve, one e-mode category, one price.
import { type Address, encodeFunctionData, getAddress, zeroAddress } from 'viem'
import { oracleAbi, poolAbi, scaledTokenAbi, stableDebtTokenAbi } from '../../../../abis/aave-v3.ts'
import { erc20Abi } from '../../../../abis/erc20.ts'
import type { Call, CallResult } from '../../../model/evm.ts'
import { answerOf, symbolOf } from '../../answers.ts'
import { decodeConfiguration } from '../configuration.ts'
import { keys } from '../keys.ts'
import {
  type AaveChange,
  type AaveMarket,
  type AaveMirror,
  type AaveRead,
  due,
  type EModeCategory,
  MARKET,
  marketOf,
  type Reserve,
  retry,
} from '../state.ts'

const RESERVE_GAS_MAX = 80_000
const TOKEN_GAS_MAX = 30_000
const PRICE_GAS_MAX = 150_000

const updateReserve = (
  asset: Address,
  next: (reserve: Reserve | undefined) => Reserve | undefined,
): AaveChange => ({
  kind: 'market',
  key: MARKET,
  next: (market) => {
    if (!market) return market
    const reserve = next(market.reserves[asset])
    return reserve ? { ...market, reserves: { ...market.reserves, [asset]: reserve } } : market
  },
})

const failedReserve = (asset: Address, symbol: string): Reserve => ({
  id: -1,
  asset,
  symbol,
  configuration: 0n,
  liquidityIndex: 0n,
  liquidityRate: 0n,
  variableBorrowIndex: 0n,
  variableBorrowRate: 0n,
  lastUpdateTimestamp: 0,
  aToken: zeroAddress,
  stableDebtToken: zeroAddress,
  variableDebtToken: zeroAddress,
})

const decodeReserve = (
  asset: Address,
  results: readonly CallResult[],
  mirror: AaveMirror,
): readonly AaveChange[] => {
  const market = marketOf(mirror)
  const known = market?.reserves[asset]
  const data = answerOf(poolAbi, 'getReserveData', results[0])
  const symbol =
    known?.symbol ?? symbolOf(answerOf(erc20Abi, 'symbol', results[1]), results[1]) ?? `${asset.slice(0, 8)}…`
  if (!data.ok)
    return [
      updateReserve(asset, (current) => ({
        ...(current ?? failedReserve(asset, symbol)),
        fault: data.fault,
      })),
    ]
  const { value } = data
  const reserve: Reserve = {
    id: value.id,
    asset,
    symbol,
    configuration: value.configuration,
    liquidityIndex: value.liquidityIndex,
    liquidityRate: value.currentLiquidityRate,
    variableBorrowIndex: value.variableBorrowIndex,
    variableBorrowRate: value.currentVariableBorrowRate,
    lastUpdateTimestamp: value.lastUpdateTimestamp,
    aToken: getAddress(value.aTokenAddress),
    stableDebtToken: getAddress(value.stableDebtTokenAddress),
    variableDebtToken: getAddress(value.variableDebtTokenAddress),
  }
  const { eMode } = decodeConfiguration(value.configuration)
  return [
    updateReserve(asset, (current) => (current?.totals ? { ...reserve, totals: current.totals } : reserve)),
    ...(known?.totals ? [] : due(keys.totals(asset))),
    ...(eMode === 0 || market?.eModes[eMode] ? [] : due(keys.eMode(eMode))),
  ]
}

/** A reserve's data and configuration, and once its token's symbol. */
export const readReserve = (market: AaveMarket, asset: Address): AaveRead => {
  const data = encodeFunctionData({ abi: poolAbi, functionName: 'getReserveData', args: [asset] })
  const symbol: Call = {
    to: asset,
    data: encodeFunctionData({ abi: erc20Abi, functionName: 'symbol' }),
    gasMax: TOKEN_GAS_MAX,
    immutable: true,
  }
  return {
    key: keys.reserve(asset),
    calls: [
      { to: market.wiring.pool, data, gasMax: RESERVE_GAS_MAX },
      ...(market.reserves[asset] ? [] : [symbol]),
    ],
    decode: (results, _block, mirror) => decodeReserve(asset, results, mirror),
  }
}

/** The market's own totals of a reserve's debt, for coverage. */
export const readTotals = (reserve: Reserve): AaveRead => ({
  key: keys.totals(reserve.asset),
  calls: [
    {
      to: reserve.variableDebtToken,
      data: encodeFunctionData({ abi: scaledTokenAbi, functionName: 'scaledTotalSupply' }),
      gasMax: TOKEN_GAS_MAX,
    },
    {
      to: reserve.stableDebtToken,
      data: encodeFunctionData({ abi: stableDebtTokenAbi, functionName: 'getSupplyData' }),
      gasMax: TOKEN_GAS_MAX * 2,
    },
  ],
  decode: (results) => {
    const scaled = answerOf(scaledTokenAbi, 'scaledTotalSupply', results[0])
    const stable = answerOf(stableDebtTokenAbi, 'getSupplyData', results[1])
    if (!scaled.ok || !stable.ok) return [retry(keys.totals(reserve.asset))]
    const [principal, , rate, timestamp] = stable.value
    const totals = { scaledVariableDebt: scaled.value, stableDebt: { principal, rate, timestamp } }
    return [updateReserve(reserve.asset, (current) => current && { ...current, totals })]
  },
})

/** An e-mode category; a price source of its own becomes due. */
export const readEMode = (market: AaveMarket, id: number): AaveRead => ({
  key: keys.eMode(id),
  calls: [
    {
      to: market.wiring.pool,
      data: encodeFunctionData({ abi: poolAbi, functionName: 'getEModeCategoryData', args: [id] }),
      gasMax: RESERVE_GAS_MAX,
    },
  ],
  decode: (results) => {
    const data = answerOf(poolAbi, 'getEModeCategoryData', results[0])
    const category: EModeCategory = data.ok
      ? {
          liquidationThreshold: BigInt(data.value.liquidationThreshold),
          priceSource: getAddress(data.value.priceSource),
          label: data.value.label,
        }
      : { liquidationThreshold: 0n, priceSource: zeroAddress, label: '', fault: data.fault }
    return [
      {
        kind: 'market',
        key: MARKET,
        next: (current) => current && { ...current, eModes: { ...current.eModes, [id]: category } },
      },
      ...(data.ok ? [] : [retry(keys.eMode(id))]),
      ...(category.priceSource === zeroAddress ? [] : due(keys.price(category.priceSource))),
    ]
  },
})

/** A price as the pool sees it: AaveOracle.getAssetPrice. Zero is no price. */
export const readPrice = (market: AaveMarket, asset: Address): AaveRead => {
  const key = keys.price(asset)
  return {
    key,
    calls: [
      {
        to: market.wiring.oracle,
        data: encodeFunctionData({ abi: oracleAbi, functionName: 'getAssetPrice', args: [asset] }),
        gasMax: PRICE_GAS_MAX,
      },
    ],
    decode: (results, _block, mirror) => {
      const price = answerOf(oracleAbi, 'getAssetPrice', results[0])
      const scale = marketOf(mirror)?.baseCurrencyUnit ?? 0n
      if (!price.ok) return [{ kind: 'price', reading: { kind: 'failed', key, error: price.fault.detail } }]
      if (price.value === 0n)
        return [
          {
            kind: 'price',
            reading: { kind: 'failed', key, error: 'the oracle answers 0, which is no price' },
          },
        ]
      return [
        {
          kind: 'price',
          reading: { kind: 'price', key, price: price.value, scale, source: market.wiring.oracle },
        },
      ]
    },
  }
}
