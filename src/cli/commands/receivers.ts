// Who is told: what waits, what arrived, what was given up; a message to try, and what was given up again.
import colors from 'picocolors'
import { z } from 'zod'
import { messageOf } from '../../alerts/messages.ts'
import { kindOf, type Receiver } from '../../alerts/notifiers/index.ts'
import { listReceivers } from '../../app/receiver-list.ts'
import { testReceiver } from '../../app/receiver-test.ts'
import { type Database, DatabaseMissingError } from '../../store/database.ts'
import { type DeadLetter, deadLetters, receiverCounts } from '../../store/receivers.ts'
import { isoTime } from '../../units/format.ts'
import { act } from '../acting.ts'
import { type Context, loadContext, UsageError, withStore } from '../context.ts'
import { EXIT } from '../exit.ts'
import { limitOption } from '../parse.ts'
import { plain, print, printJson } from '../print/output.ts'
import { table } from '../print/table.ts'
import type { Options, Run } from '../run.ts'

/** What the database says, or nothing where there is none yet: nothing was ever sent. */
const fromStore = <T>(options: Options, read: (database: Database) => readonly T[]): readonly T[] => {
  try {
    return withStore(options, read)
  } catch (error) {
    if (error instanceof DatabaseMissingError) return []
    throw error
  }
}

/** `receivers`: each with its kind, what waits, arrived and was given up; exit 1 where something was given up. */
export const receivers: Run = (_args, options) => {
  const { config, redact } = loadContext(options)
  const rows = listReceivers(config.receivers, fromStore(options, receiverCounts), redact)
  if (options.json) printJson({ receivers: rows })
  else if (rows.length === 0) print('no receivers: list them in the configuration, under receivers')
  else
    print(
      table(
        [
          { head: 'name' },
          { head: 'kind' },
          { head: 'waiting', align: 'right' },
          { head: 'delivered', align: 'right' },
          { head: 'given up', align: 'right' },
          { head: 'last error' },
        ],
        rows.map(({ receiver, kind, waitingCount, deliveredCount, deadCount, lastError }) => [
          plain(receiver),
          kind ?? colors.yellow('not configured'),
          String(waitingCount),
          String(deliveredCount),
          deadCount > 0 ? colors.red(String(deadCount)) : '0',
          lastError === null ? '' : plain(lastError),
        ]),
      ),
    )
  return rows.some(({ deadCount }) => deadCount > 0) ? EXIT.finding : EXIT.fine
}

const receiverNamed = ({ config }: Context, name: string): Receiver => {
  const receiver = config.receivers.find((one) => one.name === name)
  if (receiver) return receiver
  const names = config.receivers.map((one) => one.name)
  throw new UsageError(`there is no receiver "${name}"`, {
    remedy:
      names.length > 0
        ? `Name one of ${names.join(', ')}.`
        : 'List it in the configuration, under receivers.',
  })
}

/** `receivers test NAME`: sends a real message, and says what became of it; exit 1 where it did not arrive. */
export const receiversTest: Run = async ([name = ''], options) => {
  const context = loadContext(options)
  const receiver = receiverNamed(context, name)
  const write = (line: string): void => {
    ;(options.json ? process.stderr : process.stdout).write(`${line}\n`)
  }
  const { delivery, id, durationMs } = await testReceiver(receiver, write)
  const kind = kindOf(receiver).name
  const error = delivery.ok ? null : context.redact(delivery.error)
  if (options.json) printJson({ receiver: name, kind, ok: delivery.ok, error, id, durationMs })
  else if (delivery.ok) print(`${colors.green('delivered')} to ${name} (${kind}) in ${durationMs} ms`)
  else print(`${colors.red('not delivered')} to ${name} (${kind}): ${plain(error ?? '')}`)
  return delivery.ok ? EXIT.fine : EXIT.finding
}

const ID_DIGITS = 12

const deadRow = ({ id, receiver, notification, attemptCount, deadAtMs, lastError }: DeadLetter) => [
  id.slice(0, ID_DIGITS),
  plain(receiver),
  isoTime(Math.floor(deadAtMs / 1_000)),
  String(attemptCount),
  messageOf(notification).headline,
  plain(lastError ?? ''),
]

/** `receivers dead [NAME]`: messages that were given up, newest first; exit 1 where there are any. */
export const receiversDead: Run = ([name], options) => {
  const context = loadContext(options)
  const { redact } = context
  const letters = fromStore(options, (database) => deadLetters(database, name, limitOption(options))).map(
    (letter) => ({ ...letter, lastError: letter.lastError === null ? null : redact(letter.lastError) }),
  )
  if (name !== undefined && letters.length === 0) receiverNamed(context, name)
  if (options.json) printJson({ dead: letters })
  else if (letters.length === 0) print('nothing was given up')
  else
    print(
      table(
        [
          { head: 'id' },
          { head: 'receiver' },
          { head: 'given up' },
          { head: 'attempts', align: 'right' },
          { head: 'what' },
          { head: 'last error' },
        ],
        letters.map(deadRow),
      ),
    )
  return letters.length > 0 ? EXIT.finding : EXIT.fine
}

const resentSchema = z.object({ resentCount: z.number(), outdatedCount: z.number() })

/** `receivers resend ID` or `--all NAME`: what was given up waits again; a running daemon sends it at once. */
export const receiversResend: Run = async ([id], options) => {
  const all = options['all']
  if ((id === undefined) === (all === undefined))
    throw new UsageError('what is to be sent again?', {
      remedy: 'Give the id of a message that "plimsoll receivers dead" lists, or --all NAME.',
    })
  const answer = await act(loadContext(options), 'receivers.resend', id === undefined ? { all } : { id })
  const { resentCount, outdatedCount } = resentSchema.parse(answer)
  const outdated =
    outdatedCount > 0
      ? `; ${outdatedCount} stay given up: later news of the same alerts have arrived since`
      : ''
  if (options.json) printJson({ resentCount, outdatedCount })
  else print(`${resentCount} wait again, for "plimsoll watch" to send${outdated}`)
  return EXIT.fine
}
