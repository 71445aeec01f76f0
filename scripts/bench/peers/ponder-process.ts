// ponder as a process of its own, watched through what it logs.
import { type ChildProcess, spawn } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { freePort } from '../../free-port.ts'
import { PEERS_FOLDER } from './install.ts'

/** What its configuration file reads: where the chain is, and which logs of which contracts. */
export type IndexedChain = {
  readonly url: string
  readonly chainId: number
  readonly fromBlock: number
  readonly contracts: Readonly<
    Record<'pool' | 'tokens', { readonly addresses: readonly string[]; readonly abi: readonly string[] }>
  >
}

/** One line of its log; `time` in unix milliseconds. */
export type LogLine = { readonly time: number; readonly msg: string; readonly number?: number }

export type Ponder = {
  /** The first line, of all so far and to come, that answers the description. Rejects when the process ends or takes too long. */
  line(is: (line: LogLine) => boolean): Promise<LogLine>
  /** Events that its functions have handled. */
  eventCount(): Promise<number>
  stop(): Promise<void>
}

const FILES = ['ponder.config.ts', 'ponder.schema.ts', 'src/index.ts', 'src/api/index.ts']
const LINE_TIMEOUT_MS = 600_000

/** A project of its own in a temporary folder, with its store in it. */
const createProject = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-ponder-'))
  for (const file of FILES) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    copyFileSync(join(PEERS_FOLDER, 'peers', 'ponder-project', `${file}.txt`), join(folder, file))
  }
  copyFileSync(join(PEERS_FOLDER, 'package.json'), join(folder, 'package.json'))
  symlinkSync(join(PEERS_FOLDER, 'node_modules'), join(folder, 'node_modules'))
  return folder
}

const parsed = (text: string): LogLine | undefined => {
  try {
    return JSON.parse(text) as LogLine
  } catch {
    return undefined
  }
}

type Waiter = {
  readonly is: (line: LogLine) => boolean
  resolve(line: LogLine): void
  reject(error: Error): void
}

/** Collects log lines, and tells who waits for one. */
const watchLog = (child: ChildProcess): Ponder['line'] => {
  const lines: LogLine[] = []
  const waiting = new Set<Waiter>()
  const fail = (waiter: Waiter, why: string): void => {
    const tail = lines.slice(-3).map(({ msg }) => msg)
    waiting.delete(waiter)
    waiter.reject(new Error(`ponder ${why}; its last lines: ${tail.join('; ')}`))
  }
  if (!child.stdout) throw new Error('ponder has no output')
  createInterface({ input: child.stdout }).on('line', (text) => {
    const line = parsed(text)
    if (!line) return
    lines.push(line)
    for (const waiter of waiting)
      if (waiter.is(line)) {
        waiting.delete(waiter)
        waiter.resolve(line)
      }
  })
  child.once('exit', () => {
    for (const waiter of waiting) fail(waiter, 'ended')
  })
  return (is) =>
    new Promise((resolve, reject) => {
      const known = lines.find(is)
      if (known) return resolve(known)
      const waiter: Waiter = { is, resolve, reject }
      waiting.add(waiter)
      setTimeout(() => waiting.has(waiter) && fail(waiter, 'is silent'), LINE_TIMEOUT_MS).unref()
    })
}

/** Starts ponder, telemetry off, over its default store. */
export const startPonder = async (chain: IndexedChain): Promise<Ponder> => {
  const folder = createProject()
  const port = await freePort()
  const script = join(PEERS_FOLDER, 'node_modules', 'ponder', 'dist', 'esm', 'bin', 'ponder.js')
  const args = ['start', '--root', folder, '--schema', 'bench', '--port', String(port)]
  const child = spawn(process.execPath, [script, ...args, '--log-format', 'json', '--log-level', 'debug'], {
    cwd: folder,
    env: {
      ...process.env,
      HOME: folder,
      PONDER_TELEMETRY_DISABLED: 'true',
      BENCH_CHAIN: JSON.stringify({ ...chain, directory: join(folder, 'store') }),
    },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const line = watchLog(child)
  return {
    line,
    eventCount: async () => {
      const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
      return [...text.matchAll(/^ponder_indexing_completed_events\{[^}]*\} (\d+)/gm)].reduce(
        (sum, [, count]) => sum + Number(count),
        0,
      )
    },
    stop: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      if (child.exitCode === null && child.kill('SIGKILL')) await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
