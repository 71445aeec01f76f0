import { toJson } from '../../model/json.ts'

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

/** Text from the chain or from configuration made safe for a terminal: control characters cannot move the cursor or fake a line. */
export const plain = (text: string): string =>
  [...text].map((character) => (/\p{Cc}|\p{Cf}/u.test(character) ? '·' : character)).join('')
