// YAML that users write: read whole, checked against a schema, every fault with its line.
import { readFileSync } from 'node:fs'
import { LineCounter, parseDocument } from 'yaml'
import type { z } from 'zod'
import { BaseError, messageOf } from '../model/errors.ts'
import { issueFaults, type PathFault } from './config/issues.ts'
import { type Fault, pathText, placeOf } from './config/load.ts'

/** What a file says, or what is wrong with it; `place` is where in the file something stands. */
export type ParsedYaml<T> =
  | { readonly data: T; place(fault: PathFault): Fault }
  | { readonly faults: readonly Fault[] }

/** Parses text. `failsafe` takes every scalar as text; else `1.10` is a number, `true` a boolean. */
export const parseYaml = <T>(
  text: string,
  schema: z.ZodType<T>,
  scalars: 'failsafe' | 'core',
): ParsedYaml<T> => {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, schema: scalars })
  if (document.errors.length > 0)
    return {
      faults: document.errors.map(({ pos, message }) => {
        const { line, col } = lines.linePos(pos[0])
        return { line, column: col, path: '', message: `this is no YAML: ${message}` }
      }),
    }
  const place = ({ path, message }: PathFault): Fault => ({
    ...placeOf(document, lines, path),
    path: pathText(path),
    message,
  })
  const parsed = schema.safeParse(document.toJS() ?? {})
  return parsed.success
    ? { data: parsed.data, place }
    : { faults: issueFaults(parsed.error.issues).map(place) }
}

export class UnreadableFileError extends BaseError {
  override readonly name = 'UnreadableFileError'
  constructor(file: string, cause: unknown, remedy: string) {
    super(`${file} cannot be read: ${messageOf(cause)}`, { remedy, cause })
  }
}

/** The text of a file. Throws `UnreadableFileError`. */
export const readText = (file: string, remedy = 'Name a file that is there.'): string => {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new UnreadableFileError(file, error, remedy)
  }
}

/** Faults of a file as the lines of an error. */
export const faultyText = (file: string, faults: readonly Fault[]): string => {
  const lines = faults.map(
    ({ line, column, path, message }) => `  ${file}:${line}:${column}${path ? ` ${path}` : ''}: ${message}`,
  )
  return `${file} has ${faults.length === 1 ? 'a fault' : `${faults.length} faults`}:\n${lines.join('\n')}`
}
