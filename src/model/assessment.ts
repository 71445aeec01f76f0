import type { Address } from 'viem'
import type { BlockRef } from './block.ts'
import type { Quote, UnassessableReason } from './market.ts'
import type { PriceKey } from './price.ts'

/**
 * `amount` in units of the asset, `value` in the market's quote, `price` as the oracle gives it. Wads: `maxLtv`, up to which its
 * value lets one borrow (pauses, caps and system-wide ratios aside); `liquidationThreshold`, up to which it keeps from liquidation.
 */
export type CollateralLeg = DebtLeg & { readonly maxLtv: bigint; readonly liquidationThreshold: bigint }

export type DebtLeg = {
  readonly asset: Address
  readonly symbol: string
  readonly decimals: number
  readonly priceKey: PriceKey
  readonly amount: bigint
  readonly price: bigint
  readonly value: bigint
}

export const PHASES = ['no-debt', 'healthy', 'soft-liquidation', 'liquidatable', 'bad-debt'] as const
export type Phase = (typeof PHASES)[number]

/** What stands between a liquidatable position and its liquidation. `disabled`: switched off by a hook; `no-liquidity`: the seized cannot be paid out; `last-position`: a market's last one is kept. */
export type BlockedBy =
  | 'paused'
  | 'inactive'
  | 'disabled'
  | 'grace-period'
  | 'cool-off'
  | 'sequencer-down'
  | 'price-invalid'
  | 'auction-limit'
  | 'dust'
  | 'no-collateral'
  | 'no-liquidity'
  | 'last-position'

/** USD figures are for ranking, filters and display; health never depends on them. */
export type UsdValues = { readonly collateral: string; readonly debt: string; readonly source: string }

/** A health that is known to come about, a wad as `healthFactor`. */
export type Foreseen = { readonly healthFactor: bigint; readonly isLiquidatable: boolean }

/** Whose loan an assessment speaks of. `id` is `chainId:protocol:deployment:market:account`. */
export type Subject = {
  readonly id: string
  readonly owner: Address
  readonly chainId: number
  readonly protocol: string
  readonly deployment: string
  readonly market: string
  readonly block: BlockRef
}

/**
 * A position's health at one block, interest accrued to its timestamp. Values are in `quote`; `healthFactor` is a wad,
 * 2^256 − 1 without debt. `isLiquidatable` is the predicate that a liquidation in this block would apply.
 */
export type Health = Subject & {
  readonly kind: 'assessed'
  readonly revision: string
  readonly revisionRaw: string
  readonly fidelity: 'exact' | 'observed'
  readonly quote: Quote
  readonly collateral: readonly CollateralLeg[]
  readonly debt: readonly DebtLeg[]
  readonly collateralValue: bigint
  readonly liquidationValue: bigint | null
  readonly debtValue: bigint
  /** Basis points, where the contract cuts the average threshold of all collateral to whole ones before it weighs collateral by it. */
  readonly averageThreshold?: bigint
  readonly healthFactor: bigint
  readonly isLiquidatable: boolean
  readonly isExecutable: boolean
  readonly phase: Phase
  readonly blockedBy: readonly BlockedBy[]
  /** What the contract's view says, where it uses stored indices. */
  readonly stored?: Foreseen
  /** What it and the debt become as soon as anybody makes the contract accrue and take its oracle's price, where a liquidation does not do so itself. */
  readonly refreshed?: Foreseen & { readonly debtValue: bigint }
  /** What it becomes with a price that the oracle has announced, from `at` (seconds) on. */
  readonly next?: Foreseen & { readonly at: number }
  /** Debt that redemptions take before this position's, in units of the debt asset; null where the queue is not known. */
  readonly debtInFront?: bigint | null
  readonly usd: UsdValues | null
}

/** A position that exists, or may exist, but whose health could not be found out. Never the same as healthy. */
export type Unassessable = Subject & {
  readonly kind: 'unassessable'
  readonly reason: UnassessableReason
  readonly detail: string
}

export type Assessment = Health | Unassessable
