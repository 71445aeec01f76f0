// Actions of the daemon, asked for over HTTP: the same as commands perform.
import { RefusedError } from '../app/control.ts'
import type { Json } from '../model/json.ts'
import { ProblemError } from './problem.ts'
import type { Tools } from './tools.ts'

/** Performs an action. Throws `ProblemError` where it is refused. */
export const acted = ({ daemon }: Tools, name: string, input: unknown): Json => {
  try {
    return daemon.act(name, input)
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error
    throw new ProblemError('refused', error.message)
  }
}
