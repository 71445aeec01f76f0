import type { Address } from 'viem'
import type { Fault, Market, Position } from '../../model/market.ts'
import type { PriceKey } from '../../model/price.ts'
import type { Change, Deployment, Mirror, Read } from '../adapter.ts'
import type { Account, CToken } from './account.ts'

/** One comptroller. `quote` is what its oracle answers in, with 18 decimals; left out, it is USD. */
export type CompoundDeployment = Deployment & {
  readonly comptroller: Address
  readonly quote?: string | undefined
}

/**
 * What a cToken's code is, found out once. `underlying` is 0xEeee… where the native asset is lent; `hasSeizeShare`: seized tokens
 * are shared with the protocol. Functions that a CEther lacks are never asked for with its state: they would run its fallback,
 * which accrues.
 */
export type Traits = {
  readonly symbol: string
  readonly decimals: number
  readonly underlying: Address
  readonly isNative: boolean
  readonly hasSeizeShare: boolean
  readonly interestRateModel: Address
}

/** A listed market. `collateralFactor` is a wad; caps in units of the underlying, 0 for none. Only forks cap what is supplied. */
export type CompoundToken = CToken & {
  readonly isListed: boolean
  readonly collateralFactor: bigint
  readonly isMintPaused: boolean
  readonly isBorrowPaused: boolean
  readonly borrowCap: bigint
  readonly supplyCap: bigint
  /** Where the contract's storage has `accountBorrows`, once it is found. */
  readonly borrowsSlot?: number
}

/** What interest accrues by: block numbers, or seconds. */
export type Clock = 'block' | 'second'

export type CompoundMarket = Market & {
  readonly comptroller: Address
  readonly oracle: Address
  readonly clock: Clock
  /** How long a block takes (s), for simulations of a later time only. */
  readonly secondsPerBlock: bigint
  readonly closeFactor: bigint
  readonly liquidationIncentive: bigint
  readonly isSeizePaused: boolean
  readonly isTransferPaused: boolean
  /** Whether the comptroller knows deprecated markets, whose debts others may repay without a shortfall. */
  readonly hasDeprecation: boolean
  /** In the comptroller's order. */
  readonly listed: readonly Address[]
  readonly traits: Readonly<Record<Address, Traits>>
  /** By checksummed address. */
  readonly cTokens: Readonly<Record<Address, CompoundToken>>
  /** Listed markets that could not be read: who entered one cannot be assessed. */
  readonly faults: Readonly<Record<Address, Fault>>
}

export type CompoundPosition = Position & Account

export type CompoundMirror = Mirror<CompoundMarket, CompoundPosition>
export type CompoundChange = Change<CompoundMarket, CompoundPosition>
export type CompoundRead = Read<CompoundMarket, CompoundPosition>

/** A comptroller is one market: everything entered counts together. */
export const MARKET = 'comptroller'

export const deploymentOf = (mirror: CompoundMirror): CompoundDeployment =>
  mirror.deployment as CompoundDeployment

export const marketOf = (mirror: CompoundMirror): CompoundMarket | undefined => mirror.markets.get(MARKET)

export const positionKey = (account: Address): string => `${MARKET}:${account}`

export const positionOf = (mirror: CompoundMirror, account: Address): CompoundPosition | undefined =>
  mirror.positions.get(positionKey(account))

/** What the oracle answers for a cToken. */
export const priceKeyOf = (cToken: Address): PriceKey => `price:${cToken}`

/** getUnderlyingPrice is of one unit of the underlying, times 1e18; of a whole one, times this. */
export const priceScaleOf = ({ underlying }: CToken): bigint =>
  10n ** BigInt(Math.max(36 - underlying.decimals, 0))

/** A change of the market that is there. */
export const updateMarket = (next: (market: CompoundMarket) => CompoundMarket): CompoundChange => ({
  kind: 'market',
  key: MARKET,
  next: (market) => market && next(market),
})

/** A market in which one cToken was changed. */
export const withToken = (market: CompoundMarket, cToken: CompoundToken): CompoundMarket => ({
  ...market,
  cTokens: { ...market.cTokens, [cToken.address]: cToken },
})

export const setPosition = (
  account: Address,
  next: (position: CompoundPosition | undefined) => CompoundPosition | undefined,
): CompoundChange => ({ kind: 'position', key: positionKey(account), next })
