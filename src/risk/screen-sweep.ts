// The sweep of a screen: which slots may have left their intervals, told of most of them by the least work that is certain.
import { NOTHING } from './screen-bounds.ts'
import type { Factors } from './screen-factors.ts'
import { type Margins, setMargins } from './screen-margins.ts'
import type { Rows } from './screen-rows.ts'

/** What a slot holds. */
export const KIND = { empty: 0, exact: 1, screened: 2 } as const

/** What the last sweep found of a slot whose row and factors have not changed since. */
export const FOUND = { nothing: 0, inside: 1, outside: 2 } as const

/** Slots that one call sweeps: a function that is called often is compiled well. */
const BLOCK = 4_096

/** A screen's positions, by slot, and its markets, by number. */
export type ScreenState = {
  readonly rows: Rows
  readonly factors: Factors
  readonly margins: Margins
  kinds: Uint8Array
  swept: Uint8Array
  markets: Uint32Array
  floors: Float64Array
  ceils: Float64Array
  slotLimit: number
  /** By market: whether a factor changed since the last sweep, and whether it is muted. */
  dirty: Uint8Array
  muted: Uint8Array
  /** By market: whether its margins refer to other factors since the last sweep, and how many slots that swept and how many had gone beyond theirs. */
  renewed: Uint8Array
  sweptCounts: Uint32Array
  beyondCounts: Uint32Array
}

/**
 * Whether the health of a slot with a row is certain to lie within its interval, without divisions: it is at least `floor`
 * where the least collateral exceeds floor × the most debt, and below `ceil` where the most collateral is less than ceil ×
 * the least debt. A comparison with NaN fails, so that what is not known is visited.
 */
const isInside = ({ rows, factors, floors, ceils }: ScreenState, slot: number): boolean => {
  const { amounts, factors: numbers, starts, collateralCounts, debtCounts } = rows
  const { centres, radii, slacks } = factors
  const floor = floors[slot] as number
  const ceil = ceils[slot] as number
  const hasCeil = ceil !== Number.POSITIVE_INFINITY
  const start = starts[slot] as number
  const middle = start + (collateralCounts[slot] as number)
  const end = middle + (debtCounts[slot] as number)
  let collateral = 0
  let collateralError = 0
  let debt = 0
  let debtError = 0
  for (let at = start; at < middle; at++) {
    const factor = numbers[at] as number
    const amount = amounts[at] as number
    collateral += amount * (centres[factor] as number)
    collateralError += Math.abs(amount) * (radii[factor] as number) + (slacks[factor] as number)
  }
  for (let at = middle; at < end; at++) {
    const factor = numbers[at] as number
    const amount = amounts[at] as number
    debt += amount * (centres[factor] as number)
    debtError += Math.abs(amount) * (radii[factor] as number) + (slacks[factor] as number)
  }
  const debtHigh = debt + debtError
  const debtLow = debt - debtError
  if (end === middle)
    return !hasCeil && floor !== Number.POSITIVE_INFINITY && collateralError < Number.POSITIVE_INFINITY
  return (
    debtHigh > NOTHING &&
    (floor < 0 || collateral - collateralError > floor * debtHigh) &&
    (hasCeil
      ? debtLow > 0 && collateral + collateralError < ceil * debtLow
      : collateralError < Number.POSITIVE_INFINITY)
  )
}

/** Whether a slot is visited whose market's factors are as they were, or which they do not bear on. */
const isVisitedAsIs = (state: ScreenState, slot: number): boolean => {
  const { kinds, swept, markets, muted } = state
  if (kinds[slot] === KIND.empty || muted[markets[slot] as number] === 1) return false
  if (kinds[slot] === KIND.exact) return true
  if (swept[slot] === FOUND.nothing) swept[slot] = isInside(state, slot) ? FOUND.inside : FOUND.outside
  return swept[slot] === FOUND.outside
}

/** Slots of one block that their margins do not tell of. */
const beyond = new Uint32Array(BLOCK)

/**
 * Visits those of the first `count` slots beyond their margins that may have left their intervals, all of one market. Most lie
 * within theirs even if every term errs as much as the worst of the market may: by a share of its size, and a slack.
 */
