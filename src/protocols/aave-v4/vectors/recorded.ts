// Recorded states as the adapter holds them. Hubs, spokes and prices stand in tables that many records share.
import { type Address, getAddress, pad, toHex, zeroAddress } from 'viem'
import type { PriceReading } from '../../../model/price.ts'
import type { Env } from '../../adapter.ts'
import { standIns, type VectorFile } from '../../vectors.ts'
import {
  type AaveV4Position,
  type DynamicConfig,
  type HubAsset,
  type HubMarket,
  PRICE_SCALE,
  priceKeyOf,
  type Reserve,
  type SpokeData,
  type SpokeMarket,
  USD,
  type UserReserve,
} from '../state.ts'

const addressOf = standIns((seed: number) => getAddress(pad(toHex(seed), { size: 20 })))
const HUB = addressOf(0x40b)
const STRATEGY = addressOf(0x57a)

/** An account goes by its recorded name: the address is made of its letters. */
export const accountNamed = (name: string): Address =>
  getAddress(pad(toHex(new TextEncoder().encode(name).slice(0, 20)), { size: 20 }))

const idOf = (market: string) => ({ chainId: 1, protocol: 'aave-v4', deployment: 'vectors', market })

const underlyingOf = (assetId: number): Address => addressOf(0xa0 + assetId)

const bigints = <K extends string>(record: VectorFile, names: readonly K[]): Record<K, bigint> =>
  Object.fromEntries(names.map((name) => [name, BigInt(record[name])])) as Record<K, bigint>

export const ASSET_FIELDS = [
  ...(['liquidity', 'swept', 'realizedFees', 'addedShares', 'drawnShares', 'premiumShares'] as const),
  ...(['premiumOffsetRay', 'deficitRay', 'drawnIndex', 'drawnRate', 'liquidityFee'] as const),
] as const

export const SPOKE_DATA_FIELDS = [
  ...(['drawnShares', 'premiumShares', 'premiumOffsetRay', 'addedShares', 'deficitRay'] as const),
  ...(['addCap', 'drawCap', 'riskPremiumThreshold'] as const),
] as const

export const USER_FIELDS = ['drawnShares', 'premiumShares', 'premiumOffsetRay', 'suppliedShares'] as const

const RATE_FIELDS = [
  ...(['optimalUsageRatio', 'baseDrawnRate', 'rateGrowthBeforeOptimal', 'rateGrowthAfterOptimal'] as const),
] as const

const assetOf = (state: VectorFile, { assetId, interestRateData }: VectorFile): HubAsset => ({
  underlying: underlyingOf(assetId),
  decimals: Number(state['decimals']),
  ...bigints(state, ASSET_FIELDS),
  lastUpdateTimestamp: Number(state['lastUpdateTimestamp']),
  irStrategy: STRATEGY,
  rateCurve: bigints(interestRateData, RATE_FIELDS),
})

const base = { label: 'recorded', quote: USD, revision: '1', revisionRaw: '1', fidelity: 'exact' } as const

export const hubOf = (file: VectorFile, hubState: number): HubMarket => ({
  ...base,
  id: idOf(HUB),
  kind: 'hub',
  isShared: true,
  faults: {},
  hub: HUB,
  assets: Object.fromEntries(
    file['assets'].map((asset: VectorFile) => [
      asset['assetId'],
      assetOf(file['hubStates'][hubState][asset['assetId']], asset),
    ]),
  ),
  symbols: Object.fromEntries(file['assets'].map(({ assetId, name }: VectorFile) => [assetId, name])),
})

const spokeDataOf = (data: VectorFile): SpokeData => ({
  ...bigints(data, SPOKE_DATA_FIELDS),
  active: data['active'],
  halted: data['halted'],
})

