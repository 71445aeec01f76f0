// Single loans of the book, with what goes beyond their health.
import type { Address } from 'viem'
import type { DaemonChain } from '../../app/face.ts'
import type { Assessment } from '../../model/assessment.ts'
import { formatDeploymentId } from '../../model/ids.ts'
import { assessOne, bookEnvOf } from '../../monitor/assessing.ts'
import { createCycleLoans, createCycleRisks } from '../../monitor/cycle-risks.ts'
import { loanStateOf } from '../../monitor/loan-states.ts'
import { quotesOf } from '../../monitor/quoting.ts'
import type { LoanState } from '../../risk/loan-state.ts'
import type { Risk } from '../../risk/risk.ts'
import { positionIdsOf } from '../../store/entries.ts'
import type { Tools } from '../tools.ts'

/** An assessment with its risk beside it, where that could be worked out. */
export type Loan = Assessment & Partial<Risk>

/** Loans of a chain by their ids, at its last cycle; those that are not there are left out. */
export const loansOf = (
  { database }: Pick<Tools, 'database'>,
  { state }: DaemonChain,
  ids: readonly string[],
): readonly Loan[] => {
  const { follower, chainConfig } = state
  const block = follower?.book.cursor
  if (!follower || !block) return []
  const { tracked } = follower.book
  const quotes = quotesOf(tracked)
  const assessments = tracked.flatMap((one): readonly Assessment[] => {
    const prefix = `${formatDeploymentId(one.mirror.deployment)}:`
    const own = ids.filter((id) => id.startsWith(prefix))
    if (own.length === 0) return []
    const env = bookEnvOf(one, block, quotes)
    return own.flatMap((id) => {
      const position = one.mirror.positions.get(id.slice(prefix.length))
      return position ? [assessOne(one, position, env)] : []
    })
  })
  const riskOf = createCycleRisks({
    ...{ database, head: block, assessments, settings: chainConfig.groups },
    assessables: tracked,
  })
  return assessments.map((assessment) => ({ ...assessment, ...(riskOf(assessment.id) ?? {}) }))
}

/** States of loans of a chain, at its last cycle; null of those whose market is not read. */
export const createStates = (
  { database }: Pick<Tools, 'database'>,
  { state: { follower, chainConfig } }: DaemonChain,
): ((id: string) => LoanState | null) => {
  const { cursor: head, tracked: assessables } = follower?.book ?? { cursor: undefined, tracked: [] }
  if (!head) return () => null
  const loanOf = createCycleLoans({ database, head, assessables, settings: chainConfig.groups })
  return (id) => {
    const known = loanOf(id)
    return known ? loanStateOf(known) : null
  }
}

/** Loans of an account on a chain, at its last cycle. */
export const loansOfAccount = (tools: Tools, one: DaemonChain, account: Address): readonly Loan[] =>
  loansOf(
    tools,
    one,
    positionIdsOf(tools.database, account).filter((id) => id.startsWith(`${one.chain.id}:`)),
  )
