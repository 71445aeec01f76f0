// The health of loans at one observed block after the other, by the same assess as at the head.
import type { Assessment } from '../model/assessment.ts'
import type { BlockRef } from '../model/block.ts'
import { formatDeploymentId, parsePositionId } from '../model/ids.ts'
import type { Adapter, Env } from '../protocols/adapter.ts'
import type { Database } from '../store/database.ts'
import { type PastState, storedDeployments } from '../store/history.ts'
import { createPastWalk } from '../store/past-walk.ts'
import { assessPast, pastQuotes } from './past.ts'
import { quotesOf } from './quoting.ts'

/** Loans of one chain, and the blocks between which they are asked for. `wantsUsd`: also in US dollars where a market quotes in something else. */
export type WalkOptions = {
  readonly ids: readonly string[]
  readonly chainId: number
  readonly first: bigint
  readonly last: bigint
  readonly wantsUsd: boolean
}

/** Assessments of those loans that are there at a block; blocks are asked for in ascending order. Debt in front of a loan is not recomputed. */
export const walkPast = (
  database: Database,
  registry: readonly Adapter[],
  { ids, chainId, first, last, wantsUsd }: WalkOptions,
): ((block: BlockRef) => readonly Assessment[]) => {
  const stored = new Map(
    storedDeployments(database, chainId).map((one) => [formatDeploymentId(one.deployment), one]),
  )
  const walks = new Map<string, (blockNumber: bigint) => PastState>()
  const loans = ids.flatMap((id) => {
    const parsed = parsePositionId(id)
    const name = formatDeploymentId(parsed)
    const [adapter, one] = [registry.find(({ protocol }) => protocol === parsed.protocol), stored.get(name)]
    if (!adapter || !one) return []
    const { deployment } = one
    if (!walks.has(name)) walks.set(name, createPastWalk(database, one.id, deployment, { first, last }))
    return [{ name, adapter, deployment, key: `${parsed.market}:${parsed.account}` }]
  })
  const plainQuotes: Env['quotes'] = quotesOf([])
  return (block) => {
    const states = new Map([...walks].map(([name, walk]) => [name, walk(block.number)]))
    const quotes = wantsUsd ? pastQuotes(database, registry, block) : plainQuotes
    return loans.flatMap(({ name, adapter, deployment, key }) => {
      const past = states.get(name)
      const position = past?.position(key)
      return past && position ? [assessPast({ adapter, deployment, past }, position, block, quotes)] : []
    })
  }
}
