// A local chain with a book of borrowers, seen through a counting proxy with a provider's limits.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Follower } from '../../src/monitor/cycle.ts'
import { type Devnet, startDevnet } from '../../test/devnet/devnet.ts'
import { type ProviderProxy, startProxy } from '../../test/devnet/proxy.ts'
import { createRandom } from '../../test/devnet/random.ts'
import { followDevnet } from '../../test/support/follower.ts'

export type World = {
  readonly devnet: Devnet
  readonly proxy: ProviderProxy
  /** A follower over an empty database of its own. */
  follow(): Promise<Follower>
  requestCount(): number
  stop(): Promise<void>
}

/** One line of the result: what was measured, and the figure. */
export type Row = readonly [what: string, figure: string]

const PROVIDER = { callGasMax: 50_000_000, answerBytesMax: 10 * 2 ** 20, logRangeMax: 1_000 }
const ETHER = 10n ** 18n

/** Starts a chain with `borrowers` accounts of one to three collaterals and one or two debts. */
export const startWorld = async (borrowers: number): Promise<World> => {
  const devnet = await startDevnet({ stateBlocksMax: 64 })
  const proxy = await startProxy(devnet.url, PROVIDER)
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-bench-'))
  const random = createRandom(1)
  const specs = Array.from({ length: borrowers }, (_, index) => ({
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
  await devnet.openAccounts(specs)
  const followers: Follower[] = []
  return {
    devnet,
    proxy,
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

/** The middle and the 95th percentile of times in milliseconds. */
export const spread = (times: readonly number[]): { readonly median: number; readonly p95: number } => {
  const sorted = [...times].sort((a, b) => a - b)
  const atShare = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0
  return { median: atShare(0.5), p95: atShare(0.95) }
}

/** How long something takes, in milliseconds. */
export const timed = async (run: () => Promise<unknown>): Promise<number> => {
  const started = performance.now()
  await run()
  return performance.now() - started
}
