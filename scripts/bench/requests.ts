// Requests of the API of a running daemon from another process: how many a second, and how long each takes.
import { setTimeout } from 'node:timers/promises'
import { authorization, type ServedWorld, startServedWorld } from './api-world.ts'
import { percentiles } from './measure.ts'
import type { Report } from './report.ts'
import { swayPrices, VOLATILE } from './world.ts'

/** Clients that ask one after the other. */
const CLIENTS = 4
const BLOCKS = 12
const BLOCK_MS_MAX = 30_000
const STEP_MS = 2

type Row = readonly [string, ...(string | number)[]]

const COLUMNS = ['request', 'clients', 'answers', 'a second', 'p50 ms', 'p99 ms', 'kB each']

type Asked = { readonly ms: number[]; bytes: number; seconds: number }

const rowOf = (name: string, clients: number, { ms, bytes, seconds }: Asked): Row => {
  const { p50, p99 } = percentiles(ms)
  return [name, clients, ms.length, ms.length / seconds, p50, p99, bytes / ms.length / 1_000]
}

/** Asks and expects an answer of a kind. Throws where it is another. */
const ask = async ({ request }: Served, path: string, status: number, etag?: string) => {
  const reply = await request(path, etag)
  if (reply.status !== status) throw new Error(`${path} was answered by ${reply.status}: ${reply.text}`)
  return reply
}

type Served = {
  readonly served: ServedWorld
  request(
    path: string,
    etag?: string,
  ): Promise<{ readonly status: number; readonly text: string; readonly etag: string | null }>
}

/** Some clients, each asking for one of some paths after the other as fast as it is answered. */
const load = async (
  one: Served,
  {
    paths,
    seconds,
    status = 200,
    etag,
  }: {
    readonly paths: readonly string[]
    readonly seconds: number
    readonly status?: number
    readonly etag?: string
  },
): Promise<Asked> => {
  const asked: Asked = { ms: [], bytes: 0, seconds: 0 }
  const startMs = performance.now()
  const endMs = startMs + seconds * 1_000
  let turn = 0
  const client = async (): Promise<void> => {
    while (performance.now() < endMs) {
      const path = paths[turn++ % paths.length] as string
      const sentMs = performance.now()
      const { text } = await ask(one, path, status, etag)
      asked.ms.push(performance.now() - sentMs)
      asked.bytes += text.length
    }
  }
  await Promise.all(Array.from({ length: CLIENTS }, client))
  asked.seconds = (performance.now() - startMs) / 1_000
  return asked
}

/** Waits until the daemon has committed a block. */
const untilCommitted = async ({ served }: Served, number: bigint): Promise<void> => {
  const endMs = performance.now() + BLOCK_MS_MAX
  while (BigInt((await served.ask('/v1/status')).body.block?.number ?? 0) < number) {
    if (performance.now() > endMs) throw new Error(`block ${number} was not committed`)
    await setTimeout(STEP_MS)
  }
}

/** The first answer of each of some blocks, asked for when its cycle is committed. `pathOf` names what is asked of a block. */
const firsts = async (one: Served, pathOf: (block: number) => string): Promise<Asked> => {
  const asked: Asked = { ms: [], bytes: 0, seconds: 0 }
  const startMs = performance.now()
  for (let block = 0; block < BLOCKS; block++) {
    await swayPrices(one.served.world, block)
    await untilCommitted(one, BigInt((await one.served.world.devnet.head()).number))
    const sentMs = performance.now()
    const { text } = await ask(one, pathOf(block), 200)
    asked.ms.push(performance.now() - sentMs)
    asked.bytes += text.length
  }
  asked.seconds = (performance.now() - startMs) / 1_000
  return asked
}

const CANDIDATES = '/v1/candidates?maxHealth=1.02'

