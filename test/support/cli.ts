import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url))

export type CliResult = { readonly exitCode: number | null; readonly stdout: string; readonly stderr: string }

export type CliOptions = { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> }

/** Starts the compiled command line (see test/built.ts) as a user would, in a process of its own. */
export const startCli = (args: readonly string[], { cwd, env = {} }: CliOptions = {}): ChildProcess =>
  spawn(process.execPath, [MAIN, ...args], {
    cwd,
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })

/** Runs the command line to its end. */
export const cli = async (args: readonly string[], options: CliOptions = {}): Promise<CliResult> => {
  const child = startCli(args, options)
  let [stdout, stderr] = ['', '']
  child.stdout?.on('data', (chunk: Buffer) => {
    stdout += chunk.toString()
  })
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk.toString()
  })
  const exitCode = await new Promise<number | null>((resolve) => child.on('close', resolve))
  return { exitCode, stdout, stderr }
}
