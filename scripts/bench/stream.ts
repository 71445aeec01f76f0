// What it costs a daemon to tell 100 clients what happens and to answer 50 requests a second, and whether anybody misses anything.
import { setTimeout } from 'node:timers/promises'
import { type ServedWorld, startServedWorld } from './api-world.ts'
import { type Ear, openEar } from './listeners.ts'
import { percentiles } from './measure.ts'
import type { Report } from './report.ts'
import { swayPrices } from './world.ts'

const BLOCK_MS = 1_000
const REQUESTS_PER_SECOND = 50
/** Before each part, so that what the part before left to do is done. */
const REST_MS = 3_000

/** So many falls of two percent make candidates, some more and some fewer with every block from then on. */
const FALLS = 3

/** Kinds of clients, and how many of each. The first hears everything. */
const kindsOf = ({
  world,
}: ServedWorld): readonly { readonly name: string; readonly query: string; readonly count: number }[] => [
  { name: 'everything', query: '', count: 1 },
  {
    name: 'bots: candidates that pay 10,000 dollars',
    query: 'topics=candidate,head&executable=true&minIncentiveUsd=10000',
    count: 24,
  },
  {
    name: 'bots: candidates that owe USDC',
    query: 'topics=candidate,head&debt=USDC&minIncentiveUsd=1000',
    count: 25,
  },
  { name: 'a borrower: one account', query: `owner=${world.devnet.account(0)}`, count: 25 },
  { name: 'operators: heads, alerts, status', query: 'topics=head,alert,status', count: 25 },
]

/** Moves prices every so often for a while; answers the blocks. */
const mineFor = async ({ world }: ServedWorld, seconds: number): Promise<ReadonlySet<string>> => {
  const blocks = new Set<string>()
  const startMs = performance.now()
  for (let count = 0; count * BLOCK_MS < seconds * 1_000; count++) {
    await setTimeout(Math.max(0, startMs + count * BLOCK_MS - performance.now()))
    await swayPrices(world, count)
    blocks.add(String((await world.devnet.head()).number))
  }
  await setTimeout(REST_MS)
  return blocks
}

/** Milliseconds of the cycles that ended at these blocks, by the daemon's own log. */
const cyclesAt = ({ daemon }: ServedWorld, blocks: ReadonlySet<string>): readonly number[] =>
  daemon
    .lines()
    .filter(({ event, block }) => event === 'cycle' && blocks.has(String(block)))
    .map(({ durationMs }) => Number(durationMs))

type Answered = { readonly kind: string; readonly status: number; readonly ms: number }

/** Asks so many times a second, whether answers have come or not; time runs from when a request is due. */
const askFor = async (served: ServedWorld, seconds: number): Promise<readonly Answered[]> => {
  const { world, ask } = served
  const accountAt = (count: number) => world.devnet.account(count % world.borrowers)
  const idAt = (count: number): string => `${world.devnet.chainId}:aave-v3:main:pool:${accountAt(count)}`
  const kinds: readonly (readonly [string, (count: number) => string])[] = [
    ['candidates', () => '/v1/candidates?limit=20'],
    ['account', (count) => `/v1/accounts/${accountAt(count)}`],
    ['history', (count) => `/v1/positions/${idAt(count)}/history`],
    ['positions', (count) => `/v1/positions?maxHealth=1.${String(count % 10)}&limit=20`],
  ]
  const startMs = performance.now()
  const one = async (count: number): Promise<Answered> => {
    const dueMs = startMs + (count * 1_000) / REQUESTS_PER_SECOND
    await setTimeout(Math.max(0, dueMs - performance.now()))
    const [kind, path] = kinds[count % kinds.length] as (typeof kinds)[number]
    const { status } = await ask(path(count * 37))
    return { kind, status, ms: performance.now() - dueMs }
  }
  return Promise.all(Array.from({ length: seconds * REQUESTS_PER_SECOND }, (_, count) => one(count)))
}

type Group = { readonly name: string; readonly ears: readonly Ear[] }

/** Halfway, one client of every kind but the first is cut off, and comes again behind what it has heard. */
const cutHalfway = async (groups: readonly Group[], seconds: number): Promise<void> => {
  await setTimeout((seconds * 1_000) / 2)
  await Promise.all(groups.slice(1).map(({ ears: [first] }) => first?.cut()))
}

