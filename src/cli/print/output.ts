import { toJson } from '../../model/json.ts'

export { plain } from '../../units/plain.ts'

/** One JSON document on stdout and nothing else. */
export const printJson = (value: unknown): void => {
  process.stdout.write(`${JSON.stringify(toJson(value), null, 2)}\n`)
}

/** Lines for people on stdout. */
export const print = (...lines: readonly string[]): void => {
  process.stdout.write(`${lines.join('\n')}\n`)
}

/** Lines for people beside the result, on stderr. */
export const note = (...lines: readonly string[]): void => {
  process.stderr.write(`${lines.join('\n')}\n`)
}
