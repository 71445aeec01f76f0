// A daemon as users start it, that follows and serves a book of borrowers on a local chain.
import { rmSync } from 'node:fs'
import { createClient, type Reply, servedAt } from '../../test/support/api.ts'
import { type Daemon, startDaemon } from '../../test/support/daemon.ts'
import { createWorkspace } from '../../test/support/workspace.ts'
import { startWorld, type World } from './world.ts'

export type ServedWorld = {
  readonly world: World
  readonly daemon: Daemon
  readonly url: string
  ask(path: string): Promise<Reply>
  stop(): Promise<void>
}

const TOKEN = 'a-token-of-the-bench'

/** What a request of the bench says of who asks. */
export const authorization = `Bearer ${TOKEN}`

/** So long is waited for a book to be read, at most. */
const WAIT_MS_MAX = 600_000
const WAIT_STEP_MS = 250

const isWhole = async (ask: ServedWorld['ask'], borrowers: number): Promise<boolean> => {
  const { body } = await ask('/v1/status')
  return body.blocks?.[0]?.isComplete === true && body.chains[0].positionCount >= borrowers
}

/** Starts it, and waits until the daemon has read the whole book. */
export const startServedWorld = async (borrowers: number): Promise<ServedWorld> => {
  // The daemon is what users start: built.
  await import('../build.ts')
  const world = await startWorld(borrowers)
  const { folder, configFile } = createWorkspace(world.devnet, {
    rpc: [world.devnet.url],
    chain: { pollIntervalMs: 100 },
    watch: [{ account: world.devnet.account(0), label: 'first' }],
    more: {
      server: {
        ...{ port: 0, tokens: [{ name: 'bench', token: TOKEN }], requestsPerMinuteMax: 1_000_000 },
      },
    },
  })
  const daemon = startDaemon(configFile)
  const url = await servedAt(daemon)
  const ask = createClient(url, TOKEN)
  const end = Date.now() + WAIT_MS_MAX
  while (!(await isWhole(ask, borrowers))) {
    if (Date.now() > end) throw new Error('the book was not read in time')
    await new Promise((resolve) => setTimeout(resolve, WAIT_STEP_MS))
  }
  return {
    ...{ world, daemon, url, ask },
    stop: async () => {
      await daemon.stop()
      await world.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
