// Actions that write to the database, the same whether a command performs them itself or a running daemon does it for it.
// To add one: `defineAction({ name, schema, run })` in a file of its own and a line in `actions`. `run` writes in a
// transaction of its own and throws `RefusedError` where the fault is the asker's. What a daemon has to take up
// afterwards hangs on the name, see `serveControl`.
import type { z } from 'zod'
import { BaseError } from '../model/errors.ts'
import type { Json } from '../model/json.ts'
import type { Database } from '../store/database.ts'
import type { Config } from './config/config.ts'
import { issueFaults } from './config/issues.ts'

/** What was asked for cannot be done, and why. */
export class RefusedError extends BaseError {
  override readonly name = 'RefusedError'
}

/** What actions have at hand; `nowMs` is unix milliseconds of whoever performs them. */
export type ActionTools = { readonly database: Database; readonly config: Config; readonly nowMs: number }

/** An action over one input that its schema has taken; its answer goes back to who asked. */
export type Action = { readonly name: string; perform(input: unknown, tools: ActionTools): Json }

/** Makes an action. What is performed throws `RefusedError` for an input that the schema does not take. */
export const defineAction = <S extends z.ZodType>({
  name,
  schema,
  run,
}: {
  readonly name: string
  readonly schema: S
  run(input: z.output<S>, tools: ActionTools): Json
}): Action => ({
  name,
  perform: (input, tools) => {
    const parsed = schema.safeParse(input)
    if (parsed.success) return run(parsed.data, tools)
    const faults = issueFaults(parsed.error.issues).map(
      ({ path, message }) => `${path.join('.') || 'it'} ${message}`,
    )
    throw new RefusedError(`${name} was asked for wrongly: ${faults.join('; ')}`)
  },
})

/** Performs the action of that name. Throws `RefusedError`, also where there is none of that name. */
export const perform = (
  actions: readonly Action[],
  name: string,
  input: unknown,
  tools: ActionTools,
): Json => {
  const action = actions.find((one) => one.name === name)
  if (!action)
    throw new RefusedError(`there is no action ${name}`, {
      remedy: 'The running daemon may be of another version: restart it.',
    })
  return action.perform(input, tools)
}
