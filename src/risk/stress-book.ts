// All positions of one deployment, to be asked again and again under other prices: which of them are liquidatable. The screen tells
// of most; what it does not, the exact assessment does.
import type { Assessment, Unassessable } from '../model/assessment.ts'
import type { Feed } from '../model/feed.ts'
import type { Market, Position } from '../model/market.ts'
import type { Adapter, Env, Mirror } from '../protocols/adapter.ts'
import { withoutMarket } from '../protocols/assessing.ts'
import { createScreen, type Screen } from './screen.ts'

/** One deployment with what its assessments rest on, before anything is shocked. */
export type StressBook = {
  readonly adapter: Adapter
  readonly mirror: Mirror
  readonly env: Env
  readonly feeds: readonly Feed[]
}

/** State that takes the place of the mirror's, by the mirror's keys; a position that is gone is undefined. */
export type Overlay = {
  readonly markets: Map<string, Market>
  readonly positions: Map<string, Position | undefined>
}

/** What a look at all positions finds, by slot. */
export type Sight = {
  readonly liquidatable: readonly number[]
  readonly unassessable: readonly { readonly slot: number; readonly assessment: Unassessable }[]
}

export type Book = {
  readonly keys: readonly string[]
  positionAt(slot: number): Position | undefined
  marketOf(position: Position): Market | undefined
  /** Undefined where the position is gone. */
  assessAt(slot: number, env: Env): Assessment | undefined
  /** Every liquidatable position in an env of this book's, exactly, in the order of slots. */
  look(env: Env): Sight
  /** Takes a position's state from the overlay anew. */
  refresh(slot: number): void
}

/** Everything is looked at that is not certain to be healthy. */
const HEALTHY = { floor: 1, ceil: Number.POSITIVE_INFINITY }

/** A book over a mirror, and over what takes the place of its state. */
export const createBook = ({ adapter, mirror }: StressBook, overlay?: Overlay): Book => {
  const screen: Screen = createScreen()
  const keys = [...mirror.positions.keys()]
  const marketNamed = (name: string): Market | undefined =>
    overlay?.markets.get(name) ?? mirror.markets.get(name)
  const positionAt = (slot: number): Position | undefined => {
    const key = keys[slot] as string
    return overlay?.positions.has(key) ? overlay.positions.get(key) : mirror.positions.get(key)
  }
  const marketOf = ({ id }: Position): Market | undefined => marketNamed(id.market)
  const refresh = (slot: number): void => {
    const position = positionAt(slot)
    if (!position) {
      screen.remove(slot)
      return
    }
    const market = marketOf(position)
    const row = market && !market.fault ? adapter.screen.row(market, position) : 'always-exact'
    screen.put(slot, position.id.market, row)
    screen.hold(slot, HEALTHY)
  }
  const assessAt = (slot: number, env: Env): Assessment | undefined => {
    const position = positionAt(slot)
    if (!position) return undefined
    const market = marketOf(position)
    return market ? adapter.assess(market, position, env) : withoutMarket(position, env.block)
  }
  for (let slot = 0; slot < keys.length; slot++) refresh(slot)
  return {
    ...{ keys, positionAt, marketOf, assessAt, refresh },
    look: (env) => {
      const liquidatable: number[] = []
      const unassessable: { slot: number; assessment: Unassessable }[] = []
      screen.setFactors(
        (name, factor) => {
          const market = marketNamed(name)
          return market && adapter.screen.factor(market, factor, env)
        },
        () => false,
      )
      screen.sweep((slot) => {
        const wide = screen.boundsOf(slot)
        const isCertain = wide && (wide.high < 1 || wide.low > 1)
        const bounds = isCertain ? wide : screen.narrowBoundsOf(slot)
        if (bounds && bounds.high < 1) {
          liquidatable.push(slot)
          return
        }
        if (bounds && bounds.low > 1) return
        const assessment = assessAt(slot, env)
        if (assessment?.kind === 'unassessable') unassessable.push({ slot, assessment })
        else if (assessment?.isLiquidatable) liquidatable.push(slot)
      })
      return { liquidatable, unassessable }
    },
  }
}
