import type { Address } from 'viem'
import type { Fault, Market, Position } from '../../model/market.ts'
import type { PriceKey } from '../../model/price.ts'
import type { Change, Deployment, Key, Mirror, Read } from '../adapter.ts'
import type { Account, CToken } from './account.ts'

/** One comptroller. `quote` is what its oracle answers in, 18 decimals; left out, it is USD. */
export type CompoundDeployment = Deployment & { readonly comptroller: Address; readonly quote?: string }

/** A listed market. `collateralFactor` is a wad; `borrowCap` in units of the underlying, 0 for none. */
export type CompoundToken = CToken & {
  readonly isListed: boolean
  readonly collateralFactor: bigint
  readonly isMintPaused: boolean
  readonly isBorrowPaused: boolean
  readonly borrowCap: bigint
}

/** What interest accrues by: block numbers, or seconds. */
export type Clock = 'block' | 'second'

export type CompoundMarket = Market & {
  readonly comptroller: Address
  readonly clock: Clock
  /** How long a block takes, for simulations of a later time only; s. */
  readonly secondsPerBlock: bigint
  readonly closeFactor: bigint
  readonly liquidationIncentive: bigint
  readonly isSeizePaused: boolean
  readonly isTransferPaused: boolean
  /** Whether the comptroller knows deprecated markets, whose debts may be repaid by others without a shortfall. */
  readonly hasDeprecation: boolean
  /** By checksummed address, in the comptroller's order. */
  readonly cTokens: Readonly<Record<Address, CompoundToken>>
  /** Listed markets that could not be read, by address: who entered one cannot be assessed. */
  readonly faults: Readonly<Record<Address, Fault>>
}

export type CompoundPosition = Position & Account

export type CompoundMirror = Mirror<CompoundMarket, CompoundPosition>
export type CompoundChange = Change<CompoundMarket, CompoundPosition>
export type CompoundRead = Read<CompoundMarket, CompoundPosition>

/** A comptroller is one market: everything entered counts together. */
export const MARKET = 'comptroller'

/** What the oracle answers for a cToken. */
export const priceKeyOf = (cToken: Address): PriceKey => `price:${cToken}`

/** getUnderlyingPrice is of one unit of the underlying, times 1e18; of a whole one, times this. */
export const priceScaleOf = ({ underlying }: CToken): bigint => 10n ** BigInt(36 - underlying.decimals)

export const due = (...names: readonly Key[]): readonly CompoundChange[] =>
  names.map((key) => ({ kind: 'due', key }))

export const retry = (key: Key): CompoundChange => ({ kind: 'retry', key })
