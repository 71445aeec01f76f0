// Finding, reading and checking plimsoll.yaml: every fault at once, each with its line.
import { existsSync, readFileSync } from 'node:fs'
import { type Document, isMap, isScalar, LineCounter, type Node, parseDocument, visit } from 'yaml'
import { BaseError, messageOf } from '../../model/errors.ts'
import type { Adapter } from '../../protocols/adapter.ts'
import { type Config, resolveConfig } from './config.ts'
import { crossFaults } from './cross-checks.ts'
import { issueFaults, type PathFault } from './issues.ts'
import { rulesWithoutMatch } from './rule-checks.ts'
import { configSchema } from './schema.ts'

/** One thing that is wrong, with its place. */
export type Fault = {
  readonly line: number
  readonly column: number
  readonly path: string
  readonly message: string
}

/** A fault as a line: where, what. */
export const faultLine = (file: string, { line, column, path, message }: Fault): string =>
  `${file}:${line}:${column}${path ? ` ${path}` : ''}: ${message}`

export class ConfigError extends BaseError {
  override readonly name = 'ConfigError'
  readonly faults: readonly Fault[]
  constructor(file: string, faults: readonly Fault[]) {
    const lines = faults.map((fault) => `  ${faultLine(file, fault)}`)
    super(
      `${file} has ${faults.length === 1 ? 'a fault' : `${faults.length} faults`}:\n${lines.join('\n')}`,
      {
        remedy: 'Correct the lines named, then run "plimsoll config check".',
      },
    )
    this.faults = faults
  }
}

export class NoConfigError extends BaseError {
  override readonly name = 'NoConfigError'
  constructor(file: string) {
    super(`there is no configuration ${file}`, {
      remedy: 'Write one with "plimsoll init", or name one with --config FILE or $PLIMSOLL_CONFIG.',
    })
  }
}

type Environment = Readonly<Record<string, string | undefined>>

const DEFAULT_FILE = './plimsoll.yaml'

/** Which file holds the configuration, and whether somebody named it. */
export const configFile = (
  named: string | undefined,
  env: Environment,
): { readonly file: string; readonly isNamed: boolean } => {
  const file = named ?? env['PLIMSOLL_CONFIG']
  return { file: file ?? DEFAULT_FILE, isNamed: file !== undefined }
}

/** Where in a document something stands, or what encloses it. */
export const placeOf = (
  document: Document,
  lines: LineCounter,
  path: readonly PropertyKey[],
): { line: number; column: number } => {
  for (let length = path.length; length >= 0; length--) {
    const at = path.slice(0, length)
    const parent = length === 0 ? undefined : document.getIn(at.slice(0, -1), true)
    const key = isMap(parent)
      ? parent.items.map(({ key: one }) => one).find((one) => isScalar(one) && one.value === at.at(-1))
      : undefined
    const node = (key ?? (length === 0 ? document.contents : document.getIn(at, true))) as Node | undefined
    const offset = node?.range?.[0]
    if (offset !== undefined) {
      const { line, col } = lines.linePos(offset)
      return { line, column: col }
    }
  }
  return { line: 1, column: 1 }
}

/** Puts environment variables into `${NAME}` places of scalars; answers the places whose variable is missing, and the values put in. */
const interpolate = (document: Document, lines: LineCounter, env: Environment) => {
  const faults: Fault[] = []
  const secrets: string[] = []
  visit(document, {
    Scalar: (_key, node) => {
      if (typeof node.value !== 'string') return
      node.value = node.value.replace(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (_whole, name: string) => {
        const value = env[name]
        if (value === undefined) {
          const { line, col } = lines.linePos(node.range?.[0] ?? 0)
          faults.push({
            line,
            column: col,
            path: '',
            message: `the environment variable ${name} is not set; export it, or write the value`,
          })
        } else secrets.push(value)
        return value ?? ''
      })
    },
  })
  return { faults, secrets }
}

export const pathText = (path: readonly PropertyKey[]): string =>
  path
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index > 0 ? '.' : ''}${String(part)}`))
    .join('')

/** `warnings`, each with its place: what may be meant, and does nothing as things are. */
export type LoadedConfig = {
  readonly config: Config
  readonly secrets: readonly string[]
  readonly warnings: readonly string[]
}

/** Reads and checks configuration text. Throws `ConfigError` with every fault. */
export const parseConfig = (
  file: string,
  text: string,
  env: Environment,
  adapters: readonly Adapter[],
): LoadedConfig => {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const at = ({ path, message }: PathFault): Fault => ({
    ...placeOf(document, lines, path),
    path: pathText(path),
    message,
  })
  if (document.errors.length > 0)
    throw new ConfigError(
      file,
      document.errors.map(({ pos, message }) => {
        const { line, col } = lines.linePos(pos[0])
        return { line, column: col, path: '', message: `this is no YAML: ${message}` }
      }),
    )
  const { faults, secrets } = interpolate(document, lines, env)
  if (faults.length > 0) throw new ConfigError(file, faults)
  const parsed = configSchema(adapters).safeParse(document.toJS() ?? {})
  if (!parsed.success) throw new ConfigError(file, issueFaults(parsed.error.issues).map(at))
  const crossed = crossFaults(parsed.data, adapters)
  if (crossed.length > 0) throw new ConfigError(file, crossed.map(at))
  const warnings = rulesWithoutMatch(parsed.data, adapters).map((fault) => faultLine(file, at(fault)))
  return { config: resolveConfig(adapters, parsed.data), secrets, warnings }
}

/** Reads the configuration file. Throws `NoConfigError` or `ConfigError`. */
export const loadConfig = (file: string, env: Environment, adapters: readonly Adapter[]): LoadedConfig => {
  if (!existsSync(file)) throw new NoConfigError(file)
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw new ConfigError(file, [
      { line: 1, column: 1, path: '', message: `cannot be read: ${messageOf(error)}` },
    ])
  }
  return parseConfig(file, text, env, adapters)
}
