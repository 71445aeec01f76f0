import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, dirname, join } from 'node:path'
import { DevnetError } from './errors.ts'

export type AnvilOptions = {
  readonly chainId?: number
  /** Genesis time in seconds. */
  readonly timestamp?: number
  /** How many recent blocks keep their state: the limit of reorg depth and of reads at a block. */
  readonly stateBlocksMax?: number
  readonly port?: number
}

export type Anvil = {
  readonly url: string
  readonly wsUrl: string
  /** Ends the process; resolves when it is gone. Repeated calls are harmless. */
  stop(): Promise<void>
}

const START_TIMEOUT_MS = 15_000

// The shell holds anvil's life: its `read` ends when this process closes the pipe, which also happens when it crashes.
const LIFELINE = '"$@" </dev/null & anvil=$!; exec >&- 2>&-; read -r _; kill "$anvil"; wait "$anvil"'

/** The path of the anvil binary: from the npm platform package, else from PATH. */
export const findAnvil = (): string => {
  const require = createRequire(import.meta.url)
  try {
    return join(dirname(require.resolve('@foundry-rs/anvil-linux-amd64/package.json')), 'bin', 'anvil')
  } catch {
    const folders = (process.env['PATH'] ?? '').split(delimiter)
    const found = folders.map((folder) => join(folder, 'anvil')).find((path) => existsSync(path))
    if (found !== undefined) return found
    throw new DevnetError(
      'anvil was not found: neither the npm package @foundry-rs/anvil-linux-amd64 is installed nor is anvil on PATH. ' +
        'On Linux x64 run `npm ci` (optional dependencies included); elsewhere install Foundry: https://getfoundry.sh',
    )
  }
}

const argumentsOf = (options: AnvilOptions): string[] => [
  ...['--port', String(options.port ?? 0)],
  ...['--chain-id', String(options.chainId ?? 31_337)],
  ...(options.timestamp === undefined ? [] : ['--timestamp', String(options.timestamp)]),
  ...['--prune-history', String(options.stateBlocksMax ?? 256)],
  ...['--gas-limit', '3000000000', '--block-base-fee-per-gas', '0'],
  ...['--no-mining', '--order', 'fifo', '--auto-impersonate', '--accounts', '0'],
  ...['--no-request-size-limit', '--color', 'never'],
]

const listeningPort = (child: ChildProcess): Promise<number> =>
  new Promise((resolve, reject) => {
    let output = ''
    const fail = (why: string) => reject(new DevnetError(`anvil ${why}: ${output.trim().slice(-2_000)}`))
    const timer = setTimeout(() => fail(`was not listening after ${START_TIMEOUT_MS} ms`), START_TIMEOUT_MS)
    const take = (data: Buffer) => {
      output += data.toString()
      const port = /Listening on [^\s:]+:(\d+)/.exec(output)?.[1]
      if (port === undefined) return
      clearTimeout(timer)
      resolve(Number(port))
    }
    child.stdout?.on('data', take)
    child.stderr?.on('data', take)
    child.stdout?.on('end', () => {
      clearTimeout(timer)
      fail('ended before it was listening')
    })
    child.on('error', (error) => {
      clearTimeout(timer)
      fail(`could not be started (${error.message})`)
    })
  })

/** Starts anvil on a free port. It ends with `stop()`, and by itself when this process ends in whatever way. */
export const startAnvil = async (options: AnvilOptions = {}): Promise<Anvil> => {
  const child = spawn('sh', ['-c', LIFELINE, 'anvil', findAnvil(), ...argumentsOf(options)], {
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const stop = async () => {
    child.ref()
    child.stdin.end()
    await gone
  }
  try {
    const port = await listeningPort(child)
    for (const stream of [child.stdout, child.stderr]) stream.removeAllListeners('data').resume()
    // A forgotten chain keeps nobody from ending.
    for (const handle of [child, child.stdin, child.stdout, child.stderr]) (handle as ChildProcess).unref()
    return { url: `http://127.0.0.1:${port}`, wsUrl: `ws://127.0.0.1:${port}`, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
