// Health of all positions of one deployment at a head, in float64 with bounds that hold: which of them need to be looked at exactly.
import type { ScreenFactor, ScreenRow, ScreenTerm } from '../protocols/screening.ts'
import { grown } from '../units/grown.ts'
import type { Bounds, Interval } from './interval.ts'
import { EDGE_ERROR, healthBounds, NOTHING, WAD_ERROR } from './screen-bounds.ts'
import { createFactors, type Factors } from './screen-factors.ts'
import { createRows, placeRow, type Rows, removeRow, TERMS_MAX } from './screen-rows.ts'

/** What a slot holds. */
const [EMPTY, EXACT, SCREENED] = [0, 1, 2]

/** What the last sweep found of a slot whose row and factors have not changed since. */
const [UNSWEPT, INSIDE, OUTSIDE] = [0, 1, 2]

/** Slots that one call sweeps: a function that is called often is compiled well. */
const BLOCK = 4_096

export type Screen = {
  readonly rows: Rows
  readonly factors: Factors
  /** One above the highest slot in use. */
  readonly slotLimit: number
  /** Sets the row of a slot; a slot that was empty is swept at every head until it is held. */
  put(slot: number, market: string, row: ScreenRow | 'always-exact'): void
  /** Empties a slot, as long as nothing is put there. */
  remove(slot: number): void
  /**
   * The factors at a head, asked for by market and name; positions that rest on one that is undefined are visited. Positions
   * of a muted market are not visited at all.
   */
  setFactors(
    factor: (market: string, name: string) => ScreenFactor | undefined,
    isMuted: (market: string) => boolean,
  ): void
  /** A slot is not visited while its health is certain to lie within the interval. */
  hold(slot: number, interval: Interval): void
  /** Whether a slot is in use without a row. */
  isAlwaysExact(slot: number): boolean
  /** Visits every slot that may have left its interval, in their order. */
  sweep(visit: (slot: number) => void): void
  /** Bounds of a slot's health; undefined where only an exact assessment tells. */
  boundsOf(slot: number): Bounds | undefined
  /** The same with every rounding of a small amount carried out, which takes longer and tells more of the smallest loans. */
  narrowBoundsOf(slot: number): Bounds | undefined
  /** Whether a slot has a row, in a market that is not muted. */
  isScreened(slot: number): boolean
  /** The market of a slot in use; undefined for others. */
  marketOf(slot: number): string | undefined
}

type State = {
  readonly rows: Rows
  readonly factors: Factors
  kinds: Uint8Array
  swept: Uint8Array
  markets: Uint32Array
  floors: Float64Array
  ceils: Float64Array
  slotLimit: number
  /** By market: whether a factor changed since the last sweep, and whether it is muted. */
  dirty: Uint8Array
  muted: Uint8Array
}

/** Writes terms from a place of the arenas on. */
const write = (
  { factors, rows }: State,
  market: number,
  terms: readonly ScreenTerm[],
  start: number,
): void => {
  for (let index = 0; index < terms.length; index++) {
    const { amount, factor } = terms[index] as ScreenTerm
    rows.amounts[start + index] = Number(amount)
    rows.factors[start + index] = factors.factorOf(market, factor)
  }
}

const put = (state: State, slot: number, name: string, row: ScreenRow | 'always-exact'): void => {
  const slots = slot + 1
  const market = state.factors.marketOf(name)
  state.kinds = grown(state.kinds, slots)
  state.swept = grown(state.swept, slots)
  state.markets = grown(state.markets, slots)
  state.floors = grown(state.floors, slots)
  state.ceils = grown(state.ceils, slots)
  state.dirty = grown(state.dirty, market + 1)
  state.muted = grown(state.muted, market + 1)
  state.slotLimit = Math.max(state.slotLimit, slots)
  if (state.kinds[slot] === EMPTY) {
    state.floors[slot] = Number.POSITIVE_INFINITY
    state.ceils[slot] = 0
  }
  state.markets[slot] = market
  state.swept[slot] = UNSWEPT
  const fits = row !== 'always-exact' && row.collateral.length <= TERMS_MAX && row.debt.length <= TERMS_MAX
  state.kinds[slot] = fits ? SCREENED : EXACT
  if (!fits) {
    removeRow(state.rows, slot)
    return
  }
  const { collateral, debt } = row
  const start = placeRow(state.rows, slot, collateral.length, debt.length)
  write(state, market, collateral, start)
  write(state, market, debt, start + collateral.length)
}

const boundsOf = ({ kinds, rows, factors }: State, slot: number, isNarrow: boolean): Bounds | undefined =>
  kinds[slot] === SCREENED ? healthBounds(rows, factors, slot, isNarrow) : undefined

/**
 * Whether the health of a slot with a row is certain to lie within its interval, without divisions: it is at least `floor`
 * where the least collateral exceeds floor × the most debt, and below `ceil` where the most collateral is less than ceil ×
 * the least debt. A comparison with NaN fails, so that what is not known is visited.
 */
