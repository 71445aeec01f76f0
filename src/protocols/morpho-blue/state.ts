import type { Address, Hex } from 'viem'
import type { Fault, Market, Position } from '../../model/market.ts'
import type { PriceKey } from '../../model/price.ts'
import type { Change, Deployment, Mirror, Read } from '../adapter.ts'
import type { OracleWiring } from './oracle.ts'

/** The id of a market: 0x and 64 hex digits, in lower case. */
export type Id = Hex

/**
 * One Morpho singleton. Borrowers may opt in to the contracts that a pre-liquidation factory creates. `markets` are all that
 * is followed, where given: no log has to announce them, and neither are pre-liquidation contracts then known.
 */
export type MorphoDeployment = Deployment & {
  readonly morpho: Address
  readonly preLiquidationFactory?: Address
  readonly markets?: readonly Id[]
}

/** What a market is, for ever; its id is the hash of it. `lltv` is a wad; an `irm` of zero means no interest. */
export type MarketParams = {
  readonly loanToken: Address
  readonly collateralToken: Address
  readonly oracle: Address
  readonly irm: Address
  readonly lltv: bigint
}

export type Token = { readonly symbol: string; readonly decimals: number }

/** Totals as last written, not accrued: assets in units of the loan token, `lastUpdate` in s, `fee` a wad of the interest. */
export type Totals = {
  readonly totalSupplyAssets: bigint
  readonly totalSupplyShares: bigint
  readonly totalBorrowAssets: bigint
  readonly totalBorrowShares: bigint
  readonly lastUpdate: number
  readonly fee: bigint
}

/**
 * Where the borrow rate comes from. `adaptive-curve`: computed, from the rate at target as stored (wad per second);
 * `given`: the model's own borrowRateView at the block of the reading; `failed`: the model reverts, and so does all that
 * accrues; `unread`: of another make, and not asked yet. `rise`, a wad per second, is what a scenario adds to the rate.
 */
export type RateModel =
  | { readonly kind: 'none' | 'unread' }
  | { readonly kind: 'adaptive-curve'; readonly rateAtTarget: bigint; readonly rise?: bigint }
  | { readonly kind: 'given'; readonly borrowRate: bigint; readonly rise?: bigint }
  | { readonly kind: 'failed'; readonly error: string }

/** A pre-liquidation contract: factors and thresholds are wads, linear from the first at `preLltv` to the second at the market's LLTV. */
export type PreLiquidation = {
  readonly preLltv: bigint
  readonly preLCF1: bigint
  readonly preLCF2: bigint
  readonly preLIF1: bigint
  readonly preLIF2: bigint
  readonly oracle: Address
}

/** What reading fills in; a market that was only announced has none of it. */
export type MarketReading = {
  readonly totals: Totals
  readonly rate: RateModel
  /** Who is credited with fee shares; the zero address loses them. */
  readonly feeRecipient: Address
  readonly loan: Token
  readonly collateral: Token
}

export type MorphoMarket = Market & {
  readonly morpho: Address
  readonly params: MarketParams
  readonly reading?: MarketReading
  /** By address of the contract. */
  readonly preLiquidations: Readonly<Record<Address, PreLiquidation>>
  /** How the oracle composes its price; `opaque` for an oracle of another make. */
  readonly wiring?: OracleWiring | 'opaque'
}

/** `authorized`: the market's pre-liquidation contracts that the borrower lets act for it. */
export type MorphoPosition = Position & {
  readonly supplyShares: bigint
  readonly borrowShares: bigint
  readonly collateral: bigint
  readonly authorized: readonly Address[]
}

export type MorphoMirror = Mirror<MorphoMarket, MorphoPosition>
export type MorphoChange = Change<MorphoMarket, MorphoPosition>
export type MorphoRead = Read<MorphoMarket, MorphoPosition>

/** The price that an oracle contract answers; markets that share an oracle share the key. */
export const priceKeyOf = (oracle: Address): PriceKey => `price:${oracle}`

/** The loan token is the quote: its price is one, and no oracle gives it. */
export const QUOTE_PRICE_KEY: PriceKey = 'quote'

export const deploymentOf = (mirror: MorphoMirror): MorphoDeployment => mirror.deployment as MorphoDeployment

export const positionKey = (id: Id, account: Address): string => `${id}:${account}`

/** Accounts with a position in a market, by keys alone. */
export const accountsIn = ({ positions }: Pick<MorphoMirror, 'positions'>, id: Id): readonly Address[] => {
  const prefix = positionKey(id, '' as Address)
  return [...positions.keys()].flatMap((key) =>
    key.startsWith(prefix) ? [key.slice(prefix.length) as Address] : [],
  )
}

/** A loan that is gone: neither debt nor collateral is left. What the account lent does not matter. */
export const isOpen = ({ borrowShares, collateral }: MorphoPosition): boolean =>
  borrowShares > 0n || collateral > 0n

/** Why nothing can be computed in this market, whatever the position. */
export const faultOf = ({ fault, params, reading }: MorphoMarket): Fault | undefined => {
  if (fault) return fault
  if (!reading || reading.rate.kind === 'unread')
    return { reason: 'not-yet-read', detail: 'the market is announced but not read yet' }
  if (reading.rate.kind === 'failed')
    return { reason: 'read-failed', detail: `rate model ${params.irm}: ${reading.rate.error}` }
  return undefined
}
