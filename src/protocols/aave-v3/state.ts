import type { Address } from 'viem'
import type { Fault, Market, Position } from '../../model/market.ts'
import type { Change, Deployment, Mirror, Read } from '../adapter.ts'
import { bitsOf } from './configuration.ts'

export type AaveDeployment = Deployment & { readonly poolAddressesProvider: Address }

/** Contracts that the addresses provider names. `sentinel` is the zero address where there is none. */
export type Wiring = {
  readonly pool: Address
  readonly configurator: Address
  readonly oracle: Address
  readonly sentinel: Address
}

/**
 * One reserve as last written on chain: indices and rates are rays as of `lastUpdateTimestamp` (s), not accrued.
 * `configuration` is the raw bitmap.
 */
export type Reserve = {
  readonly id: number
  readonly asset: Address
  readonly symbol: string
  readonly configuration: bigint
  readonly liquidityIndex: bigint
  readonly liquidityRate: bigint
  readonly variableBorrowIndex: bigint
  readonly variableBorrowRate: bigint
  readonly lastUpdateTimestamp: number
  readonly aToken: Address
  readonly stableDebtToken: Address
  readonly variableDebtToken: Address
  /** What sets its interest rates. */
  readonly rateStrategy?: Address
  /** Scaled aTokens that the treasury has earned and not been minted. */
  readonly accruedToTreasury: bigint
  /** Debt against this collateral in isolation mode, in dollars with 2 decimals, until 3.6. */
  readonly isolationModeTotalDebt: bigint
  /** What the pool counts as the reserve's own underlying, since 3.1: no more can be paid out. */
  readonly virtualBalance?: bigint
  /** The underlying that the aToken holds: no more can be paid out either. */
  readonly underlyingBalance?: bigint
  /** Debt written off and not covered yet, since 3.3. */
  readonly deficit: bigint
  /** No liquidation until this time (s) is over, since 3.1. */
  readonly liquidationGracePeriodUntil: number
  /** The feed that the oracle asks for the price, to explain it; the oracle's answer alone counts. */
  readonly priceFeed?: Address
  /** What all accounts together hold and owe. */
  readonly totals?: {
    readonly scaledSupply: bigint
    readonly scaledVariableDebt: bigint
    readonly stableDebt: StableDebt
  }
  readonly fault?: Fault
}

/** Debt at a stable rate: `principal` compounds at `rate` (ray) since `timestamp` (s). */
export type StableDebt = {
  readonly principal: bigint
  readonly rate: bigint
  readonly timestamp: number
}

/**
 * Percentages in basis points. Until 3.1 members name their category and may share its `priceSource` (else the zero
 * address); since 3.2 bitmaps of reserve ids name the members.
 */
export type EModeCategory = {
  readonly ltv: bigint
  readonly liquidationThreshold: bigint
  readonly liquidationBonus: bigint
  readonly priceSource: Address
  readonly label: string
  readonly collateralBitmap: bigint
  readonly borrowableBitmap: bigint
  readonly ltvzeroBitmap: bigint
  readonly isIsolated: boolean
  readonly fault?: Fault
}

/** What the price-oracle sentinel currently lets the pool do, until 3.6. */
export type SentinelWord = { readonly isLiquidationAllowed: boolean; readonly isBorrowAllowed: boolean }

/** Parts of the market state that are read apart and fail apart. */
export type MarketPart = 'wiring' | 'revision' | 'base' | 'reserves'

export type AaveMarket = Market & {
  readonly wiring: Wiring
  readonly faults: Readonly<Partial<Record<MarketPart, Fault>>>
  readonly baseCurrencyUnit: bigint
  /** By checksummed asset address, in the order of the pool's list. */
  readonly reserves: Readonly<Record<Address, Reserve>>
  readonly eModes: Readonly<Record<number, EModeCategory>>
  readonly sentinel?: SentinelWord | { readonly fault: Fault }
}

/**
 * Scaled balances of one account in one reserve. `discount` is on interest since `previousIndex` (ray), in basis points:
 * GHO's debt token has it before 3.4.
 */
export type Leg = {
  readonly scaledCollateral: bigint
  readonly scaledVariableDebt: bigint
  readonly stableDebt?: StableDebt
  readonly discount?: { readonly previousIndex: bigint; readonly percent: bigint }
}

/**
 * `userConfiguration` is the raw bitmap: bit 2·id borrowing, bit 2·id + 1 used as collateral. Every set bit has its leg; other
 * legs are supplies that are not used as collateral, where anything named them.
 */
export type AavePosition = Position & {
  readonly eMode: number
  readonly userConfiguration: bigint
  readonly legs: Readonly<Record<Address, Leg>>
}

/** Whether a leg has no balance of any kind. */
export const isEmptyLeg = ({ scaledCollateral, scaledVariableDebt, stableDebt }: Leg): boolean =>
  scaledCollateral === 0n && scaledVariableDebt === 0n && stableDebt === undefined

export type AaveMirror = Mirror<AaveMarket, AavePosition>
export type AaveChange = Change<AaveMarket, AavePosition>
export type AaveRead = Read<AaveMarket, AavePosition>

/** An Aave deployment is one market. */
export const MARKET = 'pool'

export const marketOf = (mirror: AaveMirror): AaveMarket | undefined => mirror.markets.get(MARKET)

export const positionOf = (mirror: AaveMirror, account: Address): AavePosition | undefined =>
  mirror.positions.get(`${MARKET}:${account}`)

/** A market in which one reserve was changed. */
export const withReserve = (market: AaveMarket, reserve: Reserve): AaveMarket => ({
  ...market,
  reserves: { ...market.reserves, [reserve.asset]: reserve },
})

export const reservesOf = (market: AaveMarket): readonly Reserve[] => Object.values(market.reserves)

/** Bits of a user configuration that belong to no reserve known by its id. */
export const unknownBits = (userConfiguration: bigint, market: AaveMarket): bigint =>
  reservesOf(market).reduce((rest, { id }) => (id < 0 ? rest : rest & ~bitsOf(id)), userConfiguration)
