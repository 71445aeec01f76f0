// What is due between cycles, also while a chain cannot be read: repetitions, escalations, ends of quiet hours and silences.
import { messageOf } from '../model/errors.ts'
import { nowMs, sleep } from './clock.ts'
import type { Desk } from './desk.ts'
import type { Log } from './log.ts'

/** Longer waits are cut: the clock may be put forward. */
const WAIT_MS_MAX = 60_000
/** A step that the database refused is tried again after this long. */
const RETRY_MS = 5_000

export type Notifying = {
  /** A chain's desk is looked at from now on. */
  add(desk: Desk): void
  /** A cycle may have brought what is due earlier. */
  kick(): void
  /** Silences or acknowledgements have changed. */
  lookAgain(): void
  run(signal: AbortSignal): Promise<void>
}

/** Steps desks when something is due; `onNotifications` hears that messages were committed. */
export const createNotifying = (log: Log, onNotifications: () => void): Notifying => {
  const desks: Desk[] = []
  let interrupt = new AbortController()

  const kick = (): void => {
    const kicked = interrupt
    interrupt = new AbortController()
    kicked.abort()
  }
  /** Answers when to look again, in milliseconds from now. */
  const tellDue = (desk: Desk): number => {
    try {
      if (desk.tellDue() > 0) onNotifications()
      return Math.max(0, (desk.nextDueAtMs() ?? Number.POSITIVE_INFINITY) - nowMs())
    } catch (error) {
      log.error(
        { event: 'notifying', chainId: desk.chainId, error: messageOf(error) },
        'what is due could not be told; it is tried again',
      )
      return RETRY_MS
    }
  }
  return {
    kick,
    add: (desk) => {
      desks.push(desk)
      kick()
    },
    lookAgain: () => {
      for (const desk of desks) desk.lookAgain()
      kick()
    },
    run: async (signal) => {
      while (!signal.aborted) {
        const interrupted = interrupt.signal
        const waitMs = Math.min(WAIT_MS_MAX, ...desks.map(tellDue))
        await sleep(waitMs, AbortSignal.any([signal, interrupted]))
      }
    },
  }
}
