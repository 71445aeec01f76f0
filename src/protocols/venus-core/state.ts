import type { Address } from 'viem'
import type { Fault, Market, Position } from '../../model/market.ts'
import type { PriceKey } from '../../model/price.ts'
import type { Change, Deployment, Mirror, Read } from '../adapter.ts'
import type { Account, CToken, Pool, Underlying } from '../compound-v2/account.ts'

/** One comptroller (Unitroller). Everything else is read from it. */
export type VenusDeployment = Deployment & { readonly comptroller: Address }

/** What a market's collateral counts for, in loans and in liquidations, and what a repayment against it earns: wads. */
export type RiskParameters = {
  readonly collateralFactor: bigint
  readonly liquidationThreshold: bigint
  readonly liquidationIncentive: bigint
}

/** A vToken as one pool of the comptroller has it. */
export type PoolMarket = RiskParameters & { readonly isListed: boolean; readonly isBorrowAllowed: boolean }

/** ComptrollerStorage.Action, in its order. */
export const ACTIONS = [
  'MINT',
  'REDEEM',
  'BORROW',
  'REPAY',
  'SEIZE',
  'LIQUIDATE',
  'TRANSFER',
  'ENTER_MARKET',
  'EXIT_MARKET',
] as const
export type ComptrollerAction = (typeof ACTIONS)[number]

/**
 * What a vToken's code is, found out once, with probes that a native market answers by its fallback, which accrues.
 * `paysOutReserves`: with accrual, after so many blocks. `keepsCash`: its cash is what it counted, not what it holds.
 */
export type Traits = {
  readonly symbol: string
  readonly decimals: number
  readonly underlying: Underlying
  readonly isNative: boolean
  readonly namesBorrower: boolean
  readonly paysOutReserves: boolean
  readonly keepsCash: boolean
}

/**
 * A market with its place in the core pool. `namesBorrower`: whether its code names the borrower when it asks what to seize, so
 * that the incentive is the one of the borrower's pool. Caps in units of the underlying.
 */
export type VToken = CToken &
  PoolMarket & {
    readonly namesBorrower: boolean
    readonly interestRateModel: Address
    readonly isForcedLiquidationEnabled: boolean
    readonly pausedActions: readonly ComptrollerAction[]
    readonly supplyCap: bigint
    readonly borrowCap: bigint
  }

/** A pool that accounts select instead of the core pool (e-mode). Markets by vToken address. */
export type EModePool = {
  readonly label: string
  readonly isActive: boolean
  readonly allowCorePoolFallback: boolean
  readonly markets: Readonly<Record<Address, PoolMarket>>
}

/**
 * VAI as its controller lends it. `mintIndex` (a wad) as of block `accruedAt`; yearly rates are wads. `seizesForInterest`: whether
 * what a liquidator pays as interest counts when collateral is seized, as since VAIController's version with Prime.
 */
export type Vai = {
  readonly controller: Address
  readonly token: Address
  readonly mintIndex: bigint
  readonly accruedAt: bigint
  readonly baseRate: bigint
  readonly floatRate: bigint
  readonly blocksPerYear: bigint
  readonly seizesForInterest: boolean
  /** The comptroller's setMintedVAIOf refuses. */
  readonly isPaused: boolean
  readonly pausedActions: readonly ComptrollerAction[]
  readonly isForcedLiquidationEnabled: boolean
}

/** VAI that an account owes; amounts with 18 decimals. `minted` includes `pastInterest`, which earns none; `interestIndex` is a wad. */
export type VaiLoan = {
  readonly minted: bigint
  readonly pastInterest: bigint
  readonly interestIndex: bigint
}

/**
 * The contract that alone may liquidate where it is set. `splits`: what its treasury's percentage (a wad) is of, the seized tokens'
 * bonus or, before, the repaid part. `forcedVai`: VAI debts from which on (18 decimals) VAI has to be liquidated first.
 */