const measure = async (one: Served, seconds: number): Promise<readonly Row[]> => {
  const { world } = one.served
  const accounts = Array.from({ length: 200 }, (_, index) => world.devnet.account(index))
  const [first] = JSON.parse((await ask(one, '/v1/positions?limit=1', 200)).text).positions
  const prefix = first.id.slice(0, first.id.lastIndexOf(':'))
  const of = async (name: string, paths: readonly string[]): Promise<Row> =>
    rowOf(name, CLIENTS, await load(one, { paths, seconds }))
  const rows: Row[] = [
    rowOf('candidates, first of a block, asked for at every block', 1, await firsts(one, () => CANDIDATES)),
    rowOf(
      'candidates, first of a block, never asked for before',
      1,
      await firsts(one, (block) => `${CANDIDATES}&minIncentiveUsd=0.0${block % 10}&limit=${50 + block}`),
    ),
    rowOf(
      'triggers of WETH, down 5 %, first of a block',
      1,
      await firsts(one, () => '/v1/triggers?feed=WETH&down=5'),
    ),
    await of('candidates, the same block', [CANDIDATES]),
  ]
  const { etag } = await ask(one, CANDIDATES, 200)
  if (!etag) throw new Error('candidates have no ETag')
  rows.push(
    rowOf(
      'candidates, nothing new (304)',
      CLIENTS,
      await load(one, { paths: [CANDIDATES], seconds, status: 304, etag }),
    ),
    await of('triggers of WETH, down 5 %, the same block', ['/v1/triggers?feed=WETH&down=5']),
    await of(
      'an account of the book, with its risk',
      accounts.map((account) => `/v1/accounts/${account}`),
    ),
    await of(
      'history of a position',
      accounts.map((account) => `/v1/positions/${prefix}:${account}/history`),
    ),
    await of('a page of 50 positions, worst first', ['/v1/positions']),
    await of('a page of 50 positions from health 2 on', ['/v1/positions?minHealth=2']),
    await of('a page of 50 positions, largest debt first', ['/v1/positions?sort=debtUsd']),
  )
  return rows
}

/** So much prices fall at once, at most so often, until one loan of so many is a candidate. */
const FALL = { percent: 4n, times: 8, oneOf: 50 } as const

/** Lets prices fall until there is something to liquidate; answers how many loans then come into question. */
const crash = async (one: Served, borrowers: number): Promise<number> => {
  const { devnet } = one.served.world
  for (let time = 0; ; time++) {
    const { candidates, leftOutCount } = JSON.parse((await ask(one, `${CANDIDATES}&limit=200`, 200)).text)
    const count = candidates.length + leftOutCount
    if (count >= Math.min(200, borrowers / FALL.oneOf) || time === FALL.times) return count
    const prices: Record<string, bigint> = {}
    for (const symbol of VOLATILE) {
      const price = await devnet.price(symbol)
      prices[symbol] = price - (price * FALL.percent) / 100n
    }
    await devnet.setPrices(prices)
    await untilCommitted(one, BigInt((await devnet.head()).number))
  }
}

/** What a daemon with so many positions answers; each load lasts so many seconds. */
export const benchRequests = async (borrowers: number, seconds: number): Promise<Report> => {
  const served = await startServedWorld(borrowers)
  try {
    const request: Served['request'] = async (path, etag) => {
      const response = await fetch(`${served.url}${path}`, {
        headers: {
          ...{ authorization, 'accept-encoding': 'identity' },
          ...(etag === undefined ? {} : { 'if-none-match': etag }),
        },
      })
      return { status: response.status, text: await response.text(), etag: response.headers.get('etag') }
    }
    const one: Served = { served, request }
    const count = await crash(one, borrowers)
    return {
      name: 'requests',
      title: `Requests of a daemon with ${borrowers.toLocaleString('en')} positions, ${count}${count === 200 ? ' or more' : ''} of them candidates; ${BLOCKS} blocks, or ${seconds} s each`,
      columns: COLUMNS,
      rows: await measure(one, seconds),
    }
  } finally {
    await served.stop()
  }
}
