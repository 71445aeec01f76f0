// Commands that write: through the running daemon where one holds the database, else by themselves.
import { nowMs, sleep } from '../app/clock.ts'
import { perform } from '../app/control.ts'
import { actions } from '../app/control-actions.ts'
import { askDaemon, NoDaemonError } from '../app/control-socket.ts'
import type { Json } from '../model/json.ts'
import { DatabaseLockedError, lockDatabase, openDatabase } from '../store/database.ts'
import type { Context } from './context.ts'

/** A command that writes, or a daemon that is about to listen, is done with it after this long. */
const ATTEMPTS_MAX = 20
const ATTEMPT_MS = 100

const performHere = ({ config }: Context, name: string, input: unknown): Json => {
  const lock = lockDatabase(config.storeFile)
  try {
    const database = openDatabase(config.storeFile)
    try {
      return perform(actions, name, input, { database, config, nowMs: nowMs() })
    } finally {
      database.$client.close()
    }
  } finally {
    lock.release()
  }
}

/** Performs an action, see `app/control.ts`. Throws as that does, and `NoDaemonError` where another process will not give way. */
export const act = async (context: Context, name: string, input: unknown): Promise<Json> => {
  const never = new AbortController().signal
  for (let attempt = 1; ; attempt++) {
    try {
      return performHere(context, name, input)
    } catch (error) {
      if (!(error instanceof DatabaseLockedError)) throw error
    }
    try {
      return await askDaemon(context.config.storeFile, name, input)
    } catch (error) {
      const isOver = attempt === ATTEMPTS_MAX || !(error instanceof NoDaemonError && error.isWorthWaiting)
      if (isOver) throw error
      await sleep(ATTEMPT_MS, never)
    }
  }
}