const isInside = ({ rows, factors, floors, ceils }: State, slot: number): boolean => {
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
const isVisitedAsIs = (state: State, slot: number): boolean => {
  const { kinds, swept, markets, muted } = state
  if (kinds[slot] === EMPTY || muted[markets[slot] as number] === 1) return false
  if (kinds[slot] === EXACT) return true
  if (swept[slot] === UNSWEPT) swept[slot] = isInside(state, slot) ? INSIDE : OUTSIDE
  return swept[slot] === OUTSIDE
}

/**
 * The sweep. Most slots lie within their interval even if every term errs as much as the worst of its market may; only others
 * are summed up with errors of their own.
 */
const sweepBlock = (state: State, from: number, to: number, visit: (slot: number) => void): void => {
  const { kinds, swept, markets, floors, ceils, dirty, muted } = state
  const { amounts, factors: numbers, starts, collateralCounts, debtCounts } = state.rows
  const { centres, errorShares, errorSlacks } = state.factors
  let current = -1
  let share = 0
  let slack = 0
  let isDirty = false
  for (let slot = from; slot < to; slot++) {
    const market = markets[slot] as number
    if (market !== current) {
      current = market
      share = errorShares[market] as number
      slack = errorSlacks[market] as number
      isDirty = dirty[market] === 1 && muted[market] === 0
    }
    if (kinds[slot] !== SCREENED || !isDirty) {
      if (isVisitedAsIs(state, slot)) visit(slot)
      continue
    }
    const start = starts[slot] as number
    const collateralCount = collateralCounts[slot] as number
    const debtCount = debtCounts[slot] as number
    const middle = start + collateralCount
    let collateral = 0
    let collateralSize = 0
    let debt = 0
    let debtSize = 0
    if (collateralCount === 1 && debtCount === 1) {
      collateral = (amounts[start] as number) * (centres[numbers[start] as number] as number)
      debt = (amounts[middle] as number) * (centres[numbers[middle] as number] as number)
      collateralSize = Math.abs(collateral)
      debtSize = Math.abs(debt)
    } else {
      const end = middle + debtCount
      for (let at = start; at < middle; at++) {
        const worth = (amounts[at] as number) * (centres[numbers[at] as number] as number)
        collateral += worth
        collateralSize += Math.abs(worth)
      }
      for (let at = middle; at < end; at++) {
        const worth = (amounts[at] as number) * (centres[numbers[at] as number] as number)
        debt += worth
        debtSize += Math.abs(worth)
      }
    }
    const collateralError = collateralSize * share + collateralCount * slack
    const debtError = debtSize * share + debtCount * slack
    const debtLow = debt - debtError
    const isIn =
      (debtLow > NOTHING &&
        collateral - collateralError > (floors[slot] as number) * (debt + debtError) &&
        collateral + collateralError < (ceils[slot] as number) * debtLow) ||
      isInside(state, slot)
    swept[slot] = isIn ? INSIDE : OUTSIDE
    if (!isIn) visit(slot)
  }
}

const sweep = (state: State, visit: (slot: number) => void): void => {
  for (let from = 0; from < state.slotLimit; from += BLOCK)
    sweepBlock(state, from, Math.min(from + BLOCK, state.slotLimit), visit)
  state.dirty.fill(0)
}

/** A screen without positions. */
export const createScreen = (): Screen => {
  const state: State = {
    rows: createRows(),
    factors: createFactors(),
    kinds: new Uint8Array(0),
    swept: new Uint8Array(0),
    markets: new Uint32Array(0),
    floors: new Float64Array(0),
    ceils: new Float64Array(0),
    slotLimit: 0,
    dirty: new Uint8Array(0),
    muted: new Uint8Array(0),
  }
  const { factors } = state
  return {
    rows: state.rows,
    factors,
    get slotLimit() {
      return state.slotLimit
    },
    put: (slot, market, row) => put(state, slot, market, row),
    remove: (slot) => {
      if (slot < state.slotLimit) state.kinds[slot] = EMPTY
      removeRow(state.rows, slot)
    },
    setFactors: (factor, isMuted) => {
      for (const [market, name] of factors.markets.entries()) {
        const wasMuted = state.muted[market] === 1
        state.muted[market] = isMuted(name) ? 1 : 0
        if (state.muted[market] === 1) continue
        if (wasMuted) state.dirty[market] = 1
        for (const [label, number] of factors.named(market))
          if (factors.set(number, factor(name, label))) state.dirty[market] = 1
        if (state.dirty[market] === 1) factors.summarize(market)
      }
    },
    isScreened: (slot) => state.kinds[slot] === SCREENED && state.muted[state.markets[slot] as number] === 0,
    isAlwaysExact: (slot) => state.kinds[slot] === EXACT,
    hold: (slot, { floor, ceil }) => {
      state.floors[slot] = floor < 0 ? floor : floor * (1 + EDGE_ERROR) + WAD_ERROR
      state.ceils[slot] = ceil * (1 - EDGE_ERROR) - WAD_ERROR
      state.swept[slot] = UNSWEPT
    },
    sweep: (visit) => sweep(state, visit),
    boundsOf: (slot) => boundsOf(state, slot, false),
    narrowBoundsOf: (slot) => boundsOf(state, slot, true),
    marketOf: (slot) => (state.kinds[slot] ? factors.markets[state.markets[slot] as number] : undefined),
  }
}
