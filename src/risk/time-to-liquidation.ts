// When interest alone makes a loan liquidatable, prices as they are and nobody touching its market.
//
// The flip is looked for on the adapter's own predicate, by halving the time ahead. A half is passed over only where it is
// certain to hold none: debts and what is held of each collateral never shrink with time, and what a collateral counts for
// (its threshold) goes one way, so health inside of a stretch is at least that of its end times the part of the end's weighted
// collateral that is there all along. Where debt outgrows collateral this needs no more looks than a bisection; where
// collateral grows too, stretches become short enough to tell. Not covered are the first stretches beyond `LOOKS_MAX`, which are
// bisected as if the predicate flipped once, and Aave ≤3.4, whose average threshold, cut to a basis point, may dip by one inside
// of a stretch: what is found there is a flip, liquidatable then and not a second before, though a dip may come before it.
import type { Health } from '../model/assessment.ts'
import { WAD } from '../units/brands.ts'
import { laterBy } from './later.ts'
import { assessLoan, type Loan } from './loan.ts'
import { isLiquidatableByAnybody, leastHealthFactor } from './worst.ts'

const HORIZON_SECONDS = 100 * 365 * 86_400

/** Stretches that are divided, besides plain bisections. */
const LOOKS_MAX = 256

/** A loan at a time; without a health where the contract itself could not accrue that far. */
type Sample = { readonly at: number; readonly health: Health | undefined }

const isFlipped = ({ health }: Sample): boolean => health !== undefined && isLiquidatableByAnybody(health)

/** What the collateral counts for at least, all the way from one time to another, and what at the end. In the quote, × wad. */
const weighedBetween = (near: Health, far: Health): { readonly least: bigint; readonly atEnd: bigint } => {
  let [least, atEnd] = [0n, 0n]
  for (const [index, leg] of far.collateral.entries()) {
    const before = near.collateral[index]
    const isSame = before?.asset === leg.asset && before.priceKey === leg.priceKey
    const threshold =
      isSame && before.liquidationThreshold < leg.liquidationThreshold
        ? before.liquidationThreshold
        : leg.liquidationThreshold
    // Each leg's value is cut by up to a unit.
    if (isSame && before.value > 0n) least += (before.value - 1n) * threshold
    atEnd += leg.value * leg.liquidationThreshold
  }
  return { least, atEnd }
}

/** Parts per billion that the contracts' own rounding may take from a health inside of a stretch. */
const ROUNDING_PPB = 1n
const BILLION = 10n ** 9n

const isCertainlySafe = (near: Sample, far: Sample): boolean => {
  if (!near.health || !far.health || isFlipped(far)) return false
  if (far.health.debtValue === 0n && leastHealthFactor(far.health) > WAD) return true
  const { least, atEnd } = weighedBetween(near.health, far.health)
  return leastHealthFactor(far.health) * least * BILLION >= WAD * atEnd * (BILLION + ROUNDING_PPB)
}

/** The first flip after `near`, which is safe, up to `far`; null where there is none. */
const firstFlip = (near: Sample, far: Sample, sampleAt: (at: number) => Sample): number | null => {
  let looks = LOOKS_MAX
  const within = (start: Sample, end: Sample): number | null => {
    if (isCertainlySafe(start, end)) return null
    if (end.at - start.at <= 1) return isFlipped(end) ? end.at : null
    const isSpent = looks-- <= 0
    if (isSpent && end.health && !isFlipped(end)) return null
    const middle = sampleAt(start.at + Math.floor((end.at - start.at) / 2))
    const isSafe = middle.health !== undefined && !isFlipped(middle)
    if (isSpent) return isSafe ? within(middle, end) : within(start, middle)
    return within(start, middle) ?? (isSafe ? within(middle, end) : null)
  }
  return within(near, far)
}

/**
 * Seconds until the loan can be liquidated by interest alone, at frozen prices: then it can, a second before not (where interest
 * counts blocks, the first second of the block). What anybody may trigger first, as a drip, counts. 0 where it can now; null
 * where it cannot within a hundred years, or where its health is not known.
 */
export const secondsToLiquidation = (loan: Loan): number | null => {
  const healthAt = (at: number): Health | undefined => {
    const assessment = assessLoan(laterBy(loan, at))
    return assessment.kind === 'assessed' ? assessment : undefined
  }
  const now: Sample = { at: 0, health: healthAt(0) }
  const mayBeTriggered = now.health?.refreshed !== undefined
  // Where what anybody may trigger now is refused by then, nothing is known of the loan.
  const sampleAt = (at: number): Sample => {
    const health = healthAt(at)
    return { at, health: mayBeTriggered && !health?.refreshed ? undefined : health }
  }
  if (!now.health || now.health.debt.length === 0) return null
  return isFlipped(now) ? 0 : firstFlip(now, sampleAt(HORIZON_SECONDS), sampleAt)
}