const sumUp = (state: ScreenState, market: number, count: number, visit: (slot: number) => void): void => {
  const { swept, floors, ceils } = state
  const { amounts, factors: numbers, starts, collateralCounts, debtCounts } = state.rows
  const { centres } = state.factors
  const share = state.factors.errorShares[market] as number
  const slack = state.factors.errorSlacks[market] as number
  for (let index = 0; index < count; index++) {
    const slot = beyond[index] as number
    const collateralCount = collateralCounts[slot] as number
    const debtCount = debtCounts[slot] as number
    let at = starts[slot] as number
    const middle = at + collateralCount
    const end = middle + debtCount
    let collateral = 0
    let collateralSize = 0
    let debt = 0
    let debtSize = 0
    for (; at < middle; at++) {
      const worth = (amounts[at] as number) * (centres[numbers[at] as number] as number)
      collateral += worth
      collateralSize += Math.abs(worth)
    }
    for (; at < end; at++) {
      const worth = (amounts[at] as number) * (centres[numbers[at] as number] as number)
      debt += worth
      debtSize += Math.abs(worth)
    }
    const collateralError = collateralSize * share + collateralCount * slack
    const debtError = debtSize * share + debtCount * slack
    const debtLow = debt - debtError
    const isIn =
      (debtLow > NOTHING &&
        collateral - collateralError > (floors[slot] as number) * (debt + debtError) &&
        collateral + collateralError < (ceils[slot] as number) * debtLow) ||
      isInside(state, slot)
    swept[slot] = isIn ? FOUND.inside : FOUND.outside
    if (!isIn) visit(slot)
  }
}

/** Sweeps slots of one market whose factors have changed, as long as they come one after the other; answers the next. */
const sweepRun = (state: ScreenState, from: number, to: number, visit: (slot: number) => void): number => {
  const { kinds, swept, markets, margins, renewed, rows, floors, ceils } = state
  const { falls, rises } = margins
  const market = markets[from] as number
  const least = margins.leasts[market] as number
  const most = margins.mosts[market] as number
  const isRenewed = renewed[market] === 1
  let count = 0
  let beyondCount = 0
  let slot = from
  for (; slot < to && markets[slot] === market && kinds[slot] === KIND.screened; slot++) {
    const fall = falls[slot] as number
    if (!isRenewed && fall < least && (rises[slot] as number) > most) {
      swept[slot] = FOUND.inside
      continue
    }
    beyond[count++] = slot
    if (isRenewed || Number.isNaN(fall))
      setMargins(margins, rows, slot, floors[slot] as number, ceils[slot] as number)
    else if (fall < Number.POSITIVE_INFINITY) beyondCount += 1
  }
  sumUp(state, market, count, visit)
  state.sweptCounts[market] = (state.sweptCounts[market] as number) + slot - from
  state.beyondCounts[market] = (state.beyondCounts[market] as number) + beyondCount
  return slot
}

/**
 * The sweep. Most slots lie within their interval by their margins, most others even if all of their terms err as much as they
 * may; only the rest are summed up with errors of their own.
 */
const sweepBlock = (state: ScreenState, from: number, to: number, visit: (slot: number) => void): void => {
  const { kinds, markets, dirty, muted } = state
  for (let slot = from; slot < to; ) {
    const market = markets[slot] as number
    if (kinds[slot] === KIND.screened && dirty[market] === 1 && muted[market] === 0)
      slot = sweepRun(state, slot, to, visit)
    else {
      if (isVisitedAsIs(state, slot)) visit(slot)
      slot++
    }
  }
}

/** Visits every slot that may have left its interval, in their order. */
export const sweep = (state: ScreenState, visit: (slot: number) => void): void => {
  for (let from = 0; from < state.slotLimit; from += BLOCK)
    sweepBlock(state, from, Math.min(from + BLOCK, state.slotLimit), visit)
  for (let market = 0; market < state.muted.length; market++)
    if (state.muted[market] === 0) state.renewed[market] = 0
  state.dirty.fill(0)
}
