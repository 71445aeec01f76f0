import { type Address, getAddress } from 'viem'
import type { Fault, Market, Position, Quote } from '../../model/market.ts'
import type { Change, Deployment, Key, Mirror, Read } from '../adapter.ts'
import { keys } from './keys.ts'

/**
 * An instance of Aave v4: what governs its access, which is older than all the rest, and its spokes by name. Hubs are
 * found through what the spokes list.
 */
export type AaveV4Deployment = Deployment & {
  readonly accessManager: Address
  readonly spokes: Readonly<Record<string, Address>>
}

/** IAssetInterestRateStrategy.InterestRateData: bps, rates per year. `rise`, a ray per year, is what a scenario adds. */
export type RateCurve = {
  readonly optimalUsageRatio: bigint
  readonly baseDrawnRate: bigint
  readonly rateGrowthBeforeOptimal: bigint
  readonly rateGrowthAfterOptimal: bigint
  readonly rise?: bigint
}

/**
 * IHub.Asset as stored, not accrued. Amounts in units of the asset, `…Ray` the same as a ray; `drawnIndex` a ray,
 * `drawnRate` a ray per year of 365 days, `liquidityFee` bps, `lastUpdateTimestamp` s. Without a `rateCurve` the strategy
 * is of an unknown kind, and the rate stays what it is.
 */
export type HubAsset = {
  readonly underlying: Address
  readonly decimals: number
  readonly liquidity: bigint
  readonly swept: bigint
  readonly realizedFees: bigint
  readonly addedShares: bigint
  readonly drawnShares: bigint
  readonly premiumShares: bigint
  readonly premiumOffsetRay: bigint
  readonly deficitRay: bigint
  readonly drawnIndex: bigint
  readonly drawnRate: bigint
  readonly lastUpdateTimestamp: number
  readonly liquidityFee: bigint
  readonly irStrategy: Address
  readonly rateCurve?: RateCurve
}

/** Parts of a market that are read apart fail apart: faults by the key of the read. `fault` is that of the market itself. */
type Parts = { readonly faults: Readonly<Record<Key, Fault>> }

/** A hub: liquidity and interest of its assets, by asset id, which several spokes share. */
export type HubMarket = Market &
  Parts & {
    readonly kind: 'hub'
    readonly isShared: true
    readonly hub: Address
    readonly assets: Readonly<Record<number, HubAsset>>
    readonly symbols: Readonly<Record<number, string>>
  }

/** IHub.SpokeData: what a spoke has added and drawn of a hub's asset, and how much it may. Caps in whole tokens, threshold in bps. */
export type SpokeData = {
  readonly drawnShares: bigint
  readonly premiumShares: bigint
  readonly premiumOffsetRay: bigint
  readonly addedShares: bigint
  readonly deficitRay: bigint
  readonly addCap: bigint
  readonly drawCap: bigint
  readonly riskPremiumThreshold: bigint
  readonly active: boolean
  readonly halted: boolean
}

/** ISpoke.DynamicReserveConfig, bps; a bonus of 105 % is 10500. */
export type DynamicConfig = {
  readonly collateralFactor: bigint
  readonly maxLiquidationBonus: bigint
  readonly liquidationFee: bigint
}

/** ISpoke.Reserve: a hub's asset as a spoke lists it. `collateralRisk` in bps; `dynamicConfigKey` is the latest. */
export type Reserve = {
  readonly id: number
  readonly underlying: Address
  readonly hub: Address
  readonly assetId: number
  readonly decimals: number
  readonly collateralRisk: bigint
  readonly paused: boolean
  readonly frozen: boolean
  readonly borrowable: boolean
  readonly receiveSharesEnabled: boolean
  readonly dynamicConfigKey: number
}

/** ISpoke.LiquidationConfig: health factors wads, the factor bps. */
export type LiquidationConfig = {
  readonly targetHealthFactor: bigint
  readonly healthFactorForMaxBonus: bigint
  readonly liquidationBonusFactor: bigint
}

/** A spoke: its reserves by id, their dynamic configurations by key, and its own account of each at the hub. */
export type SpokeMarket = Market &
  Parts & {
    readonly kind: 'spoke'
    readonly spoke: Address
    readonly oracle: Address
    readonly userReservesMax: number
    readonly liquidationConfig: LiquidationConfig
    readonly reserveCount: number
    readonly reserves: Readonly<Record<number, Reserve>>
    readonly dynamicConfigs: Readonly<Record<number, Readonly<Record<number, DynamicConfig>>>>
    readonly spokeData: Readonly<Record<number, SpokeData>>
  }

export type AaveV4Market = HubMarket | SpokeMarket

