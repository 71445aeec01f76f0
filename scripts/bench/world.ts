// What every bench needs: a local chain with a book of borrowers, seen through a counting proxy with a provider's limits.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Address } from 'viem'
import { NoEndpointError } from '../../src/chain/failover.ts'
import { type CycleOutcome, type Follower, runCycle } from '../../src/monitor/cycle.ts'
import { syncTo } from '../../src/monitor/follow.ts'
import type { AccountSpec } from '../../test/devnet/aave-v3/accounts.ts'
import { type Devnet, startDevnet } from '../../test/devnet/devnet.ts'
import { type ProviderProxy, startProxy } from '../../test/devnet/proxy.ts'
import { followDevnet } from '../../test/support/follower.ts'
import { specOf } from './synthetic/amounts.ts'
import { drawAccounts } from './synthetic/draw.ts'

export type World = {
  readonly devnet: Devnet
  readonly proxy: ProviderProxy
  readonly borrowers: number
  /** Accounts that owe enough USDC to repay some of it every now and then. */
  readonly payers: readonly Address[]
  /** A follower over an empty database of its own. */
  follow(): Promise<Follower>
  /** JSON-RPC requests since the proxy was reset; every member of a batch counts. */
  requestCount(): number
  stop(): Promise<void>
}

type Committed = Extract<CycleOutcome, { readonly kind: 'committed' }>

const PROVIDER = { callGasMax: 50_000_000, answerBytesMax: 10 * 2 ** 20, logRangeMax: 1_000 }
/** In US dollars, of each reserve: some accounts owe millions. */
const LIQUIDITY_DOLLARS = 200_000_000_000n

const specsOf = (devnet: Devnet, borrowers: number): readonly AccountSpec[] => {
  const drawn = drawAccounts()
  return Array.from({ length: borrowers }, (_, index) => specOf(devnet.account(index), drawn.next().value))
}

/** In units of USDC: more than all the repayments of a bench. */
const PAYER_DEBT_MIN = 1_000_000_000n

/** Starts a chain with so many borrowers, the same ones every time. */
export const startWorld = async (borrowers: number): Promise<World> => {
  const devnet = await startDevnet({ stateBlocksMax: 64, liquidity: LIQUIDITY_DOLLARS })
  const specs = specsOf(devnet, borrowers)
  await devnet.openAccounts(specs)
  const proxy = await startProxy(devnet.url, PROVIDER)
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-bench-'))
  const followers: Follower[] = []
  return {
    devnet,
    proxy,
    borrowers,
    payers: specs.flatMap(({ account, borrows }) =>
      (borrows?.['USDC'] ?? 0n) > PAYER_DEBT_MIN ? [account] : [],
    ),
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

const SYNC_ATTEMPTS = 5

/** Syncs to the head; where a busy machine lets an idle connection time out, once more from there, as the daemon does. */
export const syncToHead = async (follower: Follower): Promise<void> => {
  for (let attempt = 1; ; attempt++)
    try {
      await syncTo(follower, await follower.chain.head(), () => undefined, new AbortController().signal)
      return
    } catch (error) {
      if (!(error instanceof NoEndpointError) || attempt === SYNC_ATTEMPTS) throw error
    }
}

/** A follower with the whole book read, from an empty database. Throws unless it found every borrower. */
export const followAll = async (world: World): Promise<Follower> => {
  const follower = await world.follow()
  await syncToHead(follower)
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

/** What moves with the market. */
export const VOLATILE = ['WETH', 'wstETH', 'WBTC', 'LINK']

/** Moves the prices of everything volatile by two percent, down and up in turn: one block. */
export const swayPrices = async ({ devnet }: World, cycle: number): Promise<unknown> => {
  const prices: Record<string, bigint> = {}
  for (const symbol of VOLATILE) {
    const price = await devnet.price(symbol)
    prices[symbol] = cycle % 2 === 0 ? (price * 98n) / 100n : (price * 100n) / 98n
  }
  return devnet.setPrices(prices)
}
