// What every bench needs: a local chain with a book of borrowers, seen through a counting proxy with a provider's limits.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CycleOutcome, type Follower, runCycle } from '../../src/monitor/cycle.ts'
import { syncTo } from '../../src/monitor/follow.ts'
import type { AccountSpec } from '../../test/devnet/aave-v3/accounts.ts'
import { type Devnet, startDevnet } from '../../test/devnet/devnet.ts'
import { type ProviderProxy, startProxy } from '../../test/devnet/proxy.ts'
import { createRandom } from '../../test/devnet/random.ts'
import { followDevnet } from '../../test/support/follower.ts'

/** One table of the result. The first column names the row. */
export type Report = {
  readonly name: string
  readonly title: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly (string | number)[])[]
}

export type World = {
  readonly devnet: Devnet
  readonly proxy: ProviderProxy
  readonly borrowers: number
  /** A follower over an empty database of its own. */
  follow(): Promise<Follower>
  /** JSON-RPC requests since the proxy was reset; every member of a batch counts. */
  requestCount(): number
  stop(): Promise<void>
}

export type Committed = Extract<CycleOutcome, { readonly kind: 'committed' }>

const PROVIDER = { callGasMax: 50_000_000, answerBytesMax: 10 * 2 ** 20, logRangeMax: 1_000 }
const ETHER = 10n ** 18n
const SEED = 1

/** Accounts of one to three collaterals, WETH most of it, and one or two debts. */
const specsOf = (devnet: Devnet, borrowers: number): readonly AccountSpec[] => {
  const random = createRandom(SEED)
  return Array.from({ length: borrowers }, (_, index) => ({
    account: devnet.account(index),
    supplies: {
      WETH: ETHER * BigInt(random.integer(1, 5)),
      ...(random.chance(0.5) ? { LINK: ETHER * BigInt(random.integer(1, 100)) } : {}),
      ...(random.chance(0.3) ? { WBTC: 1_000_000n } : {}),
    },
    borrows: {
      USDC: BigInt(random.integer(100, 1_500)) * 1_000_000n,
      ...(random.chance(0.3) ? { DAI: ETHER * BigInt(random.integer(1, 300)) } : {}),
    },
  }))
}

/** Starts a chain with so many borrowers, the same ones every time. */
export const startWorld = async (borrowers: number): Promise<World> => {
  const devnet = await startDevnet({ stateBlocksMax: 64 })
  await devnet.openAccounts(specsOf(devnet, borrowers))
  const proxy = await startProxy(devnet.url, PROVIDER)
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-bench-'))
  const followers: Follower[] = []
  return {
    devnet,
    proxy,
    borrowers,
    follow: async () => {
      const follower = await followDevnet(devnet, join(folder, `${followers.length}.db`), { url: proxy.url })
      followers.push(follower)
      return follower
    },
    requestCount: () => Object.values(proxy.counts()).reduce((sum, count) => sum + count, 0),
    stop: async () => {
      for (const { chain, database } of followers) {
        chain.close()
        database.$client.close()
      }
      await proxy.stop()
      await devnet.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** A follower with the whole book read, from an empty database. Throws unless it found every borrower. */
export const followAll = async (world: World): Promise<Follower> => {
  const follower = await world.follow()
  await syncTo(follower, await follower.chain.head(), () => undefined, new AbortController().signal)
  const found = follower.book.tracked[0]?.mirror.positions.size
  if (found !== world.borrowers) throw new Error(`found ${found} of ${world.borrowers} borrowers`)
  return follower
}

/** One cycle at the chain's head, as the daemon does it. Throws unless it committed and its audits agreed. */
export const cycleOnce = async (follower: Follower): Promise<Committed> => {
  const outcome = await runCycle(follower, await follower.chain.head())
  if (outcome.kind !== 'committed' || outcome.mismatches.length > 0 || outcome.auditCount === 0)
    throw new Error(`a cycle went wrong: ${outcome.kind}`)
  return outcome
}

/** Moves the price of nearly everybody's collateral by two percent, down and up in turn. */
export const swayPrice = ({ devnet }: World, cycle: number): Promise<unknown> =>
  devnet.movePrice('WETH', cycle % 2 === 0 ? 0.98 : 1 / 0.98)

/** The middle and the 95th percentile (nearest rank). */
export const spread = (values: readonly number[]): { readonly median: number; readonly p95: number } => {
  const sorted = [...values].sort((a, b) => a - b)
  const atShare = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0
  return { median: atShare(0.5), p95: atShare(0.95) }
}

/** What something gives, and how long it takes in milliseconds. */
export const timed = async <T>(
  run: () => Promise<T>,
): Promise<{ readonly ms: number; readonly value: T }> => {
  const started = performance.now()
  const value = await run()
  return { ms: performance.now() - started, value }
}
