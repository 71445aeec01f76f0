// Which positions become liquidatable as one price moves and all others hold: an index for every price feed over a screen.
//
// With low bounds of collateral and high bounds of debt, split by whether they are proportional to the feed's price p,
//   c0 + ck · p < d0 + dk · p
// is where health may be below 1: below one price, above one, at any, or at none. Positions are entered by that price as it
// was when they were last keyed, moved outwards by what all factors may have drifted since. So what an index answers is a superset,
// which the bounds at the head then decide.
import type { PriceKey } from '../model/price.ts'
import { grown } from '../units/grown.ts'
import type { Screen } from './screen.ts'
import {
  createLists,
  createPool,
  type Direction,
  enter,
  type Lists,
  leave,
  type Pool,
  walk,
} from './trigger-buckets.ts'

/** Positions are keyed anew once a factor that they rest on has drifted by more than this share; the feed's own price may move freely. */
const DRIFT_MAX = 0.02

/** How much of the drift a radius may have, as a share of the centre; the rest is the centre's. */
const RADIUS_PART = 0.1

/** More than the roundings of the few sums and quotients that a key is made of. */
const KEY_ERROR = 2 ** -40

/**
 * `isCertain`: its health is below 1 whatever the roundings; else only an exact assessment tells. `share` is the share of the
 * current price down, or up, to which the price may move without it being liquidatable.
 */
export type Crossing = { readonly slot: number; readonly isCertain: boolean; readonly share: number }

/** Shares of the current price, at most 1 and at least 1, at which the first position may become liquidatable; undefined where none does. */
export type Nearest = { readonly down: number | undefined; readonly up: number | undefined }

export type Triggers = {
  /** Keys a slot anew, whose row was set or which is empty now. */
  put(slot: number): void
  /** Follows the screen's factors to a head; `priceOf` gives the price of a feed there, in any unit that stays. */
  refresh(priceOf: (key: PriceKey) => number | undefined): void
  /** Positions that are not certain to be below 1 now, and are or may be at `ratio` times the current price. */
  crossing(key: PriceKey, ratio: number): readonly Crossing[]
  nearest(key: PriceKey): Nearest
}

/** References of a factor: what it was when positions that rest on it were last keyed, as it is and per unit of its feed's price. */
type References = {
  centres: Float64Array
  radii: Float64Array
  slacks: Float64Array
  prices: Float64Array
  feeds: Int32Array
}

type State = {
  readonly screen: Screen
  readonly pool: Pool
  readonly lists: Map<number, Lists>
  readonly references: References
  /** By feed: its price at the head. */
  prices: Float64Array
  readonly now: BoundingLines
  /** Nothing is keyed before the first head that is followed. */
  isBuilt: boolean
}

/** Collateral less debt, or a bound of that, as a function of one price: `fixed + slope · price`. */
type Line = { readonly fixed: number; readonly slope: number }

type MutableLine = { fixed: number; slope: number }
type BoundingLines = { readonly low: MutableLine; readonly high: MutableLine }

/** The low line of a slot for one feed as its factors were when they were last referred to, less what all of them may drift. */
const keyedLine = ({ screen, references }: State, slot: number, feed: number): Line => {
  const { amounts, factors, starts, collateralCounts, debtCounts } = screen.rows
  const { feeds } = screen.factors
  const start = starts[slot] as number
  const middle = start + (collateralCounts[slot] as number)
  const end = middle + (debtCounts[slot] as number)
  let fixed = 0
  let slope = 0
  for (let at = start; at < end; at++) {
    const factor = factors[at] as number
    const amount = amounts[at] as number
    const centre = references.centres[factor] as number
    const radius = (references.radii[factor] as number) + Math.abs(centre) * DRIFT_MAX
    const slack = (references.slacks[factor] as number) * (1 + DRIFT_MAX)
    const least = (at < middle ? amount : -amount) * centre - Math.abs(amount) * radius
    fixed -= slack
    if (feeds[factor] === feed) slope += (least - slack) / (references.prices[factor] as number)
    else fixed += least
  }
  return { fixed, slope }
}

