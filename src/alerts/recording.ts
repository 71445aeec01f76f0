// Writing down what became of messages, also where that cannot be done at once: until it is, none of them is sent again.
import type { Notification } from '../model/alert.ts'
import { messageOf } from '../model/errors.ts'

export type Recorder = {
  /** Writes what became of a message, now or with a later `retry`. */
  record(sequence: number, notification: Notification, write: () => void): void
  /** Writes what may be left unwritten: where it fails, nothing is lost. */
  attempt(write: () => void): void
  /** Writes what could not be written before, as far as that goes. */
  retry(): void
  /** Whether what became of a message is not written yet. */
  isWaiting(sequence: number): boolean
  /** How many are not written yet. */
  waitingCount(): number
}

/** A recorder; a write that fails has changed nothing, and is told once. */
export const createRecorder = (onFailed: (notification: Notification, error: string) => void): Recorder => {
  const writes = new Map<number, () => void>()
  return {
    record: (sequence, notification, write) => {
      try {
        write()
      } catch (error) {
        writes.set(sequence, write)
        onFailed(notification, messageOf(error))
      }
    },
    attempt: (write) => {
      try {
        write()
      } catch {
        return
      }
    },
    retry: () => {
      for (const [sequence, write] of writes) {
        try {
          write()
        } catch {
          return
        }
        writes.delete(sequence)
      }
    },
    isWaiting: (sequence) => writes.has(sequence),
    waitingCount: () => writes.size,
  }
}
