import type { Address } from 'viem'
import type { Fault, Market, Position } from '../../model/market.ts'
import type { PriceKey } from '../../model/price.ts'
import type { Change, Deployment, Mirror, Read, Tally } from '../adapter.ts'

/** One Comet: a market that lends one base token against several collaterals. */
export type CometDeployment = Deployment & { readonly comet: Address }

export type Token = { readonly symbol: string; readonly decimals: number }

/** A rate model: wads per second over utilisation, itself a wad, that rises more steeply above the kink. `rise` is what a scenario adds. */
export type RateCurve = {
  readonly kink: bigint
  readonly base: bigint
  readonly slopeLow: bigint
  readonly slopeHigh: bigint
  readonly rise?: bigint
}

/** getAssetInfo: factors are wads of four decimals, `scale` is one whole token, `supplyCap` in units of the asset. */
export type AssetInfo = {
  readonly offset: number
  readonly asset: Address
  readonly priceFeed: Address
  readonly scale: bigint
  readonly borrowCollateralFactor: bigint
  readonly liquidateCollateralFactor: bigint
  readonly liquidationFactor: bigint
  readonly supplyCap: bigint
}

/**
 * What only an upgrade changes. `assets` are in the order of their offsets; where they are fewer than `numAssets`, the
 * contract refuses to tell the next one in the words of `assetError`.
 */
export type Configuration = {
  readonly baseToken: Address
  readonly baseTokenPriceFeed: Address
  readonly baseScale: bigint
  readonly supplyRate: RateCurve
  readonly borrowRate: RateCurve
  readonly storeFrontPriceFactor: bigint
  readonly targetReserves: bigint
  readonly trackingIndexScale: bigint
  readonly baseTrackingSupplySpeed: bigint
  readonly baseTrackingBorrowSpeed: bigint
  readonly baseMinForRewards: bigint
  readonly baseBorrowMin: bigint
  readonly numAssets: number
  readonly assets: readonly AssetInfo[]
  readonly assetError?: string
}

/** totalsBasic as stored, not accrued: indices scaled by 1e15, principals without interest, `lastAccrualTime` in s. */
export type Totals = {
  readonly baseSupplyIndex: bigint
  readonly baseBorrowIndex: bigint
  readonly trackingSupplyIndex: bigint
  readonly trackingBorrowIndex: bigint
  readonly totalSupplyBase: bigint
  readonly totalBorrowBase: bigint
  readonly lastAccrualTime: number
  readonly pauseFlags: number
}

/** Parts of the market state that are read apart and fail apart. */
export type MarketPart = 'configuration' | 'totals'

/**
 * How far principals are proven, since some change without a log. A round of the sweep reads every position once: it
 * began at `startedAt` (s) and has come to the account `after`. A whole round began at `provenAt`: what nobody accrued
 * since then is as read. `gap` is what tracked debts and the market's total differed by when that round ended.
 */
export type Sweep = {
  readonly after: string
  readonly startedAt: number
  readonly provenAt: number
  readonly gap: bigint
}

/** Nothing is proven yet. */
export const NEVER_SWEPT: Sweep = { after: '', startedAt: 0, provenAt: 0, gap: 0n }

export type CometMarket = Market & {
  readonly comet: Address
  readonly faults: Readonly<Partial<Record<MarketPart, Fault>>>
  readonly configuration?: Configuration
  readonly totals?: Totals
  /** By address, the base token among them. */
  readonly tokens: Readonly<Record<Address, Token>>
  /** Tokens that the contract holds, in units of each. */
  readonly balances: Readonly<Record<Address, bigint>>
  /** What all accounts have put up of each collateral; the contract's holdings beyond it are its reserves. */
  readonly totalsCollateral: Readonly<Record<Address, bigint>>
  readonly sweep: Sweep
}

/**
 * userBasic and the balances of its set bits. `principal` is signed, debt negative, interest not included; bit i of
 * `assetsIn` says that the asset of offset i is held, bits 16 to 23 being the contract's `_reserved`.
 */