const enterLine = (state: State, slot: number, feed: number, { fixed, slope }: Line): void => {
  const known = state.lists.get(feed)
  const price = state.prices[feed] as number
  if (!(price > 0) || !Number.isFinite(fixed) || !Number.isFinite(slope)) return
  const lists = known ?? createLists(price)
  if (!known) state.lists.set(feed, lists)
  const put = (direction: Direction, at: number): void => enter(state.pool, slot, lists, direction, at)
  const at = -fixed / slope
  if (fixed <= 0 && slope <= 0) put('always', price)
  else if (slope > 0 && fixed < 0) put('down', at * (1 + KEY_ERROR))
  else if (slope < 0) put('up', at * (1 - KEY_ERROR))
}

/** Enters a slot into the index of every feed that it rests on. */
const key = (state: State, slot: number): void => {
  const { screen, pool } = state
  leave(pool, slot)
  if (!screen.isScreened(slot) || screen.rows.debtCounts[slot] === 0) return
  const { rows, factors } = screen
  const start = rows.starts[slot] as number
  const end = start + (rows.collateralCounts[slot] as number) + (rows.debtCounts[slot] as number)
  for (let at = start; at < end; at++) {
    const feed = factors.feeds[rows.factors[at] as number] as number
    if (feed < 0) continue
    let before = start
    while (factors.feeds[rows.factors[before] as number] !== feed) before++
    if (before < at) continue
    enterLine(state, slot, feed, keyedLine(state, slot, feed))
  }
}

/** Whether a value is within the drift of its reference; what is unknown is where that was. */
const isNear = (reference: number, now: number, scale: number): boolean =>
  Math.abs(now - reference) <= DRIFT_MAX * scale || (Number.isNaN(now) && Number.isNaN(reference))

/** Whether a factor is what positions were keyed by, both as it is and, its own price moving freely, per unit of that. */
const isAsKeyed = ({ screen, references, prices }: State, factor: number): boolean => {
  const { centres, radii, slacks, feeds } = screen.factors
  const feed = feeds[factor] as number
  const price = feed < 0 ? 1 : (prices[feed] as number)
  const [centre, radius, slack] = [centres, radii, slacks].map((values) => values[factor] as number) as [
    number,
    number,
    number,
  ]
  if (references.feeds[factor] !== feed) return false
  const size = Math.abs(references.centres[factor] as number)
  const before = references.prices[factor] as number
  const share = feed < 0 || (Number.isNaN(price) && Number.isNaN(before)) ? 1 : price / before
  return [1, share].every(
    (by) =>
      isNear(references.centres[factor] as number, centre / by, size * (1 - RADIUS_PART)) &&
      isNear(references.radii[factor] as number, radius / by, size * RADIUS_PART) &&
      (slack / by <= (references.slacks[factor] as number) * (1 + DRIFT_MAX) || Number.isNaN(slack)),
  )
}

const refer = ({ screen, references, prices }: State, factor: number): void => {
  const { centres, radii, slacks, feeds } = screen.factors
  const feed = feeds[factor] as number
  references.centres[factor] = centres[factor] as number
  references.radii[factor] = radii[factor] as number
  references.slacks[factor] = slacks[factor] as number
  references.feeds[factor] = feed
  references.prices[factor] = feed < 0 ? 1 : (prices[feed] as number)
}

const reserve = (state: State): number => {
  const { references, screen } = state
  const count = screen.factors.centres.length
  references.centres = grown(references.centres, count, Number.NaN)
  references.radii = grown(references.radii, count, Number.NaN)
  references.slacks = grown(references.slacks, count, Number.NaN)
  references.prices = grown(references.prices, count, Number.NaN)
  references.feeds = grown(references.feeds, count, -2)
  return count
}

const refresh = (state: State, priceOf: (key: PriceKey) => number | undefined): void => {
  const { screen } = state
  state.isBuilt = true
  state.prices = new Float64Array(screen.factors.feedKeys.map((name) => priceOf(name) ?? Number.NaN))
  const count = reserve(state)
  const drifted = new Uint8Array(count)
  let hasDrifted = false
  for (let factor = 0; factor < count; factor++) {
    if (isAsKeyed(state, factor)) continue
    drifted[factor] = 1
    hasDrifted = true
    refer(state, factor)
  }
  if (!hasDrifted) return
  const { rows } = screen
  for (let slot = 0; slot < Math.min(screen.slotLimit, rows.starts.length); slot++) {
    const start = rows.starts[slot] as number
    const end = start + (rows.collateralCounts[slot] as number) + (rows.debtCounts[slot] as number)
    let rests = false
    for (let at = start; at < end && !rests; at++) rests = drifted[rows.factors[at] as number] === 1
    if (rests) key(state, slot)
  }
}

