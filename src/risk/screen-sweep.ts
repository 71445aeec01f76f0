// The sweep of a screen: which slots may have left their intervals, told of most of them by the least work that is certain.
import { NOTHING } from './screen-bounds.ts'
import type { Factors } from './screen-factors.ts'
import { type Margins, setMargins } from './screen-margins.ts'
import { follow } from './screen-moves.ts'
import type { Rows } from './screen-rows.ts'
import type { Shapes } from './screen-shapes.ts'

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
  /** Of slots with a row. */
  shapes: Uint32Array
  readonly known: Shapes
  floors: Float64Array
  ceils: Float64Array
  slotLimit: number
  /** By market: whether a factor changed since the last sweep, and whether it is muted. */
  dirty: Uint8Array
  muted: Uint8Array
  /** By market: whether its margins refer to other factors since the last sweep, how many slots have a row, and how many of these had gone beyond their margins at the last sweep. */
  renewed: Uint8Array
  rowCounts: Uint32Array
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

/** Whether a slot is visited that its margins do not tell of. */
const isVisited = (state: ScreenState, slot: number): boolean => {
  const { kinds, swept, markets, muted } = state
  if (kinds[slot] === KIND.empty || muted[markets[slot] as number] === 1) return false
  if (kinds[slot] === KIND.exact) return true
  if (swept[slot] === FOUND.nothing) swept[slot] = isInside(state, slot) ? FOUND.inside : FOUND.outside
  return swept[slot] === FOUND.outside
}

/** Slots of one block that their margins do not tell of, and those of them that are summed up anew. */
const beyond = new Uint32Array(BLOCK)
const summed = new Uint32Array(BLOCK)

/**
 * Sums up the first `count` slots of `summed`. Most lie within their interval even if every term errs as much as the worst of the
 * market may: by a share of its size, and a slack. Where the sums themselves are beyond it, no smaller error brings them back.
 */
const sumUp = (state: ScreenState, count: number): void => {
  const { swept, markets, floors, ceils } = state
  const { amounts, factors: numbers, starts, collateralCounts, debtCounts } = state.rows
  const { centres, errorShares, errorSlacks } = state.factors
  for (let index = 0; index < count; index++) {
    const slot = summed[index] as number
    const market = markets[slot] as number
    const share = errorShares[market] as number
    const slack = errorSlacks[market] as number
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
    const floor = floors[slot] as number
    const ceil = ceils[slot] as number
    const isOut =
      debtCount > 0 &&
      ((floor >= 0 && collateral <= floor * debt) ||
        (ceil !== Number.POSITIVE_INFINITY && collateral >= ceil * debt))
    const isIn =
      debtLow > NOTHING &&
      collateral - collateralError > floor * (debt + debtError) &&
      collateral + collateralError < ceil * debtLow
    swept[slot] = isIn || (!isOut && isInside(state, slot)) ? FOUND.inside : FOUND.outside
  }
}

/** Sums up those of the first `count` slots of `beyond` whose factors have changed, and works out margins that are stale. */
const renew = (state: ScreenState, count: number): void => {
  const { kinds, markets, dirty, muted, margins, renewed, rows, floors, ceils, beyondCounts } = state
  let summedCount = 0
  for (let index = 0; index < count; index++) {
    const slot = beyond[index] as number
    const market = markets[slot] as number
    if (kinds[slot] !== KIND.screened || dirty[market] === 0 || muted[market] === 1) continue
    summed[summedCount++] = slot
    const fall = margins.falls[slot] as number
    if (renewed[market] === 1 || Number.isNaN(fall))
      setMargins(margins, rows, slot, floors[slot] as number, ceils[slot] as number)
    else if (fall < Number.POSITIVE_INFINITY) beyondCounts[market] = (beyondCounts[market] as number) + 1
  }
  sumUp(state, summedCount)
}

/**
 * Sweeps a block. Most slots lie within their interval by their margins, whether their factors have changed or not, most others
 * even if all of their terms err as much as they may; only the rest are summed up with errors of their own.
 */
const sweepBlock = (state: ScreenState, from: number, to: number, visit: (slot: number) => void): void => {
  const { shapes } = state
  const { falls, rises, leasts, mosts } = state.margins
  let count = 0
  for (let slot = from; slot < to; slot++) {
    const shape = shapes[slot] as number
    const isTold =
      (falls[slot] as number) < (leasts[shape] as number) &&
      (rises[slot] as number) > (mosts[shape] as number)
    if (!isTold) beyond[count++] = slot
  }
  renew(state, count)
  for (let index = 0; index < count; index++) {
    const slot = beyond[index] as number
    if (isVisited(state, slot)) visit(slot)
  }
}

/** Visits every slot that may have left its interval, in their order. */
export const sweep = (state: ScreenState, visit: (slot: number) => void): void => {
  const { slotLimit, margins, factors, known, muted, renewed } = state
  for (let from = 0; from < slotLimit; from += BLOCK)
    sweepBlock(state, from, Math.min(from + BLOCK, slotLimit), visit)
  for (let market = 0; market < muted.length; market++) {
    if (renewed[market] === 0 || muted[market] === 1) continue
    renewed[market] = 0
    follow(margins, factors, known, market)
  }
  state.dirty.fill(0)
}
