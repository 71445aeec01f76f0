// Which positions of a market have another health under other factors, by the screen alone.
import type { ScreenFactor } from '../protocols/screening.ts'
import type { Bounds } from './interval.ts'
import type { Screen } from './screen.ts'

/** What the factors of a market are worth; undefined where only an exact assessment tells. */
export type FactorsOf = (name: string) => ScreenFactor | undefined

const slotsIn = (screen: Screen, market: string): readonly number[] => {
  const slots: number[] = []
  for (let slot = 0; slot < screen.slotLimit; slot++) if (screen.marketOf(slot) === market) slots.push(slot)
  return slots
}

/** Sets all factors of a market; answers the numbers of those that this changes. */
const setAll = ({ factors }: Screen, market: number, factorOf: FactorsOf): ReadonlySet<number> =>
  new Set(
    [...factors.named(market)].flatMap(([name, number]) =>
      factors.set(number, factorOf(name)) ? [number] : [],
    ),
  )

const restsOn = ({ rows }: Screen, slot: number, numbers: ReadonlySet<number>): boolean => {
  const start = rows.starts[slot] as number
  const end = start + (rows.collateralCounts[slot] as number) + (rows.debtCounts[slot] as number)
  for (let at = start; at < end; at++) if (numbers.has(rows.factors[at] as number)) return true
  return false
}

const lowest = (bounds: Bounds | undefined): number => bounds?.low ?? -1

/**
 * Compares a market under the factors `before` with the same under `after`, which are those that the screen is at, and leaves
 * it at them: slots that rest on what differs, in the order of their least health. Slots without a row, and those that are or
 * may be liquidatable under either, are always among them: what blocks a liquidation is in no factor.
 */
export const compareFactors = (
  screen: Screen,
  market: string,
  before: FactorsOf,
  after: FactorsOf,
): readonly number[] => {
  const slots = slotsIn(screen, market)
  const number = screen.factors.markets.indexOf(market)
  const changed = setAll(screen, number, before)
  const wasLow = new Map(slots.map((slot) => [slot, lowest(screen.boundsOf(slot))]))
  setAll(screen, number, after)
  const found = slots.flatMap((slot) => {
    const low = Math.min(lowest(screen.boundsOf(slot)), wasLow.get(slot) ?? -1)
    return low < 1 || screen.isAlwaysExact(slot) || restsOn(screen, slot, changed) ? [{ slot, low }] : []
  })
  return found.sort((a, b) => a.low - b.low).map(({ slot }) => slot)
}
