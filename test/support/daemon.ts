import type { ChildProcess } from 'node:child_process'
import { startCli } from './cli.ts'

export type Daemon = {
  readonly process: ChildProcess
  /** Everything on stderr so far, as log lines. */
  lines(): readonly Readonly<Record<string, unknown>>[]
  /** Ends it as an operator would; answers its exit code. */
  stop(): Promise<number | null>
  /** Ends it as a power cut would. */
  kill(): Promise<void>
}

/** Starts `watch` as a user would. */
export const startDaemon = (configFile: string): Daemon => {
  const child = startCli(['watch', '--config', configFile, '--level', 'debug'])
  let text = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    text += chunk.toString()
  })
  const closed = new Promise<number | null>((resolve) => child.on('close', resolve))
  return {
    process: child,
    lines: () =>
      text
        .split('\n')
        .filter((line) => line.startsWith('{') && line.endsWith('}'))
        .map((line) => JSON.parse(line)),
    stop: async () => {
      child.kill('SIGTERM')
      return closed
    },
    kill: async () => {
      child.kill('SIGKILL')
      await closed
    },
  }
}
