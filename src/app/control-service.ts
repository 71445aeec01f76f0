// A daemon's side of `control.ts`.
import { messageOf } from '../model/errors.ts'
import type { Database } from '../store/database.ts'
import { nowMs } from './clock.ts'
import type { Config } from './config/config.ts'
import { actions } from './control-actions.ts'
import { serveControl } from './control-socket.ts'
import type { Log } from './log.ts'

/** Takes commands until it is closed; `onPerformed` hears the name of each action. Where no socket can be made, the log says so. */
export const startControl = async (
  config: Config,
  database: Database,
  log: Log,
  onPerformed: (name: string) => void,
): Promise<{ close(): Promise<void> }> => {
  try {
    return await serveControl(config.storeFile, {
      actions,
      tools: () => ({ database, config, nowMs: nowMs() }),
      onPerformed: (name) => {
        log.info({ event: 'action', action: name }, 'performed for a command')
        onPerformed(name)
      },
    })
  } catch (error) {
    log.warn(
      { event: 'control', error: messageOf(error) },
      'no socket beside the database: commands that write have to wait until this daemon is stopped',
    )
    return { close: async () => undefined }
  }
}
