// What adapters share of raising rates of interest, as a scenario asks for.
import type { Address } from 'viem'
import { RAY, WAD } from '../units/brands.ts'
import { unlessRefused } from './refusing.ts'

/** How much higher the yearly rate of a debt asset is, a wad: 0.05e18 is five points. Below 0 where it is lower. */
export type RateRise = (asset: Address) => bigint

/** A year as rates of all protocols mean it. */
export const YEAR_SECONDS = 31_536_000n

/** A rise divided, rounded up: debts are rather larger. */
export const dividedUp = (rise: bigint, divisor: bigint): bigint =>
  rise > 0n ? (rise + divisor - 1n) / divisor : rise / divisor

/** A rise, a wad, as a ray. Exact. */
export const rayOf = (rise: bigint): bigint => rise * (RAY / WAD)

/** A rate with a rise on top of it, which does not bring it below 0. Both of one unit. */
export const raisedBy = (rate: bigint, rise = 0n): bigint => (rate + rise > 0n ? rate + rise : 0n)

/** What `accrue` makes of a state; the state as it is where accrual reverts, since nothing that rests on it can be assessed then. */
export const accruedOrSame = <T>(state: T, accrue: () => T): T => {
  const made = unlessRefused(() => ({ accrued: accrue() }))
  return 'accrued' in made ? made.accrued : state
}

/** Parts of a market, each as `change` makes it; the same record where it changes none. */
export const changedParts = <K extends string | number, T>(
  parts: Readonly<Record<K, T>>,
  change: (part: T) => T,
): Readonly<Record<K, T>> => {
  const changed = Object.entries<T>(parts).map(([key, part]) => [key, part, change(part)] as const)
  if (changed.every(([, before, after]) => before === after)) return parts
  return Object.fromEntries(changed.map(([key, , after]) => [key, after])) as Record<K, T>
}
