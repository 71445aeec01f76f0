// What went wrong, in a user's words, and whose fault it is.
import colors from 'picocolors'
import { NoEndpointError } from '../chain/failover.ts'
import { LogsRefusedError } from '../chain/logs.ts'
import { isUnanswered, NameError } from '../chain/name-text.ts'
import { BaseError, messageOf } from '../model/errors.ts'
import { DatabaseFullError } from '../store/database.ts'
import { EXIT, type ExitCode } from './exit.ts'

/** Failures of the world outside; everything else that is named is usage or configuration. */
export const isUnknown = (error: unknown): boolean =>
  error instanceof NoEndpointError ||
  error instanceof LogsRefusedError ||
  error instanceof DatabaseFullError ||
  (error instanceof NameError && isUnanswered(error)) ||
  !(error instanceof BaseError)

/** Says on stderr what went wrong, of what, and what to do. */
export const explain = (error: unknown, subject?: string): void => {
  const about = subject === undefined ? '' : `${subject}: `
  process.stderr.write(`${colors.red('error')} ${about}${messageOf(error)}\n`)
  if (error instanceof BaseError) {
    const rest = error.message.split('\n').slice(1)
    if (rest.length > 0) process.stderr.write(`${rest.join('\n')}\n`)
    if (error.remedy) process.stderr.write(`${error.remedy}\n`)
  }
}

/** Explains what ended a command; answers its exit code. */
export const explained = (error: unknown): ExitCode => {
  explain(error)
  return isUnknown(error) ? EXIT.unknown : EXIT.usage
}