export type CometPosition = Position & {
  readonly principal: bigint
  readonly baseTrackingIndex: bigint
  readonly baseTrackingAccrued: bigint
  readonly assetsIn: number
  readonly collateral: Readonly<Record<Address, bigint>>
}

export type CometMirror = Mirror<CometMarket, CometPosition>
export type CometChange = Change<CometMarket, CometPosition>
export type CometRead = Read<CometMarket, CometPosition>

/** A Comet is one market. */
export const MARKET = 'comet'

export const marketOf = (mirror: CometMirror): CometMarket | undefined => mirror.markets.get(MARKET)

export const deploymentOf = (mirror: CometMirror): CometDeployment => mirror.deployment as CometDeployment

export const positionKey = (account: Address): string => `${MARKET}:${account}`

/** The account of a position's key. */
export const accountOf = (key: string): Address => key.slice(MARKET.length + 1) as Address

/** What getPrice answers for a feed; assets that share a feed share the key. */
export const priceKeyOf = (priceFeed: Address): PriceKey => `price:${priceFeed}`

/** A loan that is gone: neither debt nor collateral is left. What the account lent does not matter. */
export const isOpen = ({ principal, assetsIn }: CometPosition): boolean => principal < 0n || assetsIn !== 0

export const isHeld = (assetsIn: number, offset: number): boolean => ((assetsIn >> offset) & 1) === 1

/** All feeds that the market's prices come from. */
export const feedsOf = ({ baseTokenPriceFeed, assets }: Configuration): readonly Address[] => [
  ...new Set([baseTokenPriceFeed, ...assets.map(({ priceFeed }) => priceFeed)]),
]

/** What a principal owes, not negative. */
export const owedPrincipal = ({ principal }: Pick<CometPosition, 'principal'>): bigint =>
  principal < 0n ? -principal : 0n

const DEBT = 'debt'

/** A position counts with what its principal owes. */
export const tallies = (position: CometPosition): readonly Tally[] => [
  { name: DEBT, amount: owedPrincipal(position) },
]

/** What the principals of all tracked positions owe. */
export const trackedPrincipal = ({ tallies: sums }: CometMirror): bigint => sums.get(DEBT) ?? 0n

const decimalsOf = (scale: bigint): number => scale.toString().length - 1

/** An address for people. */
export const short = (address: Address): string => `${address.slice(0, 6)}…${address.slice(-4)}`

/** A token as it was read; one whose symbol is not known goes by its address. Decimals are those of its scale. */
export const tokenOf = ({ tokens, configuration }: CometMarket, token: Address): Token => {
  const known = tokens[token]
  if (known) return known
  const isBase = token === configuration?.baseToken
  const scale = isBase
    ? configuration?.baseScale
    : configuration?.assets.find(({ asset }) => asset === token)?.scale
  return { symbol: short(token), decimals: decimalsOf(scale ?? 1n) }
}

export const updateMarket = (next: (current: CometMarket) => CometMarket): CometChange => ({
  kind: 'market',
  key: MARKET,
  next: (current) => current && next(current),
})

/** A market whose part was read again: its fault is set or cleared, and `fault` is the first of all parts. */
export const withPart = (market: CometMarket, part: MarketPart, fault: Fault | undefined): CometMarket => {
  const { fault: _, ...rest } = market
  const faults = { ...market.faults }
  if (fault) faults[part] = fault
  else delete faults[part]
  const first = faults.configuration ?? faults.totals
  return { ...rest, faults, ...(first ? { fault: first } : {}) }
}

/** Why nothing can be computed in this market, whatever the position. */
export const faultOf = ({ fault, configuration, totals }: CometMarket): Fault | undefined => {
  if (fault || (configuration && totals)) return fault
  return { reason: 'not-yet-read', detail: 'the market is not read yet' }
}