/**
 * Lines of a slot at the head, per share of the feed's current price: of the low bound of collateral less the high bound of
 * debt, and the other way round. The answer is overwritten by the next.
 */
const linesNow = ({ screen, now }: State, slot: number, feed: number): BoundingLines => {
  const { amounts, factors, starts, collateralCounts, debtCounts } = screen.rows
  const { centres, radii, slacks, feeds } = screen.factors
  const start = starts[slot] as number
  const middle = start + (collateralCounts[slot] as number)
  const end = middle + (debtCounts[slot] as number)
  let value = 0
  let error = 0
  let ownValue = 0
  let ownError = 0
  for (let at = start; at < end; at++) {
    const factor = factors[at] as number
    const amount = amounts[at] as number
    const size = Math.abs(amount) * (radii[factor] as number)
    const slack = slacks[factor] as number
    const worth = (at < middle ? amount : -amount) * (centres[factor] as number)
    error += slack
    if (feeds[factor] === feed) {
      ownValue += worth
      ownError += size + slack
    } else {
      value += worth
      error += size
    }
  }
  now.low.fixed = value - error
  now.low.slope = ownValue - ownError
  now.high.fixed = value + error
  now.high.slope = ownValue + ownError
  return now
}

const at = ({ fixed, slope }: Line, ratio: number): number => fixed + slope * ratio

/** The share of the current price at which a line first is below 0 as the price moves; undefined where it never is. */
const shareOf = (low: Line, direction: 'down' | 'up'): number | undefined => {
  if (at(low, 1) < 0) return 1
  const moves = direction === 'down' ? low.slope > 0 && low.fixed < 0 : low.slope < 0
  return moves ? -low.fixed / low.slope : undefined
}

const crossing = (state: State, name: PriceKey, ratio: number): readonly Crossing[] => {
  const feed = state.screen.factors.feedOf(name)
  const lists = feed === undefined ? undefined : state.lists.get(feed)
  if (feed === undefined || !lists) return []
  const target = (state.prices[feed] as number) * ratio
  const found: Crossing[] = []
  const direction = ratio <= 1 ? 'down' : 'up'
  walk(
    state.pool,
    lists,
    direction,
    (price) => (direction === 'down' ? price > target : price < target),
    (slot) => {
      if (!state.screen.isScreened(slot)) return
      const { low, high } = linesNow(state, slot, feed)
      if (at(high, 1) < 0 || !(at(low, ratio) < 0)) return
      found.push({ slot, isCertain: at(high, ratio) < 0, share: shareOf(low, direction) ?? 1 })
    },
  )
  return found
}

const nearestIn = (
  state: State,
  feed: number,
  lists: Lists,
  direction: 'down' | 'up',
): number | undefined => {
  const price = state.prices[feed] as number
  let best: number | undefined
  walk(
    state.pool,
    lists,
    direction,
    (edge) => best === undefined || (direction === 'down' ? edge / price > best : edge / price < best),
    (slot) => {
      if (!state.screen.isScreened(slot)) return
      const { low, high } = linesNow(state, slot, feed)
      if (at(high, 1) < 0) return
      const share = shareOf(low, direction)
      if (share === undefined) return
      if (best === undefined || (direction === 'down' ? share > best : share < best)) best = share
    },
  )
  return best
}

/** An index over a screen. */
export const createTriggers = (screen: Screen): Triggers => {
  const state: State = {
    screen,
    pool: createPool(),
    lists: new Map(),
    references: {
      centres: new Float64Array(0),
      radii: new Float64Array(0),
      slacks: new Float64Array(0),
      prices: new Float64Array(0),
      feeds: new Int32Array(0),
    },
    prices: new Float64Array(0),
    now: { low: { fixed: 0, slope: 0 }, high: { fixed: 0, slope: 0 } },
    isBuilt: false,
  }
  return {
    put: (slot) => {
      if (!state.isBuilt) return
      reserve(state)
      key(state, slot)
    },
    refresh: (priceOf) => refresh(state, priceOf),
    crossing: (name, ratio) => crossing(state, name, ratio),
    nearest: (name) => {
      const feed = screen.factors.feedOf(name)
      const lists = feed === undefined ? undefined : state.lists.get(feed)
      if (feed === undefined || !lists) return { down: undefined, up: undefined }
      return { down: nearestIn(state, feed, lists, 'down'), up: nearestIn(state, feed, lists, 'up') }
    },
  }
}