const lostOf = (all: readonly number[], heard: readonly number[]): number => {
  const own = new Set(heard)
  return all.filter((sequence) => !own.has(sequence)).length
}

/** Of each kind: what was heard, and what any of them did not hear that another of its kind did; of the first, gaps in its numbers. */
const heardRow = ({ name, ears }: Group, index: number): (string | number)[] => {
  const heard = ears.map((ear) => ear.heard.map(({ sequence }) => sequence))
  const union = [...new Set(heard.flat())].sort((a, b) => a - b)
  const [from = 0, to = -1] = [union[0], union.at(-1)]
  const all = index === 0 ? Array.from({ length: to - from + 1 }, (_, at) => from + at) : union
  const repeated = heard.reduce((sum, own) => sum + own.length - new Set(own).size, 0)
  const lost = heard.reduce((sum, own) => sum + lostOf(all, own), 0)
  const faults = ears.flatMap((ear) => ear.faults())
  const bytes = ears.reduce((sum, ear) => sum + ear.bytes(), 0)
  return [
    name,
    ears.length,
    all.length,
    heard.reduce((sum, own) => sum + own.length, 0),
    lost,
    repeated,
    faults.length,
    bytes / 1e6,
  ]
}

const cycleReport = (parts: readonly { readonly name: string; readonly ms: readonly number[] }[]): Report => {
  const idle = percentiles([parts[0], parts.at(-1)].flatMap((part) => part?.ms ?? []))
  return {
    name: 'faces',
    title: 'Cycles of a daemon with 10,000 positions, a block with other prices every second, ms',
    columns: ['', 'cycles', 'p50', 'p99', 'p50 / idle', 'p99 / idle'],
    rows: parts.map(({ name, ms }) => {
      const { p50, p99 } = percentiles(ms)
      return [name, ms.length, p50, p99, p50 / idle.p50, p99 / idle.p99]
    }),
  }
}

const requestReport = (answered: readonly Answered[]): Report => ({
  name: 'faces-requests',
  title: `Answers meanwhile, ${REQUESTS_PER_SECOND} requests a second, ms from when each was due`,
  columns: ['', 'requests', 'failed', 'p50', 'p90', 'p99'],
  rows: [...new Set(answered.map(({ kind }) => kind))].map((kind) => {
    const own = answered.filter((one) => one.kind === kind)
    const { p50, p90, p99 } = percentiles(own.map(({ ms }) => ms))
    return [kind, own.length, own.filter(({ status }) => status !== 200).length, p50, p90, p99]
  }),
})

/** Idle, under load of either kind and of both, and idle again. */
export async function* benchFaces(borrowers: number, seconds: number): AsyncGenerator<Report> {
  const served = await startServedWorld(borrowers)
  try {
    const timed = async (name: string) => ({ name, blocks: await mineFor(served, seconds) })
    for (let count = 0; count < FALLS; count++) await swayPrices(served.world, 0)
    await mineFor(served, 4)
    const before = await timed('idle before')
    const groups: Group[] = []
    for (const { name, query, count } of kindsOf(served)) {
      const ears = await Promise.all(Array.from({ length: count }, () => openEar(served.url, query)))
      groups.push({ name, ears })
    }
    const listening = await timed('100 clients')
    const [loaded, answered] = await Promise.all([
      timed('100 clients and 50 requests a second'),
      askFor(served, seconds),
      cutHalfway(groups, seconds),
    ])
    for (const { ears } of groups) for (const ear of ears) ear.close()
    const [asked] = await Promise.all([timed('50 requests a second'), askFor(served, seconds)])
    const after = await timed('idle after')
    yield cycleReport(
      [before, listening, loaded, asked, after].map(({ name, blocks }) => ({
        name,
        ms: cyclesAt(served, blocks),
      })),
    )
    yield {
      name: 'faces-stream',
      title: `What ${groups.reduce((sum, { ears }) => sum + ears.length, 0)} clients heard in twice ${seconds} s; of each kind but the first one was cut off once and came again`,
      columns: ['', 'clients', 'events', 'received by all', 'lost', 'twice', 'resets and drops', 'MB'],
      rows: groups.map(heardRow),
    }
    yield requestReport(answered)
  } finally {
    await served.stop()
  }
}
