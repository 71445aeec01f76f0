// Cycles over a filled book.
import { setImmediate as turn } from 'node:timers/promises'
import { type CycleOutcome, type Follower, runCycle } from '../../../src/monitor/cycle.ts'
import { type AavePosition, MARKET } from '../../../src/protocols/aave-v3/state.ts'
import { createRandom } from '../../../test/devnet/random.ts'
import { closeFollower, followOn } from '../../../test/support/follower.ts'
import { spread, timed } from '../measure.ts'
import { createSyntheticChain, type Happening, type SyntheticChain } from '../synthetic/chain.ts'
import type { Pool } from '../synthetic/pool.ts'
import { syntheticAccount } from '../synthetic/positions.ts'
import type { CycleCost, Measured } from './job.ts'
import { readingCost } from './reading.ts'

const CYCLES = 9
const SEED = 7
const TOUCHED_SHARE = 0.01
/** Far above any block of a fill. */
const FIRST_BLOCK = 10_000n
const UNMOVED = 10_000n
const MOVED = 9_800n

type Committed = Extract<CycleOutcome, { readonly kind: 'committed' }>

type Cycle = {
  readonly ms: number
  readonly processorMs: number
  readonly readingMs: number
  readonly besideReadingMs: number
  readonly afterwardsMs: number
  readonly requests: number
  readonly outcome: Committed
}

const cycle = async (follower: Follower, chain: SyntheticChain, happening: Happening): Promise<Cycle> => {
  const reading = await readingCost(follower, chain, chain.mine(happening))
  const { value: outcome, ...whole } = await timed(async () => runCycle(follower, await chain.head()))
  if (outcome.kind !== 'committed') throw new Error(`a cycle went wrong: ${outcome.kind}`)
  const afterwards = await timed(() => turn())
  const answering = chain.answering()
  const ms = whole.ms - answering.ms
  return {
    ms,
    processorMs: whole.processorMs - answering.processorMs,
    readingMs: reading.processorMs,
    besideReadingMs: ms - reading.ms,
    afterwardsMs: afterwards.ms,
    requests: chain.requestCount(),
    outcome,
  }
}

const costOf = async (
  follower: Follower,
  chain: SyntheticChain,
  happeningOf: (count: number) => Happening,
): Promise<CycleCost> => {
  const cycles: Cycle[] = []
  for (let count = 0; count < CYCLES; count++) cycles.push(await cycle(follower, chain, happeningOf(count)))
  const middle = (of: (one: Cycle) => number): number => spread(cycles.map(of)).median
  return {
    ms: middle(({ ms }) => ms),
    processorMs: middle(({ processorMs }) => processorMs),
    readingMs: middle(({ readingMs }) => readingMs),
    besideReadingMs: middle(({ besideReadingMs }) => besideReadingMs),
    afterwardsMs: middle(({ afterwardsMs }) => afterwardsMs),
    requests: middle(({ requests }) => requests),
    reads: middle(({ outcome }) => outcome.readCount),
    assessed: middle(({ outcome }) => outcome.exactCount),
  }
}

/** Some positions of the book, as its mirror has them. */
const someOf = (
  { book }: Follower,
  positions: number,
  count: number,
  seed: number,
): readonly AavePosition[] => {
  const random = createRandom(seed)
  const mirror = book.tracked[0]?.mirror
  const chosen = new Set<number>()
  while (chosen.size < count) chosen.add(random.integer(0, positions - 1))
  return [...chosen].map((index) => {
    const position = mirror?.positions.get(`${MARKET}:${syntheticAccount(index)}`)
    if (!position) throw new Error(`account ${index} is not in the book`)
    return position as AavePosition
  })
}

/** Opens a filled book and runs cycles: nothing but time, all prices of volatile assets moved, a hundredth of the accounts touched. */
export const measureBook = async (pool: Pool, file: string, positions: number): Promise<Measured> => {
  const chain = createSyntheticChain(pool, FIRST_BLOCK)
  const start = await timed(() => followOn(chain, file, [pool], { auditsPerHead: 0 }))
  const follower = start.value
  const first = await cycle(follower, chain, { priceBps: UNMOVED, touched: [] })
  const idle = await costOf(follower, chain, () => ({ priceBps: UNMOVED, touched: [] }))
  const prices = await costOf(follower, chain, (count) => ({
    priceBps: count % 2 === 0 ? MOVED : UNMOVED,
    touched: [],
  }))
  const share = Math.max(1, Math.round(positions * TOUCHED_SHARE))
  const touched = await costOf(follower, chain, (count) => ({
    priceBps: UNMOVED,
    touched: someOf(follower, positions, share, SEED + count),
  }))
  closeFollower(follower)
  return {
    startMs: start.ms,
    startProcessorMs: start.processorMs,
    firstCycleMs: first.ms,
    residentBytesMax: process.resourceUsage().maxRSS * 1_024,
    idle,
    prices,
    touched,
  }
}
