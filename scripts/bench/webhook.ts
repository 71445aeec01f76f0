// From a price that moves to a webhook that is received: the daemon as users start it, a local chain, a real web server.
import { rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { type Devnet, startDevnet } from '../../test/devnet/devnet.ts'
import { type Daemon, startDaemon } from '../../test/support/daemon.ts'
import { until } from '../../test/support/until.ts'
import { createWorkspace } from '../../test/support/workspace.ts'
import { percentiles } from './measure.ts'
import type { Report } from './report.ts'

const ETHER = 10n ** 18n
/** Blocks come so often; of a provider that is polled, at other moments of its blocks with every daemon that is started. */
const BLOCK_MS = 1_000
const DAEMONS = 4
const MOVES_EACH = 30
const WAIT_MS_MAX = 30_000

type Way = {
  readonly name: string
  readonly isWebSocket: boolean
  readonly follow: 'watched' | 'book'
  readonly pollIntervalMs: number
}

const WAYS: readonly Way[] = [
  { name: 'WebSocket, watched accounts', isWebSocket: true, follow: 'watched', pollIntervalMs: BLOCK_MS },
  { name: 'WebSocket, whole book', isWebSocket: true, follow: 'book', pollIntervalMs: BLOCK_MS },
  {
    ...{ name: 'HTTP, polled once a block', isWebSocket: false, follow: 'watched' },
    pollIntervalMs: BLOCK_MS,
  },
]

/** Milliseconds of the clock, with fractions: comparable with the times in the log of another process. */
const clockMs = (): number => performance.timeOrigin + performance.now()

type Arrival = { readonly status: string; readonly atMs: number }

/** A web server that says when each webhook came. */
const startHook = async () => {
  const arrivals: Arrival[] = []
  let onArrival = (): void => undefined
  const server = createServer((request, response) => {
    const atMs = clockMs()
    let text = ''
    request.on('data', (chunk: Buffer) => {
      text += chunk.toString()
    })
    request.on('end', () => {
      response.writeHead(200).end()
      arrivals.push({ status: JSON.parse(text).status, atMs })
      onArrival()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    /** The n-th webhook from 0. Throws where it does not come. */
    arrival: async (index: number): Promise<Arrival> => {
      const end = clockMs() + WAIT_MS_MAX
      while (arrivals.length <= index) {
        const came = new Promise<void>((resolve) => {
          onArrival = resolve
        })
        await Promise.race([came, setTimeout(end - clockMs())])
        if (clockMs() >= end) throw new Error(`webhook ${index} did not come`)
      }
      return arrivals[index] as Arrival
    },
    stop: (): void => {
      server.closeAllConnections()
      server.close()
    },
  }
}

/** One price that moved across the threshold: when its report was sent, in which block it is, when its webhook came. */
type Move = { readonly sentAtMs: number; readonly block: string; readonly receivedAtMs: number }

const movePrices = async (
  devnet: Devnet,
  hook: Awaited<ReturnType<typeof startHook>>,
  phaseMs: number,
): Promise<readonly Move[]> => {
  const high = await devnet.price('WETH')
  const low = (high * 85n) / 100n
  const moves: Move[] = []
  const startMs = Math.ceil(clockMs() / BLOCK_MS) * BLOCK_MS + phaseMs
  for (let index = 0; index < MOVES_EACH; index++) {
    await setTimeout(Math.max(0, startMs + index * BLOCK_MS - clockMs()))
    const sentAtMs = clockMs()
    const isFall = index % 2 === 0
    const { block } = await devnet.setPrice('WETH', isFall ? low : high)
    const { status, atMs } = await hook.arrival(index)
    if (status !== (isFall ? 'firing' : 'resolved')) throw new Error(`move ${index} was told as ${status}`)
    moves.push({ sentAtMs, block: String(block.number), receivedAtMs: atMs })
  }
  return moves
}

/** When the daemon had committed each block, by its own log. */
const committedAtMs = (daemon: Daemon): ReadonlyMap<unknown, number> =>
  new Map(
    daemon
      .lines()
      .filter(({ event }) => event === 'cycle')
      .map(({ block, time }) => [block, Number(time)]),
  )

/** Milliseconds of each move: until its cycle was committed, from then until its webhook came, and both. */
type Times = { readonly cycle: number[]; readonly delivery: number[]; readonly all: number[] }

const measureOnce = async (devnet: Devnet, way: Way, phaseMs: number, times: Times): Promise<void> => {
  const hook = await startHook()
  const { folder, configFile } = createWorkspace(devnet, {
    rpc: [way.isWebSocket ? devnet.wsUrl : devnet.url],
    follow: way.follow,
    chain: { pollIntervalMs: way.pollIntervalMs },
    watch: [{ account: devnet.account(0), label: 'treasury' }],
    webhook: { url: hook.url },
    rules: [{ name: 'Near', severity: 'warning', when: 'healthFactor < 1.05', until: 'healthFactor > 1.06' }],
  })
  const daemon = startDaemon(configFile)
  try {
    await until('it follows', () => daemon.lines().some(({ event }) => event === 'cycle'))
    const moves = await movePrices(devnet, hook, phaseMs)
    const committed = committedAtMs(daemon)
    for (const { sentAtMs, block, receivedAtMs } of moves) {
      const atMs = committed.get(block)
      if (atMs === undefined) throw new Error(`block ${block} was never committed by itself`)
      times.cycle.push(atMs - sentAtMs)
      times.delivery.push(receivedAtMs - atMs)
      times.all.push(receivedAtMs - sentAtMs)
    }
  } finally {
    await daemon.stop()
    hook.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Every price move is across the threshold: an alert begins, or is over, with each. */
export const benchWebhook = async (): Promise<Report> => {
  // The daemon is what users start: built.
  await import('../build.ts')
  const devnet = await startDevnet()
  try {
    await devnet.openAccount({
      account: devnet.account(0),
      supplies: { WETH: ETHER },
      borrows: { USDC: ((await devnet.price('WETH')) * 70n) / 10_000n },
    })
    const rows: (string | number)[][] = []
    for (const way of WAYS) {
      const times: Times = { cycle: [], delivery: [], all: [] }
      for (let index = 0; index < DAEMONS; index++)
        await measureOnce(devnet, way, (index * BLOCK_MS) / DAEMONS, times)
      for (const [step, values] of [
        ['report sent → cycle committed', times.cycle],
        ['cycle committed → webhook received', times.delivery],
        ['both', times.all],
      ] as const) {
        const { p50, p90, p99 } = percentiles(values)
        rows.push([`${way.name}: ${step}`, values.length, p50, p90, p99])
      }
    }
    return {
      name: 'webhook',
      title: `From the report of a price to the webhook, ms; one block a second, ${DAEMONS} daemons after one another, ${MOVES_EACH} moves each`,
      columns: ['step', 'moves', 'p50', 'p90', 'p99'],
      rows,
    }
  } finally {
    await devnet.stop()
  }
}
