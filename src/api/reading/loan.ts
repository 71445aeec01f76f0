// Single loans of the book, with what goes beyond their health.
import type { Address } from 'viem'
import type { DaemonChain } from '../../app/face.ts'
import type { Assessment } from '../../model/assessment.ts'
import type { BlockRef } from '../../model/block.ts'
import { formatDeploymentId } from '../../model/ids.ts'
import { assessOne, bookEnvOf } from '../../monitor/assessing.ts'
import { createCycleLoans } from '../../monitor/cycle-risks.ts'
import { loanStateOf } from '../../monitor/loan-states.ts'
import { quotesOf } from '../../monitor/quoting.ts'
import type { LoanState } from '../../risk/loan-state.ts'
import type { Risk } from '../../risk/risk.ts'
import { positionIdsOf } from '../../store/entries.ts'
import type { Tools } from '../tools.ts'
import { type Pause, steadily } from './steady.ts'

/** An assessment with its risk beside it, where that could be worked out. */
export type Loan = Assessment & Partial<Risk>

/** Loans of a chain at its last cycle, and which block that is of; with their states where these are wanted. */
export type LoansAt = {
  readonly block: BlockRef
  readonly loans: readonly (Loan & { readonly state?: LoanState | null })[]
}

/** Loans are looked at, so many between two pauses. */
const LOOKED_AT_ONCE = 4

type Looked = {
  readonly loan: Assessment & { readonly state?: LoanState | null }
  readonly risk: Promise<Risk | null> | undefined
}

/** The loans of some ids, the thread at work on what goes beyond their health. */
const look = async (
  tools: Tools,
  one: DaemonChain,
  ids: readonly string[],
  wantsStates: boolean,
  pause: Pause,
): Promise<{ readonly block: BlockRef; readonly looked: readonly Looked[] } | undefined> => {
  const { follower } = one.state
  const block = follower?.book.cursor
  if (!follower || !block) return undefined
  const { tracked } = follower.book
  const quotes = quotesOf(tracked)
  const places = tracked.map((own) => ({
    ...{ own, prefix: `${formatDeploymentId(own.mirror.deployment)}:` },
    env: bookEnvOf(own, block, quotes),
  }))
  const stateOf = createStates(tools, one)
  const version = tools.chains.versionOf([one])
  const looked: Looked[] = []
  for (const [index, id] of ids.entries()) {
    const place = places.find(({ prefix }) => id.startsWith(prefix))
    const position = place?.own.mirror.positions.get(id.slice(place.prefix.length))
    if (!place || !position) continue
    const assessment = assessOne(place.own, position, place.env)
    looked.push({
      loan: wantsStates ? { ...assessment, state: stateOf(id) } : assessment,
      risk:
        assessment.kind === 'assessed' ? tools.risks.of(`${id} ${version}`, () => stateOf(id)) : undefined,
    })
    if (index % LOOKED_AT_ONCE === LOOKED_AT_ONCE - 1) await pause()
  }
  return { block, looked }
}

/** Loans of a chain by their ids, at its last cycle; those that are not there are left out. Undefined before the first cycle. */
export const loansOf = async (
  tools: Tools,
  one: DaemonChain,
  ids: readonly string[],
  wantsStates = false,
): Promise<LoansAt | undefined> => {
  const found = await steadily(
    () => tools.chains.bookVersionOf([one]),
    (pause) => look(tools, one, ids, wantsStates, pause),
  )
  if (!found) return undefined
  const loans = found.looked.map(async ({ loan, risk }) => ({ ...loan, ...((await risk) ?? {}) }))
  return { block: found.block, loans: await Promise.all(loans) }
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

/** Loans of an account on a chain, at its last cycle; undefined before the first one. */
export const loansOfAccount = (
  tools: Tools,
  one: DaemonChain,
  account: Address,
  wantsStates: boolean,
): Promise<LoansAt | undefined> =>
  loansOf(
    tools,
    one,
    positionIdsOf(tools.database, account).filter((id) => id.startsWith(`${one.chain.id}:`)),
    wantsStates,
  )
