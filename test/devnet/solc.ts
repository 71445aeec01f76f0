import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Hex } from 'viem'
import { DevnetError } from './errors.ts'

/** What to compile: `entries` are paths of sources, each with a contract of the file's name. `compiler` is the npm name of a solc. */
export type Compilation = {
  readonly name: string
  readonly compiler: 'solc' | 'solc-0.8.19' | 'solc-0.8.21'
  readonly entries: readonly string[]
  readonly settings: object
  /** The text of a source by its path, and the path that an import in it means. */
  readSource(path: string): string
  resolveImport(from: string, target: string): string
}

type SolcOutput = {
  readonly errors?: readonly { readonly severity: string; readonly formattedMessage: string }[]
  readonly contracts?: Readonly<
    Record<
      string,
      Readonly<Record<string, { readonly evm: { readonly bytecode: { readonly object: string } } }>>
    >
  >
}

const require = createRequire(import.meta.url)
const CACHE = fileURLToPath(new URL('../../node_modules/.cache/plimsoll/', import.meta.url))

const collectSources = ({ entries, readSource, resolveImport }: Compilation) => {
  const sources: Record<string, { content: string }> = {}
  const collect = (path: string): void => {
    if (sources[path]) return
    const content = readSource(path)
    sources[path] = { content }
    for (const match of content.matchAll(/^\s*import\s+(?:[^"']*from\s+)?["']([^"']+)["']/gm))
      collect(resolveImport(path, match[1] ?? ''))
  }
  for (const entry of entries) collect(entry)
  return sources
}

/** In a process of its own: this compiler installs exception handlers, and its output is cut off in a pipe. */
const runCompiler = (compiler: string, input: string): SolcOutput => {
  const folder = dirname(require.resolve(`${compiler}/package.json`))
  const outputPath = join(CACHE, `${compiler}-output.${process.pid}`)
  const outputFile = openSync(outputPath, 'w')
  try {
    const script = [join(folder, 'solcjs'), join(folder, 'solc.js')].find(existsSync) ?? ''
    const run = spawnSync(process.execPath, [script, '--standard-json'], {
      input,
      encoding: 'utf8',
      stdio: ['pipe', outputFile, 'pipe'],
    })
    if (run.status !== 0) throw new DevnetError(`${compiler} ended with ${run.status}: ${run.stderr}`)
    const output = readFileSync(outputPath, 'utf8')
    return JSON.parse(output.slice(output.indexOf('{"')))
  } finally {
    closeSync(outputFile)
    rmSync(outputPath)
  }
}

const nameOf = (entry: string): string => /([^/]+)\.sol$/.exec(entry)?.[1] ?? entry

const compile = ({ compiler, entries, settings }: Compilation, sources: object): Record<string, Hex> => {
  const outputSelection = Object.fromEntries(
    entries.map((entry) => [entry, { [nameOf(entry)]: ['evm.bytecode.object'] }]),
  )
  const input = { language: 'Solidity', sources, settings: { ...settings, outputSelection } }
  const output = runCompiler(compiler, JSON.stringify(input))
  const failure = output.errors?.find((error) => error.severity === 'error')
  if (failure) throw new DevnetError(`${compiler}: ${failure.formattedMessage}`)
  return Object.fromEntries(
    entries.map((entry) => {
      const code = output.contracts?.[entry]?.[nameOf(entry)]?.evm.bytecode.object
      if (!code) throw new DevnetError(`${compiler} gave no code for ${entry}`)
      return [nameOf(entry), `0x${code}` as const]
    }),
  )
}

type NameIn<Path> = Path extends `${string}/${infer Rest}`
  ? NameIn<Rest>
  : Path extends `${infer Name}.sol`
    ? Name
    : never

/** Creation code by contract name: compiled once per machine (seconds), later from a cache under node_modules. */
export const compiled = <const E extends readonly string[]>(
  compilation: Compilation & { readonly entries: E },
): Readonly<Record<NameIn<E[number]>, Hex>> => {
  const { name, compiler, settings } = compilation
  const sources = collectSources(compilation)
  const fingerprint = createHash('sha256')
    .update(JSON.stringify([compiler, settings, sources]))
    .digest('hex')
    .slice(0, 16)
  const path = join(CACHE, `${name}-${fingerprint}.json`)
  if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8'))
  mkdirSync(CACHE, { recursive: true })
  const contracts = compile(compilation, sources)
  const unfinished = `${path}.${process.pid}`
  writeFileSync(unfinished, JSON.stringify(contracts))
  renameSync(unfinished, path)
  return contracts as Record<NameIn<E[number]>, Hex>
}
