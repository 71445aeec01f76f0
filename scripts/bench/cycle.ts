import { encodeFunctionData, type Hex, multicall3Abi, toHex } from 'viem'
import { poolAbi } from '../../abis/aave-v3.ts'
import { assessAll } from '../../src/monitor/assessing.ts'
import { type Follower, runCycle } from '../../src/monitor/cycle.ts'
import { syncTo } from '../../src/monitor/follow.ts'
import { snapshots } from '../../src/store/schema.ts'
import { type Row, spread, startWorld, timed, type World } from './world.ts'

const BORROWERS = 1_000
const CYCLES = 40
const TOUCHED = 10
const ASSESS_ROUNDS = 30
const NAIVE_CHUNK = 250

const cycleTimes = async (
  follower: Follower,
  disturb: (cycle: number) => Promise<unknown>,
): Promise<readonly number[]> => {
  const times: number[] = []
  for (let cycle = 0; cycle < CYCLES; cycle++) {
    await disturb(cycle)
    times.push(
      await timed(async () => {
        const outcome = await runCycle(follower, await follower.chain.head())
        if (outcome.kind !== 'committed' || outcome.mismatchCount > 0) throw new Error('a cycle went wrong')
      }),
    )
  }
  return times
}

/** What a monitor without a mirror does at every head: ask the pool for every account again. */
const naiveTimes = async ({ devnet, proxy }: World): Promise<readonly number[]> => {
  const accounts = Array.from({ length: BORROWERS }, (_, index) => devnet.account(index))
  const call = async (chunk: readonly Hex[], block: Hex): Promise<void> => {
    const calls = chunk.map((account) => ({
      target: devnet.addresses.pool,
      allowFailure: true,
      callData: encodeFunctionData({ abi: poolAbi, functionName: 'getUserAccountData', args: [account] }),
    }))
    const data = encodeFunctionData({ abi: multicall3Abi, functionName: 'aggregate3', args: [calls] })
    const body = JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'eth_call',
      params: [{ to: devnet.addresses.multicall3, data, gas: '0x2faf080' }, block],
    })
    const response = await fetch(proxy.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    })
    const { error } = (await response.json()) as { error?: { message: string } }
    if (error) throw new Error(error.message)
  }
  const times: number[] = []
  for (let cycle = 0; cycle < CYCLES / 4; cycle++) {
    await devnet.movePrice('WETH', cycle % 2 === 0 ? 0.99 : 1.01)
    const { number } = await devnet.head()
    times.push(
      await timed(async () => {
        for (let first = 0; first < BORROWERS; first += NAIVE_CHUNK)
          await call(accounts.slice(first, first + NAIVE_CHUNK), toHex(number))
      }),
    )
  }
  return times
}

const snapshotRows = (follower: Follower): Row => {
  const { $client: client } = follower.database
  const rows = follower.database.select().from(snapshots).all().length
  const { bytes } = client
    .prepare("SELECT sum(pgsize) AS bytes FROM dbstat WHERE name = 'snapshots'")
    .get() as { bytes: number }
  return ['snapshots', `${rows} rows, ${(bytes / rows).toFixed(0)} bytes each, index included`]
}

const assessRow = ({ book }: Follower): Row => {
  const [only] = book.tracked
  const { cursor } = book
  if (!only || !cursor) throw new Error('nothing is followed')
  const started = performance.now()
  for (let round = 0; round < ASSESS_ROUNDS; round++) assessAll(only.adapter, only.mirror, cursor)
  const each = (performance.now() - started) / (ASSESS_ROUNDS * only.mirror.positions.size)
  return [
    'exact assessment',
    `${Math.round(1_000 / each).toLocaleString('en')} positions/s, ${(each * 1_000).toFixed(1)} µs each`,
  ]
}

const timesText = (times: readonly number[]): string => {
  const { median, p95 } = spread(times)
  return `${median.toFixed(1)} ms (p95 ${p95.toFixed(1)} ms)`
}

/** Cycles over a book of 1,000, beside asking the pool for every account again. */
export const benchCycle = async (): Promise<readonly Row[]> => {
  const world = await startWorld(BORROWERS)
  try {
    const { devnet, proxy } = world
    const follower = await world.follow()
    await syncTo(follower, await follower.chain.head(), () => undefined, new AbortController().signal)
    const price = (cycle: number) => devnet.movePrice('WETH', cycle % 2 === 0 ? 0.98 : 1.02)
    await cycleTimes(follower, price)
    proxy.reset()
    const prices = await cycleTimes(follower, price)
    const requests = world.requestCount() / CYCLES
    const touched = await cycleTimes(follower, (cycle) =>
      devnet.act(
        Array.from({ length: TOUCHED }, (_, index) => ({
          kind: 'repay',
          account: devnet.account((cycle * TOUCHED + index) % BORROWERS),
          asset: 'USDC',
          amount: 1_000_000n,
        })),
      ),
    )
    const naive = await naiveTimes(world)
    return [
      assessRow(follower),
      [`cycle, ${BORROWERS} positions, price moved`, timesText(prices)],
      [`cycle, ${BORROWERS} positions, ${TOUCHED} touched`, timesText(touched)],
      ['requests per cycle', requests.toFixed(0)],
      ['the pool’s own view of every account, each head', timesText(naive)],
      ['that, divided by our cycle', `${(spread(naive).median / spread(prices).median).toFixed(1)}×`],
      snapshotRows(follower),
    ]
  } finally {
    await world.stop()
  }
}
