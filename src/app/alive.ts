// A message that says that we are alive, how far each chain is, and what is not well.
import { notificationId } from '../alerts/fingerprint.ts'
import type { PlainNotification } from '../model/alert.ts'
import { firingAlerts } from '../store/alerts.ts'
import { type Database, inTransaction } from '../store/database.ts'
import { markJobDone } from '../store/jobs.ts'
import { enqueue } from '../store/outbox.ts'
import { type ChainState, silenceOf } from './chain-states.ts'

export type AliveInput = {
  readonly database: Database
  readonly states: readonly ChainState[]
  readonly watchedCount: number
  readonly receivers: readonly string[]
  /** When the message was due, which makes its id, and the time now: unix milliseconds. */
  readonly dueAtMs: number
  readonly nowMs: number
}

const stateText = (state: ChainState, atMs: number): string => {
  const { chainConfig, follower } = state
  const number = follower?.book.cursor?.number
  return silenceOf(state, atMs) ?? `${chainConfig.label} at block ${number ?? 'unknown'}`
}

/** Puts the message into the outbox of every receiver, together with the record that the job is done. */
export const sendAlive = (job: string, input: AliveInput): void => {
  const { database, states, watchedCount, receivers, dueAtMs, nowMs } = input
  const isWell = states.every((state) => silenceOf(state, nowMs) === undefined)
  const chains = states.map((state) => stateText(state, nowMs)).join(', ')
  const text = `Plimsoll is alive${isWell ? '' : ', but not well'}: ${chains}; ${watchedCount} accounts watched, ${firingAlerts(database).length} alerts firing`
  const timestamp = Math.floor(dueAtMs / 1_000)
  inTransaction(database, () => {
    enqueue(
      database,
      receivers.map(
        (receiver): PlainNotification => ({
          ...{ kind: 'heartbeat', fingerprint: 'heartbeat', receiver, timestamp, text },
          id: notificationId('heartbeat', timestamp, 'heartbeat', receiver),
        }),
      ),
    )
    markJobDone(database, job, nowMs)
  })
}
