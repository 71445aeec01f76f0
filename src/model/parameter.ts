import type { Address } from 'viem'
import type { Quote } from './market.ts'
import type { PriceKey } from './price.ts'

/** `wad`, `ray` and `bps` are shares or rates of 1e18, 1e27 and 1e4; `amount` is in units of 10^-decimals; `seconds` a time or a span. */
export type ParameterUnit =
  | 'wad'
  | 'ray'
  | 'bps'
  | 'amount'
  | 'address'
  | 'flag'
  | 'seconds'
  | 'count'
  | 'text'

export type ParameterValue = bigint | string | boolean

/**
 * Something that governance sets of a market. Names are the same in all protocols; one that holds in part of a market only is
 * `part[id].name`. `asset` is null where it is of the whole market; `decimals` are those of an amount. Of a price source,
 * `prices` are the readings that come from it.
 */
export type Parameter = {
  readonly name: string
  readonly asset: Address | null
  readonly symbol?: string
  readonly value: ParameterValue
  readonly unit: ParameterUnit
  readonly decimals?: number
  readonly prices?: readonly PriceKey[] | 'all'
}

/** Health of one position under the parameters before and after, wads; null where it cannot be assessed. */
export type HealthMove = {
  readonly id: string
  readonly before: bigint | null
  readonly after: bigint | null
}

/** Which side a position changed to; `executable` and `blocked` while it was and is liquidatable. */
export type Turn = 'liquidatable' | 'safe' | 'executable' | 'blocked' | 'unassessable' | 'assessable'

/** Positions that changed sides: how many, the first of them, and what they owe, in their quote and in USD where these are known. */
export type Turned = {
  readonly count: number
  readonly ids: readonly string[]
  readonly quote: Quote | null
  readonly debtValue: bigint | null
  readonly debtUsd: string | null
}

/**
 * What changed parameters alone do to positions, at the prices and the time of the block: their health with what was before
 * against that with what is now. `changeCount` parameters changed together. Of `positionCount` positions, `exactCount` were
 * assessed and `uncertainCount` may have moved and were not: more than one cycle looks at. All others did not move.
 */
export type ChangeEffect = {
  readonly changeCount: number
  readonly positionCount: number
  readonly exactCount: number
  readonly uncertainCount: number
  readonly movedCount: number
  /** Of the positions that moved, the one that fell and the one that rose by most. */
  readonly largestFall: HealthMove | null
  readonly largestRise: HealthMove | null
  readonly newlyLiquidatable: Turned
  readonly noLongerLiquidatable: Turned
  /** Liquidatable before and after: now in nobody's way, or now blocked. */
  readonly newlyExecutable: Turned
  readonly newlyBlocked: Turned
  readonly newlyUnassessable: Turned
  /** Positions of watched accounts that moved or changed sides, so many of them at most. */
  readonly watched: readonly (HealthMove & { readonly becomes: Turn | null })[]
}

/**
 * A parameter that is another at a block than at the last one that was looked at. `market` is `chainId:protocol:deployment:market`;
 * null where there was or is none. `effect` is that of all changes of the market at that block together.
 */
export type ParameterChange = Omit<Parameter, 'value' | 'prices'> & {
  readonly chainId: number
  readonly blockNumber: bigint
  readonly timestamp: number
  readonly market: string
  readonly before: ParameterValue | null
  readonly after: ParameterValue | null
  readonly effect: ChangeEffect
}