const reserveOf = (recorded: VectorFile, id: number): Reserve => ({
  id,
  underlying: underlyingOf(recorded['assetId']),
  hub: HUB,
  assetId: recorded['assetId'],
  decimals: Number(recorded['decimals']),
  collateralRisk: BigInt(recorded['collateralRisk']),
  paused: recorded['paused'],
  frozen: recorded['frozen'],
  borrowable: recorded['borrowable'],
  receiveSharesEnabled: recorded['receiveSharesEnabled'],
  dynamicConfigKey: Number(recorded['dynamicConfigKey']),
})

const dynamicConfigOf = (config: VectorFile): DynamicConfig =>
  bigints(config, ['collateralFactor', 'maxLiquidationBonus', 'liquidationFee'])

/** A list as a record by its positions. */
const byId = <T>(list: readonly VectorFile[], read: (one: VectorFile, id: number) => T): Record<number, T> =>
  Object.fromEntries(list.map((one, id) => [id, read(one, id)]))

export const spokeOf = (file: VectorFile, { spoke, hubState, spokeConfig }: VectorFile): SpokeMarket => {
  const config = file['spokeConfigs'][spokeConfig]
  const reserves: readonly VectorFile[] = config['reserves']
  return {
    ...base,
    id: idOf(spoke),
    kind: 'spoke',
    faults: {},
    spoke: zeroAddress,
    oracle: zeroAddress,
    userReservesMax: 2 ** 16 - 1,
    liquidationConfig: bigints(config['liquidationConfig'], [
      'targetHealthFactor',
      'healthFactorForMaxBonus',
      'liquidationBonusFactor',
    ]),
    reserveCount: reserves.length,
    reserves: byId(reserves, reserveOf),
    dynamicConfigs: byId(config['dynamicReserveConfigs'], (configs) =>
      byId(configs as unknown as readonly VectorFile[], dynamicConfigOf),
    ),
    spokeData: byId(reserves, ({ assetId }) =>
      spokeDataOf(file['hubStates'][hubState][assetId].spokes[spoke]),
    ),
  }
}

export const userReserveOf = (recorded: VectorFile, isCollateral: boolean): UserReserve => ({
  ...bigints(recorded, USER_FIELDS),
  dynamicConfigKey: Number(recorded['dynamicConfigKey']),
  isCollateral,
})

export const positionOf = (spoke: string, account: VectorFile): AaveV4Position => {
  const owner = accountNamed(account['name'])
  return {
    id: { ...idOf(spoke), account: owner },
    owner,
    asOf: 0n,
    riskPremium: BigInt(account['riskPremium']),
    reserves: byId(account['positions'], (one, id) => userReserveOf(one, account['usingAsCollateral'][id])),
  }
}

/** Prices by reserve as the feeds said; what is not positive the oracle refuses. */
export const envOf = (
  file: VectorFile,
  spoke: SpokeMarket,
  hub: HubMarket,
  record: VectorFile,
  timestamp: string,
): Env => {
  const readings = file['prices'][record['prices']].map(
    (price: string, id: number): [string, PriceReading] => {
      const key = priceKeyOf(spoke, id)
      return [
        key,
        BigInt(price) > 0n
          ? { kind: 'price', key, price: BigInt(price), scale: PRICE_SCALE, source: 'recorded' }
          : { kind: 'failed', key, error: 'InvalidPrice' },
      ]
    },
  )
  const prices = new Map<string, PriceReading>(readings)
  return {
    block: { chainId: 1, number: 1n, hash: pad('0x01'), timestamp: Number(timestamp) },
    timestamp: Number(timestamp),
    prices: (key) => prices.get(key),
    markets: (name) => (name === HUB ? hub : undefined),
    debtInFront: () => null,
    quotes: () => ({ price: 1n, scale: 1n, source: 'recorded' }),
  }
}

/** The recorded account in its spoke, at a time, with its hub and its prices. */
export const worldOf = (file: VectorFile, record: VectorFile, account: VectorFile, timestamp: string) => {
  const market = spokeOf(file, record)
  const hub = hubOf(file, record['hubState'])
  return {
    market,
    position: positionOf(record['spoke'], account),
    env: envOf(file, market, hub, record, timestamp),
  }
}
