// How much of the backlog is read at once: what an endpoint answers in about the time that nothing else needs.
import type { MonitorLimits } from './limits.ts'

export type Pace = {
  /** Keys to read at once between two cycles. */
  keys(): number
  /** Keys that a cycle at a new head takes along: none, unless what is read in between is interrupted over and over. */
  keysWithCycle(): number
  /** So many keys took so long. */
  took(keyCount: number, milliseconds: number): void
  /** A reading had to give way to a cycle before it was done. */
  interrupted(): void
}

/** Paces the reading of a backlog so that one piece takes about `targetMs`: at most doubled or halved each time. */
export const createPace = ({ backlogKeysMin, backlogKeysMax }: MonitorLimits, targetMs: number): Pace => {
  const least = Math.min(backlogKeysMin, backlogKeysMax)
  const within = (count: number): number => Math.max(least, Math.min(backlogKeysMax, Math.floor(count)))
  let count = least
  let isInterrupted = false
  return {
    keys: () => count,
    keysWithCycle: () => (isInterrupted && count === least ? least : 0),
    took: (keyCount, milliseconds) => {
      isInterrupted = false
      if (keyCount < count) return
      const factor = targetMs / Math.max(1, milliseconds)
      count = within(count * Math.max(0.5, Math.min(2, factor)))
    },
    interrupted: () => {
      isInterrupted = true
      count = within(count / 2)
    },
  }
}
