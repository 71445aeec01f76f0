import { createLog } from '../../app/log.ts'
import { watch as runWatch } from '../../app/watch.ts'
import { type Context, loadContext } from '../context.ts'
import { EXIT } from '../exit.ts'
import { type Run, VERSION } from '../run.ts'

/** A signal that SIGINT and SIGTERM abort; a second one ends the process at once. */
export const stopSignal = (): AbortSignal => {
  const controller = new AbortController()
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(130)
    controller.abort()
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  return controller.signal
}

/** The log of a command that runs long: on stderr, readable where that is a terminal. */
export const logOf = ({ secrets }: Context, level: string) =>
  createLog({
    level,
    secrets,
    isPretty: process.stderr.isTTY === true,
    write: (text) => process.stderr.write(text),
  })

/** `watch`: the daemon; runs until SIGINT or SIGTERM, then stops cleanly. */
export const watch: Run = async (_args, options) => {
  const context = loadContext(options)
  const log = logOf(context, options['level'] ?? 'info')
  for (const warning of context.warnings) log.warn({ event: 'configuration' }, warning)
  const { server } = context.config
  await runWatch({
    config: context.config,
    log,
    signal: stopSignal(),
    writeLine: (line) => process.stdout.write(`${line}\n`),
    ...(server
      ? {
          serve: async (daemon) =>
            (await import('../../api/server.ts')).serve(daemon, {
              ...{ server, version: VERSION, redact: context.redact },
            }),
        }
      : {}),
  })
  log.info({ event: 'stopped' }, 'stopped')
  return EXIT.fine
}
