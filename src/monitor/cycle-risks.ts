// What goes beyond health of loans that a cycle assessed: worked out for those that somebody asks about, without asking the chain.
import type { Assessment, Health } from '../model/assessment.ts'
import type { BlockRef } from '../model/block.ts'
import { formatDeploymentId } from '../model/ids.ts'
import { askedPrices } from '../risk/asked-prices.ts'
import type { GroupSetting } from '../risk/groups.ts'
import type { Loan } from '../risk/loan.ts'
import { type Risk, riskOf } from '../risk/risk.ts'
import { feedsByKey } from '../risk/shocked-prices.ts'
import type { Database } from '../store/database.ts'
import { loadWiring } from '../store/wiring.ts'
import { type Assessable, bookEnvOf } from './assessing.ts'
import { groupAssets } from './grouping.ts'
import type { KnownLoan } from './loan-states.ts'
import { quotesOf } from './quoting.ts'

export type CycleRisksOptions = {
  readonly database: Database
  readonly head: BlockRef
  /** All deployments of the chain, as the cycle leaves them. */
  readonly assessables: readonly Assessable[]
  readonly assessments: readonly Assessment[]
  readonly settings: readonly GroupSetting[]
}

/** One loan of one of the deployments, with its env. */
const loanIn = ({ adapter, mirror }: Assessable, env: Loan['env'], key: string): Loan | undefined => {
  const position = mirror.positions.get(key)
  const market = position && mirror.markets.get(position.id.market)
  return position && market && { adapter, market, position, env }
}

/**
 * Loans by position id, with what moves together; undefined of those that are not there. Assets move together by configuration and
 * by what was known of oracles before the cycle, as far as the loan's own prices go.
 */
export const createCycleLoans = ({
  database,
  head,
  assessables,
  settings,
}: Omit<CycleRisksOptions, 'assessments'>): ((id: string) => KnownLoan | undefined) => {
  let wiring: ReturnType<typeof loadWiring> | undefined
  let quotes: ReturnType<typeof quotesOf> | undefined
  return (id) => {
    const own = assessables.find(({ mirror }) => id.startsWith(`${formatDeploymentId(mirror.deployment)}:`))
    if (!own) return undefined
    quotes ??= quotesOf(assessables)
    const key = id.slice(formatDeploymentId(own.mirror.deployment).length + 1)
    const loan = loanIn(own, bookEnvOf(own, head, quotes), key)
    if (!loan) return undefined
    const asked = askedPrices(loan)
    const feeds = own.adapter.feeds(own.mirror).filter((feed) => asked.has(feed.key))
    wiring ??= loadWiring(database, head.chainId)
    const grouping = groupAssets(assessables, feeds, settings, wiring)
    return { loan, mirror: own.mirror, groups: { ...grouping, feeds: feedsByKey(feeds) } }
  }
}

/** Risk of positions by id, of those that were assessed; undefined of others. */
export const createCycleRisks = (options: CycleRisksOptions): ((id: string) => Risk | undefined) => {
  const loanOf = createCycleLoans(options)
  let healths: ReadonlyMap<string, Health> | undefined
  return (id) => {
    healths ??= new Map(
      options.assessments.flatMap((one) => (one.kind === 'assessed' ? [[one.id, one]] : [])),
    )
    const health = healths.get(id)
    const known = health && loanOf(id)
    return known && riskOf(known.loan, health, known.groups)
  }
}
