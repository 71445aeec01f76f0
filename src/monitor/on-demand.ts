// One account on one chain at one block, without a book: the same locate, reads and assess as the watcher's.
import type { Address } from 'viem'
import type { Chain } from '../chain/chain.ts'
import type { Assessment } from '../model/assessment.ts'
import type { BlockRef } from '../model/block.ts'
import { formatMarketId } from '../model/ids.ts'
import { leverageOf } from '../risk/leverage.ts'
import { type LiquidationPrice, liquidationPrices } from '../risk/liquidation-price.ts'
import { draftOf, emptyMirror } from '../store/draft.ts'
import { assessAll, assessOne, envOf } from './assessing.ts'
import { readDue, type Work } from './reading.ts'
import type { Wanted } from './track.ts'

/** What could not be found out: a whole chain (`market` null) or one market. Never the same as "no position". */
export type Failure = {
  readonly chainId: number
  readonly market: string | null
  readonly reason: string
  readonly detail: string
}

/** What goes beyond health: exposure ÷ equity as a wad, and the prices that liquidate. */
export type Risk = { readonly leverage: bigint; readonly liquidationPrices: readonly LiquidationPrice[] }

export type OnDemand = {
  readonly block: BlockRef
  readonly assessments: readonly Assessment[]
  /** By position id; only of loans that could be assessed. */
  readonly risks: ReadonlyMap<string, Risk>
  readonly failures: readonly Failure[]
}

const marketFailures = (work: Work): readonly Failure[] => {
  const { deployment, markets } = work.draft.mirror
  const { chainId, protocol } = deployment
  const name = `${chainId}:${protocol}:${deployment.deployment}`
  if (markets.size === 0)
    return [{ chainId, market: name, reason: 'not-yet-read', detail: 'its markets could not be read' }]
  return [...markets.values()].flatMap(({ id, fault }) =>
    fault ? [{ chainId, market: formatMarketId(id), reason: fault.reason, detail: fault.detail }] : [],
  )
}

const risksOf = (
  { adapter, draft: { mirror } }: Work,
  block: BlockRef,
): readonly (readonly [string, Risk])[] => {
  const env = envOf(mirror, block)
  return [...mirror.positions.values()].flatMap((position) => {
    const health = assessOne(adapter, mirror, position, env)
    if (health.kind !== 'assessed') return []
    const risk: Risk = {
      leverage: leverageOf(health.collateralValue, health.debtValue),
      liquidationPrices: liquidationPrices(health, env, (shocked) =>
        assessOne(adapter, mirror, position, shocked),
      ),
    }
    return [[health.id, risk] as const]
  })
}

/** Reads accounts of one chain at `block`. Throws what the chain throws; a market that does not answer is a failure of its own. */
export const readAccounts = async (
  chain: Chain,
  block: BlockRef,
  wanted: readonly Wanted[],
  accounts: readonly Address[],
  readRoundsMax: number,
): Promise<OnDemand> => {
  const works = wanted.map(({ adapter, deployment }): Work => {
    const draft = draftOf(emptyMirror(deployment))
    const { mirror } = draft
    const keys = [
      ...adapter.stateKeys(mirror),
      ...accounts.flatMap((account) => adapter.locate(mirror, account)),
    ]
    return { adapter, draft, one: new Set(), many: new Set(keys) }
  })
  const reading = await readDue(works, {
    block,
    read: async (calls) => ({ results: await chain.readCached(block, calls), ancestors: new Map() }),
    ancestors: [],
    extraCalls: [],
    readRoundsMax,
    isObsolete: () => false,
  })
  const unread = reading.kind === 'read' ? reading.unread : []
  const unreadFailures = works.flatMap((work, index): readonly Failure[] => {
    const left = unread[index]?.size ?? 0
    const { chainId, protocol, deployment } = work.draft.mirror.deployment
    if (left === 0) return []
    const detail = `${left} keys were still due after ${readRoundsMax} rounds`
    return [{ chainId, market: `${chainId}:${protocol}:${deployment}`, reason: 'not-yet-read', detail }]
  })
  return {
    block,
    assessments: works.flatMap(({ adapter, draft }) => assessAll(adapter, draft.mirror, block)),
    risks: new Map(works.flatMap((work) => risksOf(work, block))),
    failures: [...works.flatMap(marketFailures), ...unreadFailures],
  }
}
