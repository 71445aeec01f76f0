// What governance sets of a spoke and of a hub.
import type { Parameter } from '../../model/parameter.ts'
import { BPS } from '../../units/brands.ts'
import { parametersOf, restoredEach, WHOLE } from '../parameters.ts'
import {
  type AaveV4Market,
  type DynamicConfig,
  type HubAsset,
  type HubMarket,
  type Reserve,
  reservesOf,
  type SpokeMarket,
} from './state.ts'

const ofAsset = (symbol: string | undefined, asset: HubAsset): readonly Parameter[] => {
  const { underlying, liquidityFee, irStrategy, rateCurve } = asset
  return parametersOf(
    { asset: underlying, ...(symbol === undefined ? {} : { symbol }) },
    {
      bps: { reserveFactor: liquidityFee, ...rateCurve },
      address: { rateModel: irStrategy },
    },
  )
}

const ofConfigs = (
  { underlying }: Reserve,
  configs: Readonly<Record<number, DynamicConfig>>,
): readonly Parameter[] =>
  Object.entries(configs).flatMap(([key, { collateralFactor, maxLiquidationBonus, liquidationFee }]) =>
    parametersOf(
      { asset: underlying, part: `config[${key}]` },
      {
        bps: {
          liquidationThreshold: collateralFactor,
          maxLiquidationBonus: maxLiquidationBonus > BPS ? maxLiquidationBonus - BPS : 0n,
          liquidationProtocolFee: liquidationFee,
        },
      },
    ),
  )

const ofReserve = ({ dynamicConfigs, spokeData }: SpokeMarket, reserve: Reserve): readonly Parameter[] => {
  const { id, underlying, collateralRisk, paused, frozen, borrowable, receiveSharesEnabled } = reserve
  const data = spokeData[id]
  return [
    ...parametersOf(
      { asset: underlying },
      {
        flag: {
          ...{ isListed: true, isPaused: paused, isFrozen: frozen, isBorrowingEnabled: borrowable },
          ...{ isReceivingSharesEnabled: receiveSharesEnabled },
          ...(data ? { isActive: data.active, isHalted: data.halted } : {}),
        },
        bps: { collateralRisk, riskPremiumThreshold: data?.riskPremiumThreshold },
        amount: { supplyCap: data?.addCap, borrowCap: data?.drawCap },
        count: { latestConfig: BigInt(reserve.dynamicConfigKey) },
      },
    ),
    ...ofConfigs(reserve, dynamicConfigs[id] ?? {}),
  ]
}

const ofSpoke = (market: SpokeMarket): readonly Parameter[] => {
  const { targetHealthFactor, healthFactorForMaxBonus, liquidationBonusFactor } = market.liquidationConfig
  return [
    ...parametersOf({ ...WHOLE, prices: 'all' }, { address: { oracle: market.oracle } }),
    ...parametersOf(WHOLE, {
      wad: { targetHealthFactor, healthFactorForMaxBonus },
      bps: { liquidationBonusFactor },
    }),
    ...reservesOf(market).flatMap((reserve) => ofReserve(market, reserve)),
  ]
}

/** Caps are in whole tokens. A loan counts by the configuration that it was given, whichever is the latest. */
export const parameters = (market: AaveV4Market): readonly Parameter[] =>
  market.kind === 'spoke'
    ? ofSpoke(market)
    : Object.entries(market.assets).flatMap(([id, asset]) => ofAsset(market.symbols[Number(id)], asset))

const hubOf = (market: HubMarket, before: HubMarket): HubMarket => ({
  ...market,
  assets: restoredEach(market.assets, before.assets, (asset, { liquidityFee, irStrategy, rateCurve }) => {
    const { rateCurve: _, ...rest } = asset
    return { ...rest, liquidityFee, irStrategy, ...(rateCurve ? { rateCurve } : {}) }
  }),
})

const spokeOf = (market: SpokeMarket, before: SpokeMarket): SpokeMarket => ({
  ...market,
  oracle: before.oracle,
  liquidationConfig: before.liquidationConfig,
  reserves: restoredEach(market.reserves, before.reserves, (_reserve, earlier) => earlier),
  dynamicConfigs: restoredEach(market.dynamicConfigs, before.dynamicConfigs, (configs, earlier) => ({
    ...configs,
    ...earlier,
  })),
  spokeData: restoredEach(market.spokeData, before.spokeData, (data, earlier) => {
    const { addCap, drawCap, riskPremiumThreshold, active, halted } = earlier
    return { ...data, addCap, drawCap, riskPremiumThreshold, active, halted }
  }),
})

/** Reserves, configurations and caps of before; what is drawn and supplied stays. */
export const withParametersOf = (market: AaveV4Market, before: AaveV4Market): AaveV4Market => {
  if (market.kind === 'hub') return before.kind === 'hub' ? hubOf(market, before) : market
  return before.kind === 'spoke' ? spokeOf(market, before) : market
}
