// The health of loans at one observed block after the other, by the same assess as at the head.
import type { Assessment } from '../model/assessment.ts'
import type { BlockRef } from '../model/block.ts'
import { formatDeploymentId } from '../model/ids.ts'
import type { Adapter, Deployment, Env } from '../protocols/adapter.ts'
import type { GroupSetting } from '../risk/groups.ts'
import type { Risk } from '../risk/risk.ts'
import type { Database } from '../store/database.ts'
import { type PastState, storedDeployments } from '../store/history.ts'
import { createPastWalk } from '../store/past-walk.ts'
import { createCycleRisks } from './cycle-risks.ts'
import { assessPast, pastQuotes } from './past.ts'
import { quotesOf } from './quoting.ts'

/** Loans of one chain, and the blocks between which they are asked for. `wantsUsd`: also in US dollars where a market quotes in something else. */
export type WalkOptions = {
  readonly ids: readonly string[]
  readonly chainId: number
  readonly first: bigint
  readonly last: bigint
  readonly wantsUsd: boolean
  /** Assets that move together. */
  readonly groups: readonly GroupSetting[]
}

/** Loans that are there at a block, and what goes beyond their health, worked out when it is asked for. */
export type PastLoans = {
  readonly assessments: readonly Assessment[]
  riskOf(id: string): Risk | undefined
}

type Walked = {
  readonly adapter: Adapter
  readonly deployment: Deployment
  readonly keys: readonly string[]
  at(blockNumber: bigint): PastState
}

/** Deployments that hold some of the loans. */
const walkedOf = (
  database: Database,
  registry: readonly Adapter[],
  { ids, chainId, first, last }: WalkOptions,
): readonly Walked[] =>
  storedDeployments(database, chainId).flatMap(({ id: deploymentId, deployment }) => {
    const prefix = `${formatDeploymentId(deployment)}:`
    const keys = ids.filter((id) => id.startsWith(prefix)).map((id) => id.slice(prefix.length))
    const adapter = registry.find(({ protocol }) => protocol === deployment.protocol)
    if (!adapter || keys.length === 0) return []
    const at = createPastWalk(database, deploymentId, deployment, { first, last })
    return [{ adapter, deployment, keys, at }]
  })

/** Loans at one block after the other; blocks are asked for in ascending order. Debt in front of a loan is not recomputed. */
export const walkPast = (
  database: Database,
  registry: readonly Adapter[],
  options: WalkOptions,
): ((block: BlockRef) => PastLoans) => {
  const walked = walkedOf(database, registry, options)
  const plainQuotes: Env['quotes'] = quotesOf([])
  return (block) => {
    const quotes = options.wantsUsd ? pastQuotes(database, registry, block) : plainQuotes
    const now = walked.map(({ adapter, deployment, keys, at }) => {
      const past = at(block.number)
      const positions = new Map(
        keys.flatMap((key) => {
          const position = past.position(key)
          return position ? [[key, position] as const] : []
        }),
      )
      return { adapter, deployment, past, positions }
    })
    const assessments = now.flatMap(({ positions, ...one }) =>
      [...positions.values()].map((position) => assessPast(one, position, block, quotes)),
    )
    let riskOf: ((id: string) => Risk | undefined) | undefined
    return {
      assessments,
      riskOf: (id) => {
        riskOf ??= createCycleRisks({
          ...{ database, head: block, assessments, settings: options.groups },
          assessables: now.map(({ adapter, deployment, past, positions }) => ({
            adapter,
            mirror: { deployment, positions, tallies: new Map(), ...past.whole() },
          })),
        })
        return riskOf(id)
      },
    }
  }
}