/** ISpoke.UserPosition, and whether it is used as collateral. Shares as stored; it borrows exactly while it has drawn shares. */
export type UserReserve = {
  readonly drawnShares: bigint
  readonly premiumShares: bigint
  readonly premiumOffsetRay: bigint
  readonly suppliedShares: bigint
  readonly dynamicConfigKey: number
  readonly isCollateral: boolean
}

export const NOTHING: UserReserve = {
  drawnShares: 0n,
  premiumShares: 0n,
  premiumOffsetRay: 0n,
  suppliedShares: 0n,
  dynamicConfigKey: 0,
  isCollateral: false,
}

/** A user's loan in one spoke, by reserve id. `riskPremium` is the one that was last stored, bps. */
export type AaveV4Position = Position & {
  readonly riskPremium: bigint
  readonly reserves: Readonly<Record<number, UserReserve>>
}

export type AaveV4Mirror = Mirror<AaveV4Market, AaveV4Position>
export type AaveV4Change = Change<AaveV4Market, AaveV4Position>
export type AaveV4Read = Read<AaveV4Market, AaveV4Position>

/** Values are what SpokeUtils.toValue makes: 1e26 a US dollar. */
export const USD: Quote = { symbol: 'USD', decimals: 26 }

/** Prices of AaveOracle have eight decimals. */
export const PRICE_SCALE = 10n ** 8n

export const spokesOf = (mirror: AaveV4Mirror): readonly (readonly [name: string, spoke: Address])[] =>
  Object.entries((mirror.deployment as AaveV4Deployment).spokes ?? {}).map(([name, spoke]) => [
    name,
    getAddress(spoke),
  ])

export const spokeNamed = (mirror: AaveV4Mirror, name: string): SpokeMarket | undefined => {
  const market = mirror.markets.get(name)
  return market?.kind === 'spoke' ? market : undefined
}

export const spokeMarkets = (mirror: AaveV4Mirror): readonly SpokeMarket[] =>
  [...mirror.markets.values()].flatMap((market) => (market.kind === 'spoke' ? [market] : []))

/** A hub is a market that goes by its address. */
export const hubAt = (mirror: AaveV4Mirror, hub: Address): HubMarket | undefined => {
  const market = mirror.markets.get(hub)
  return market?.kind === 'hub' ? market : undefined
}

export const reservesOf = ({ reserves }: SpokeMarket): readonly Reserve[] => Object.values(reserves)

/** What an account has in its reserves, with their ids, in the order of the ids. */
export const userReserves = (
  position: AaveV4Position,
): readonly (readonly [id: number, userReserve: UserReserve])[] =>
  Object.entries(position.reserves).map(([id, one]) => [Number(id), one])

export const userReserveOf = ({ reserves }: AaveV4Position, id: number): UserReserve =>
  reserves[id] ?? NOTHING

export const isBorrowed = ({ drawnShares }: UserReserve): boolean => drawnShares > 0n

/** A loan that is gone owes nothing and has no collateral; what is merely supplied does not matter. */
export const isOpen = (position: AaveV4Position): boolean =>
  userReserves(position).some(([, one]) => isBorrowed(one) || (one.isCollateral && one.suppliedShares > 0n))

export const positionKey = (name: string, account: Address): string => `${name}:${account}`

/** Changes a market that is there; `next` is not asked of another kind. */
export const updateSpoke = (name: string, next: (current: SpokeMarket) => SpokeMarket): AaveV4Change => ({
  kind: 'market',
  key: name,
  next: (current) => (current?.kind === 'spoke' ? next(current) : current),
})

export const updateHub = (hub: Address, next: (current: HubMarket) => HubMarket): AaveV4Change => ({
  kind: 'market',
  key: hub,
  next: (current) => (current?.kind === 'hub' ? next(current) : current),
})

/** The market with a part's fault set or cleared. */
export const withFault = <M extends AaveV4Market>(market: M, part: Key, fault: Fault | undefined): M => {
  const { [part]: _, ...others } = market.faults
  return { ...market, faults: fault ? { ...others, [part]: fault } : others }
}

/** Why a part of a market is not there, though it is wanted. */
export const faultOfPart = ({ fault, faults }: AaveV4Market, part: Key): Fault =>
  fault ?? faults[part] ?? { reason: 'not-yet-read', detail: `${part} is still to be read` }

/** A reserve's asset at its hub as legs name it; one whose symbol is not known goes by its address. */
export const tokenOf = (hub: HubMarket | undefined, { underlying, assetId, decimals }: Reserve) => ({
  asset: underlying,
  symbol: hub?.symbols[assetId] ?? short(underlying),
  decimals,
})

/** An address for people. */
export const short = (address: Address): string => `${address.slice(0, 6)}…${address.slice(-4)}`

/** Where the oracle's price of a reserve is found. */
export const priceKeyOf = (market: SpokeMarket, id: number): string => keys.price(market.id.market, id)
