// What a new head costs, beside asking the pool for every account again at the same heads in the same minute.
import { setTimeout } from 'node:timers/promises'
import { BaseError, createPublicClient, http } from 'viem'
import { poolAbi } from '../../abis/aave-v3.ts'
import { assessAll } from '../../src/monitor/assessing.ts'
import type { Follower } from '../../src/monitor/cycle.ts'
import { chunksOf } from '../../src/units/chunks.ts'
import { spread, timed } from './measure.ts'
import type { Report } from './report.ts'
import { cycleOnce, followAll, swayPrices, type World } from './world.ts'

const TOUCHED = 10
/** Before each turn: connections that idled out are noticed, so that nobody's first request meets a closed one. */
const IDLE_MS = 50
/** A provider's 50 M gas a call are not enough for 1,000 accounts whose reserves have interest to accrue. */
const NAIVE_BATCHES = [50, 100, 200, 300] as const
const NAIVE_TRIALS = 3
/** Batches side by side at most: a node takes no more at once without dropping some. */
const NAIVE_REQUESTS_IN_FLIGHT = 12
/** Bytes of calldata of one getUserAccountData: selector and address. */
const CALL_BYTES = 36

/** Health factors by account, as the pool tells them. */
type Naive = (batch: number) => Promise<ReadonlyMap<string, bigint>>

/** What a monitor without a mirror does at every head: Multicall3 of getUserAccountData, some batches side by side. */
const createNaive = ({ devnet, proxy, borrowers }: World): Naive => {
  const client = createPublicClient({
    transport: http(proxy.url, { maxResponseBodySize: false, retryDelay: 1 }),
  })
  const contracts = Array.from({ length: borrowers }, (_, index) => ({
    address: devnet.addresses.pool,
    abi: poolAbi,
    functionName: 'getUserAccountData' as const,
    args: [devnet.account(index)] as const,
  }))
  return async (batch) => {
    const { number } = await client.getBlock()
    const told = new Map<string, bigint>()
    for (const wave of chunksOf(contracts, batch * NAIVE_REQUESTS_IN_FLIGHT)) {
      const results = await client.multicall({
        contracts: wave,
        allowFailure: false,
        batchSize: batch * CALL_BYTES,
        blockNumber: number,
        multicallAddress: devnet.addresses.multicall3,
      })
      results.forEach((data, index) => {
        const account = wave[index]?.args[0]
        if (account) told.set(account, data[5])
      })
    }
    return told
  }
}

/** Milliseconds with a batch size; endless where the provider's gas cap refuses it. */
const timeOf = async (naive: Naive, batch: number): Promise<number> => {
  const times: number[] = []
  for (let trial = 0; trial < NAIVE_TRIALS; trial++) {
    try {
      times.push((await timed(() => naive(batch))).ms)
    } catch (error) {
      if (error instanceof BaseError) return Number.POSITIVE_INFINITY
      throw error
    }
  }
  return spread(times).median
}

/** The batch size that serves the naive way best on this machine. */
const bestBatch = async (naive: Naive): Promise<number> => {
  let best = { batch: 0, ms: Number.POSITIVE_INFINITY }
  for (const batch of NAIVE_BATCHES) {
    const ms = await timeOf(naive, batch)
    if (ms < best.ms) best = { batch, ms }
  }
  if (best.batch === 0) throw new Error('the provider refuses every batch size')
  return best.batch
}

/** Both ways have to say the same of everybody, or their times mean nothing. */
const requireSame = ({ book: { tracked, cursor } }: Follower, told: ReadonlyMap<string, bigint>): void => {
  if (!cursor) throw new Error('nothing is followed')
  const assessments = assessAll(tracked, cursor)
  const differing = assessments.filter(
    (one) => one.kind !== 'assessed' || one.healthFactor !== told.get(one.owner),
  )
  if (differing.length > 0 || assessments.length !== told.size)
    throw new Error(`${differing.length} of ${told.size} accounts differ from the pool's own view`)
}

type Contest = {
  readonly world: World
  readonly follower: Follower
  readonly naive: Naive
  readonly batch: number
}

/** Times both ways at the same heads; who goes first alternates, so that neither profits from a warm node. */
const contest = async (
  { world, follower, naive, batch }: Contest,
  cycles: number,
  disturb: (cycle: number) => Promise<unknown>,
): Promise<readonly number[]> => {
  const measure = async <T>(run: () => Promise<T>) => {
    world.proxy.reset()
    await setTimeout(IDLE_MS)
    return { ...(await timed(run)), requests: world.requestCount() }
  }
  const ours: { ms: number; requests: number }[] = []
  const theirs: { ms: number; requests: number }[] = []
  const oursOnce = () => measure(() => cycleOnce(follower))
  const naiveOnce = () => measure(() => naive(batch))
  for (let cycle = 0; cycle < cycles; cycle++) {
    await disturb(cycle)
    const early = cycle % 4 < 2 ? await naiveOnce() : undefined
    const our = await oursOnce()
    const their = early ?? (await naiveOnce())
    requireSame(follower, their.value)
    ours.push(our)
    theirs.push(their)
  }
  const [our, their] = [ours, theirs].map((runs) => ({
    ...spread(runs.map(({ ms }) => ms)),
    requests: spread(runs.map(({ requests }) => requests)).median,
  }))
  if (!our || !their) throw new Error('nothing was measured')
  return [
    our.median,
    our.p95,
    our.requests,
    their.median,
    their.p95,
    their.requests,
    their.median / our.median,
  ]
}

/** Cycles of a followed book at `cycles` new heads of each kind, durable commit and audits included. */
export const benchCycle = async (world: World, cycles: number): Promise<Report> => {
  const { devnet, borrowers, payers } = world
  const follower = await followAll(world)
  const naive = createNaive(world)
  const price = (cycle: number) => swayPrices(world, cycle)
  const touch = (cycle: number) =>
    devnet.act(
      Array.from({ length: TOUCHED }, (_, index) => ({
        kind: 'repay',
        account: payers[(cycle * TOUCHED + index) % payers.length] ?? devnet.account(0),
        asset: 'USDC',
        amount: 1_000_000n,
      })),
    )
  await contest({ world, follower, naive, batch: NAIVE_BATCHES[0] }, Math.ceil(cycles / 4), price)
  const batch = await bestBatch(naive)
  const all = { world, follower, naive, batch }
  const prices = await contest(all, cycles, price)
  const touched = await contest(all, cycles, touch)
  return {
    name: `cycle-${borrowers}`,
    title: `one cycle with ${borrowers} positions, commit and audits included, no alert rules, ${cycles} heads; naive: getUserAccountData of all, ${batch} a call`,
    columns: [
      'new head',
      'ours ms',
      'ours p95 ms',
      'ours requests',
      'naive ms',
      'naive p95 ms',
      'naive requests',
      'naive / ours',
    ],
    rows: [
      ['prices moved', ...prices],
      [`${TOUCHED} accounts touched`, ...touched],
    ],
  }
}