export type LiquidatorContract = {
  readonly address: Address
  readonly treasuryPercent: bigint
  readonly splits: 'bonus' | 'repaid'
  readonly forcedVai?: { readonly debtMin: bigint }
}

/** What differs between generations of the comptroller. */
export type Generation = 'core-diamond' | 'core-monolith'

export type VenusMarket = Market & {
  readonly revision: Generation
  readonly comptroller: Address
  readonly oracle: Address
  /** The oracle of loans, where the comptroller has one of its own for them. */
  readonly boundedOracle?: Address
  /** By which a later time than the block's, as in a simulation, counts in blocks. */
  readonly blocksPerYear: bigint
  readonly closeFactor: bigint
  readonly isProtocolPaused: boolean
  /** In the comptroller's order. */
  readonly listed: readonly Address[]
  readonly traits: Readonly<Record<Address, Traits>>
  /** By checksummed address, in the comptroller's order. */
  readonly cTokens: Readonly<Record<Address, VToken>>
  /** Listed markets that could not be read, by address: who entered one cannot be assessed. */
  readonly faults: Readonly<Record<Address, Fault>>
  /** By id; 0 is the core pool, whose parameters are the markets' own. */
  readonly pools: Readonly<Record<string, EModePool>>
  readonly vai?: Vai | Unread
  readonly liquidatorContract?: LiquidatorContract | Unread
}

/** A contract that is there, but did not answer, or not yet. */
export type Unread = { readonly address: Address; readonly fault: Fault }

/**
 * Legs of all markets, entered or not. `forced`: vTokens, or the VAI controller, whose debts of this account may be liquidated
 * without a shortfall.
 */
export type VenusPosition = Position &
  Account & {
    readonly poolId: string
    readonly vai: VaiLoan
    readonly forced: readonly Address[]
    readonly isRestricted: boolean
  }

export type VenusPool = Pool<VToken>
export type VenusMirror = Mirror<VenusMarket, VenusPosition>
export type VenusChange = Change<VenusMarket, VenusPosition>
export type VenusRead = Read<VenusMarket, VenusPosition>

/** A comptroller is one market: everything entered counts together. */
export const MARKET = 'comptroller'

export const CORE_POOL_ID = '0'

export const deploymentOf = (mirror: VenusMirror): VenusDeployment => mirror.deployment as VenusDeployment

export const marketOf = (mirror: VenusMirror): VenusMarket | undefined => mirror.markets.get(MARKET)

export const positionKey = (account: Address): string => `${MARKET}:${account}`

export const positionOf = (mirror: VenusMirror, account: Address): VenusPosition | undefined =>
  mirror.positions.get(positionKey(account))

/** A change of the market that is there. */
export const updateMarket = (next: (market: VenusMarket) => VenusMarket): VenusChange => ({
  kind: 'market',
  key: MARKET,
  next: (market) => market && next(market),
})

/** A market in which one vToken was changed. */
export const withVToken = (market: VenusMarket, vToken: VToken): VenusMarket => ({
  ...market,
  cTokens: { ...market.cTokens, [vToken.address]: vToken },
})

export const setPosition = (
  account: Address,
  next: (position: VenusPosition | undefined) => VenusPosition | undefined,
): VenusChange => ({ kind: 'position', key: positionKey(account), next })

/** The oracle answers for one unit of an asset, times 1e18; for a whole one, times this. */
export const priceScaleOf = (decimals: number): bigint => 10n ** BigInt(decimals < 36 ? 36 - decimals : 0)

/** What the oracle answers for a vToken or for VAI. */
export const priceKeyOf = (address: Address): PriceKey => `price:${address}`

/** VAI's debt counts at a dollar each, whatever an oracle says: no reading has this key. */
export const VAI_PRICE_KEY: PriceKey = 'dollar'

/** What the bounded oracle lets collateral or debt count for in loans. */
export const boundedPriceKeyOf = (side: 'collateral' | 'debt', vToken: Address): PriceKey =>
  `bounded-${side}-price:${vToken}`
