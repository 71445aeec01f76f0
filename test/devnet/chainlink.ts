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
import { encodeAbiParameters, type Hex, parseAbiParameters } from 'viem'
import { DevnetError } from './errors.ts'

type Compiled = { readonly EACAggregatorProxy: Hex; readonly FluxAggregator: Hex }
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
const CONTRACTS = ['EACAggregatorProxy', 'FluxAggregator'] as const
const FOLDER = 'src/v0.6'

const collectSources = (): Record<string, { content: string }> => {
  const root = dirname(require.resolve('@chainlink/contracts/package.json'))
  const sources: Record<string, { content: string }> = {}
  const collect = (path: string) => {
    if (sources[path]) return
    const content = readFileSync(join(root, path), 'utf8')
    sources[path] = { content }
    for (const match of content.matchAll(/^import "([^"]+)"/gm)) collect(join(dirname(path), match[1] ?? ''))
  }
  for (const name of CONTRACTS) collect(`${FOLDER}/${name}.sol`)
  return sources
}

/** In a process of its own: this compiler installs exception handlers, and its output is cut off in a pipe. */
const runCompiler = (input: string): SolcOutput => {
  const solcjs = join(dirname(require.resolve('solc/package.json')), 'solcjs')
  const outputPath = join(CACHE, `solc-output.${process.pid}`)
  const outputFile = openSync(outputPath, 'w')
  try {
    const run = spawnSync(process.execPath, [solcjs, '--standard-json'], {
      input,
      encoding: 'utf8',
      stdio: ['pipe', outputFile, 'pipe'],
    })
    if (run.status !== 0) throw new DevnetError(`solc ended with ${run.status}: ${run.stderr}`)
    const output = readFileSync(outputPath, 'utf8')
    return JSON.parse(output.slice(output.indexOf('{"')))
  } finally {
    closeSync(outputFile)
    rmSync(outputPath)
  }
}

const compile = (sources: Record<string, { content: string }>): Compiled => {
  const input = {
    language: 'Solidity',
    sources,
    settings: {
      optimizer: { enabled: true, runs: 1_000_000 },
      outputSelection: Object.fromEntries(
        CONTRACTS.map((name) => [`${FOLDER}/${name}.sol`, { [name]: ['evm.bytecode.object'] }]),
      ),
    },
  }
  const output = runCompiler(JSON.stringify(input))
  const failure = output.errors?.find((error) => error.severity === 'error')
  if (failure) throw new DevnetError(`solc: ${failure.formattedMessage}`)
  const codeOf = (name: string): Hex => {
    const code = output.contracts?.[`${FOLDER}/${name}.sol`]?.[name]?.evm.bytecode.object
    if (!code) throw new DevnetError(`solc gave no code for ${name}`)
    return `0x${code}`
  }
  return { EACAggregatorProxy: codeOf('EACAggregatorProxy'), FluxAggregator: codeOf('FluxAggregator') }
}

/** Compiles Chainlink's contracts once per machine (a few seconds), later from a cache under node_modules. */
const compiled = (): Compiled => {
  const sources = collectSources()
  const fingerprint = createHash('sha256').update(JSON.stringify(sources)).digest('hex').slice(0, 16)
  const path = join(CACHE, `chainlink-${fingerprint}.json`)
  if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8'))
  mkdirSync(CACHE, { recursive: true })
  const contracts = compile(sources)
  const unfinished = `${path}.${process.pid}`
  writeFileSync(unfinished, JSON.stringify(contracts))
  renameSync(unfinished, path)
  return contracts
}

const proxyArgs = parseAbiParameters('address aggregator, address accessController')
const aggregatorArgs = parseAbiParameters(
  'address link, uint128 paymentAmount, uint32 timeout, address validator, int256 submissionMin, int256 submissionMax, uint8 decimals, string description',
)
const ZERO = '0x0000000000000000000000000000000000000000'
const ANSWER_LIMIT = 2n ** 192n - 1n

/** Creation codes of a price feed: 8 decimals, nobody is paid, any answer is accepted (also zero and negative ones). */
export const chainlinkCreationCodes = () => {
  const { FluxAggregator, EACAggregatorProxy } = compiled()
  return {
    aggregator: (description: string): Hex => {
      const args = [ZERO, 0n, 0, ZERO, -ANSWER_LIMIT, ANSWER_LIMIT, 8, description] as const
      return `${FluxAggregator}${encodeAbiParameters(aggregatorArgs, args).slice(2)}`
    },
    proxy: (aggregator: Hex): Hex =>
      `${EACAggregatorProxy}${encodeAbiParameters(proxyArgs, [aggregator, ZERO]).slice(2)}`,
  }
}
