// Health of all positions of one deployment at a head, in float64 with bounds that hold: which of them need to be looked at exactly.
import type { ScreenFactor, ScreenRow, ScreenTerm } from '../protocols/screening.ts'
import { grown } from '../units/grown.ts'
import type { Bounds, Interval } from './interval.ts'
import { EDGE_ERROR, healthBounds, WAD_ERROR } from './screen-bounds.ts'
import { createFactors, type Factors, SIDE } from './screen-factors.ts'
import { createMargins, refer, reserve, STALE } from './screen-margins.ts'
import { follow } from './screen-moves.ts'
import { createRows, placeRow, type Rows, removeRow, TERMS_MAX } from './screen-rows.ts'
import { createShapes, shapeOf } from './screen-shapes.ts'
import { FOUND, KIND, type ScreenState, sweep } from './screen-sweep.ts'

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

/** Margins are worked out anew, from where factors are, once more than one slot of so many has gone beyond its own. */
const BEYOND_PART = 4

/** Writes terms from a place of the arenas on. */
const write = (
  { factors, rows }: ScreenState,
  market: number,
  terms: readonly ScreenTerm[],
  start: number,
  side: number,
): void => {
  for (let index = 0; index < terms.length; index++) {
    const { amount, factor } = terms[index] as ScreenTerm
    rows.amounts[start + index] = Number(amount)
    rows.factors[start + index] = factors.factorOf(market, factor, side)
  }
}

/** Takes a slot out of the count of its market's rows, and its margins with it. */
const discount = ({ kinds, markets, rowCounts, margins }: ScreenState, slot: number): void => {
  const market = markets[slot] as number
  if (kinds[slot] === KIND.screened) rowCounts[market] = (rowCounts[market] as number) - 1
  margins.falls[slot] = STALE
}

const put = (state: ScreenState, slot: number, name: string, row: ScreenRow | 'always-exact'): void => {
  const slots = slot + 1
  const market = state.factors.marketOf(name)
  state.kinds = grown(state.kinds, slots)
  state.swept = grown(state.swept, slots)
  state.markets = grown(state.markets, slots)
  state.shapes = grown(state.shapes, slots)
  state.floors = grown(state.floors, slots)
  state.ceils = grown(state.ceils, slots)
  state.dirty = grown(state.dirty, market + 1)
  state.muted = grown(state.muted, market + 1)
  state.renewed = grown(state.renewed, market + 1)
  state.rowCounts = grown(state.rowCounts, market + 1)
  state.beyondCounts = grown(state.beyondCounts, market + 1)
  reserve(state.margins, slots, 0)
  state.slotLimit = Math.max(state.slotLimit, slots)
  if (state.kinds[slot] === KIND.empty) {
    state.floors[slot] = Number.POSITIVE_INFINITY
    state.ceils[slot] = 0
  }
  discount(state, slot)
  state.markets[slot] = market
  state.swept[slot] = FOUND.nothing
  const fits = row !== 'always-exact' && row.collateral.length <= TERMS_MAX && row.debt.length <= TERMS_MAX
  state.kinds[slot] = fits ? KIND.screened : KIND.exact
  if (!fits) {
    removeRow(state.rows, slot)
    return
  }
  const { collateral, debt } = row
  const start = placeRow(state.rows, slot, collateral.length, debt.length)
  write(state, market, collateral, start, SIDE.collateral)
  const middle = start + collateral.length
  write(state, market, debt, middle, SIDE.debt)
  const { factors } = state.rows
  const shape = shapeOf(
    state.known,
    market,
    factors.subarray(start, middle),
    factors.subarray(middle, middle + debt.length),
  )
  state.shapes[slot] = shape
  reserve(state.margins, slots, shape + 1)
  state.rowCounts[market] = (state.rowCounts[market] as number) + 1
}

const boundsOf = (
  { kinds, rows, factors }: ScreenState,
  slot: number,
  isNarrow: boolean,
): Bounds | undefined =>
  kinds[slot] === KIND.screened ? healthBounds(rows, factors, slot, isNarrow) : undefined

/** Follows the factors of a market that have changed, and refers its margins to them where that tells more. */
const followMarket = (state: ScreenState, market: number): void => {
  const { margins, factors, known, rowCounts, beyondCounts } = state
  factors.summarize(market)
  const isFar = (beyondCounts[market] as number) * BEYOND_PART > (rowCounts[market] as number)
  beyondCounts[market] = 0
  const { isTold, isCalm } = follow(margins, factors, known, market)
  const isRenewed = state.renewed[market] === 1
  if (isTold && !(isFar && isCalm) && !isRenewed) return
  refer(margins, factors, known, market)
  state.renewed[market] = 1
}

/** A screen without positions. */
export const createScreen = (): Screen => {
  const state: ScreenState = {
    rows: createRows(),
    factors: createFactors(),
    margins: createMargins(),
    kinds: new Uint8Array(0),
    swept: new Uint8Array(0),
    markets: new Uint32Array(0),
    shapes: new Uint32Array(0),
    known: createShapes(),
    floors: new Float64Array(0),
    ceils: new Float64Array(0),
    slotLimit: 0,
    dirty: new Uint8Array(0),
    muted: new Uint8Array(0),
    renewed: new Uint8Array(0),
    rowCounts: new Uint32Array(0),
    beyondCounts: new Uint32Array(0),
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
      if (slot < state.slotLimit) {
        discount(state, slot)
        state.kinds[slot] = KIND.empty
      }
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
        if (state.dirty[market] === 1) followMarket(state, market)
      }
    },
    isScreened: (slot) =>
      state.kinds[slot] === KIND.screened && state.muted[state.markets[slot] as number] === 0,
    isAlwaysExact: (slot) => state.kinds[slot] === KIND.exact,
    hold: (slot, { floor, ceil }) => {
      state.floors[slot] = floor < 0 ? floor : floor * (1 + EDGE_ERROR) + WAD_ERROR
      state.ceils[slot] = ceil * (1 - EDGE_ERROR) - WAD_ERROR
      state.swept[slot] = FOUND.nothing
      state.margins.falls[slot] = STALE
    },
    sweep: (visit) => sweep(state, visit),
    boundsOf: (slot) => boundsOf(state, slot, false),
    narrowBoundsOf: (slot) => boundsOf(state, slot, true),
    marketOf: (slot) => (state.kinds[slot] ? factors.markets[state.markets[slot] as number] : undefined),
  }
}
