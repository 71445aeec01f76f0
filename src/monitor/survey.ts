import type { Bounds } from '../risk/interval.ts'
import type { Screen } from '../risk/screen.ts'
import type { Last, LastSnapshots } from './last-snapshots.ts'

/** One position as the screen has it: bounds of its health, undefined where only an exact assessment tells, and what its last snapshot said. */
export type Seen = {
  readonly slot: number
  readonly market: string
  readonly bounds: Bounds | undefined
  readonly last: Last | undefined
}

/** Shows positions of slots from one up to another, not included, by the factors that were last set. */
export const survey = (
  { screen, lasts }: { readonly screen: Screen; readonly lasts: LastSnapshots },
  from: number,
  to: number,
  see: (seen: Seen) => void,
): void => {
  for (let slot = from; slot < Math.min(to, screen.slotLimit); slot++) {
    const market = screen.marketOf(slot)
    if (market === undefined) continue
    const bounds = screen.isScreened(slot) ? screen.boundsOf(slot) : undefined
    see({ slot, market, bounds, last: lasts.of(slot) })
  }
}
