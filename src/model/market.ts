import type { Address } from 'viem'
import type { MarketId, PositionId } from './ids.ts'

/** The unit in which a market values things; `asset` where that is a token. */
export type Quote = { readonly symbol: string; readonly decimals: number; readonly asset?: Address }

/** Why something cannot be assessed. `reason` is for programs, `detail` for people. */
export type Fault = { readonly reason: UnassessableReason; readonly detail: string }

export const UNASSESSABLE_REASONS = [
  'read-failed',
  'price-failed',
  'unknown-revision',
  'maths-reverts',
  'not-yet-read',
  'stale-head',
  'endpoint-down',
] as const
export type UnassessableReason = (typeof UNASSESSABLE_REASONS)[number]

/** What every protocol's market has; protocol state stands beside. `revision` is the family of maths, `revisionRaw` the contract's own number. */
export type Market = {
  readonly id: MarketId
  readonly label: string
  readonly quote: Quote
  readonly revision: string
  readonly revisionRaw: string
  readonly fidelity: 'exact' | 'observed'
  readonly fault?: Fault
  /** State that other markets of the deployment rest on, without positions of its own: a hub, a vat. */
  readonly isShared?: true
}

/** What every protocol's position has. `asOf` is the block whose state it holds. */
export type Position = {
  readonly id: PositionId
  readonly owner: Address
  readonly asOf: bigint
  readonly fault?: Fault
}
