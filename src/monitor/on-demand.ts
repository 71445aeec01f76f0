// One account on one chain at one block, without a book: the same locate, reads and assess as the watcher's.
import type { Address } from 'viem'
import type { Chain } from '../chain/chain.ts'
import type { Assessment } from '../model/assessment.ts'
import type { BlockRef } from '../model/block.ts'
import { formatMarketId } from '../model/ids.ts'
import { draftOf, emptyMirror } from '../store/draft.ts'
import { assessAll } from './assessing.ts'
import { readDue, type Work } from './reading.ts'
import type { Wanted } from './track.ts'

/** What could not be found out: a whole chain (`market` null) or one market. Never the same as "no position". */
export type Failure = {
  readonly chainId: number
  readonly market: string | null
  readonly reason: string
  readonly detail: string
}

export type OnDemand = {
  readonly block: BlockRef
  readonly assessments: readonly Assessment[]
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
    failures: [...works.flatMap(marketFailures), ...unreadFailures],
  }
}
