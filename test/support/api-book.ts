// What routes of the API have at hand over a synthetic book, without a daemon or a chain.
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fillBook } from '../../scripts/bench/curve/fill.ts'
import { createSyntheticChain, type SyntheticChain } from '../../scripts/bench/synthetic/chain.ts'
import type { Pool } from '../../scripts/bench/synthetic/pool.ts'
import { createChains } from '../../src/api/reading/chains.ts'
import { createRankings } from '../../src/api/reading/rankings.ts'
import { createTriggerMemory } from '../../src/api/reading/triggers.ts'
import { createRisks } from '../../src/api/threads/risks.ts'
import type { Tools } from '../../src/api/tools.ts'
import type { DaemonChain } from '../../src/app/face.ts'
import { type Follower, runCycle } from '../../src/monitor/cycle.ts'
import { openDatabaseReadonly } from '../../src/store/database.ts'
import { closeFollower, followOn } from './follower.ts'

export type ApiBook = {
  readonly tools: Tools
  readonly chains: readonly DaemonChain[]
  readonly follower: Follower
  /** One cycle with prices of volatile assets in basis points of the recorded ones. */
  cycle(priceBps: bigint): Promise<void>
  close(): void
}

const daemonChain = (chain: SyntheticChain, follower: Follower): DaemonChain =>
  ({
    chain,
    state: {
      chainConfig: { id: follower.book.chainId, unreachableSecondsMax: 60, groups: [] },
      ...{ follower, lastCycleAtMs: 0, failure: undefined },
    },
  }) as unknown as DaemonChain

/** A book of so many positions of a pool, followed to a first head. */
export const openApiBook = async (
  pool: Pool,
  count: number,
  limits: Partial<Tools['server']> = {},
): Promise<ApiBook> => {
  const file = join(mkdtempSync(join(tmpdir(), 'plimsoll-api-book-')), 'p.db')
  await fillBook(pool, file, count)
  const chain = createSyntheticChain(pool, 10_000n)
  const follower = await followOn(chain, file, [pool], { auditsPerHead: 0 })
  const chains = [daemonChain(chain, follower)]
  const database = openDatabaseReadonly(file)
  const nowMs = (): number => Number(follower.book.cursor?.timestamp ?? 0) * 1_000
  const risks = createRisks({ warn: () => undefined } as never)
  const tools = {
    ...{ database, daemon: { chains, nowMs, watchList: { accounts: [] } } },
    server: { assessmentsPerRequestMax: 20_000, candidatesPerRequestMax: 500, ...limits },
    chains: createChains(database, nowMs),
    rankings: createRankings(() => tools),
    triggers: createTriggerMemory(),
    risks,
  } as unknown as Tools
  const cycle = async (priceBps: bigint): Promise<void> => {
    await runCycle(follower, chain.mine({ priceBps, touched: [] }))
  }
  await cycle(10_000n)
  return {
    ...{ tools, chains, follower, cycle },
    close: () => {
      void risks.close()
      database.$client.close()
      closeFollower(follower)
    },
  }
}
