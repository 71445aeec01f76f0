// `history --at`: the health of loans as it was at an observed block.
import colors from 'picocolors'
import type { BlockRef } from '../../model/block.ts'
import { parsePositionId } from '../../model/ids.ts'
import { assessAt, type Past } from '../../monitor/past.ts'
import { registry } from '../../protocols/registry.ts'
import type { Database } from '../../store/database.ts'
import { positionIdsOf } from '../../store/entries.ts'
import { UsageError } from '../context.ts'
import { EXIT, type ExitCode } from '../exit.ts'
import { assessmentCard } from '../print/assessment.ts'
import { print, printJson } from '../print/output.ts'

export type HistoryAtOptions = {
  readonly blockNumber: bigint
  readonly historyDays: number
  readonly json: boolean
}

type Asked = { readonly id: string; readonly past: Past }

/** Positions of one chain: a block number means nothing on several. */
const askedOf = (database: Database, who: string, blockNumber: bigint): readonly Asked[] => {
  const ids = who.includes(':') ? [who] : positionIdsOf(database, who)
  const chains = new Set(ids.map((id) => parsePositionId(id).chainId))
  if (chains.size > 1)
    throw new UsageError(`${who} has loans on chains ${[...chains].join(', ')}`, {
      remedy: 'Name one of its positions: a block number belongs to one chain.',
    })
  return ids.map((id) => ({ id, past: assessAt(database, registry, parsePositionId(id), blockNumber) }))
}

const nearestText = (before: BlockRef | undefined, after: BlockRef | undefined): string => {
  const near = [before, after].flatMap((block) => (block ? [block.number] : []))
  return near.length === 0 ? 'no block of this chain was observed' : `observed next to it: ${near.join(', ')}`
}

const textOf = ({ id, past }: Asked, blockNumber: bigint): string => {
  if (past.kind === 'assessed') return assessmentCard(past.assessment)
  const why =
    past.kind === 'unobserved'
      ? `block ${blockNumber} was not observed; ${nearestText(past.before, past.after)}`
      : `it was not there, or not read yet, at block ${blockNumber}`
  return `${colors.bold(id)}\n  ${colors.magenta(why)}`
}

const jsonOf = (asked: readonly Asked[], { blockNumber, historyDays }: HistoryAtOptions) => {
  const pasts = asked.map(({ past }) => past)
  const unobserved = pasts.find((past) => past.kind === 'unobserved')
  return {
    at: blockNumber,
    historyDays,
    isObserved: asked.length > 0 && !unobserved,
    nearest: unobserved ? { before: unobserved.before ?? null, after: unobserved.after ?? null } : null,
    positions: pasts.flatMap((past) => (past.kind === 'assessed' ? [past.assessment] : [])),
    unknown: asked.flatMap(({ id, past }) => (past.kind === 'unknown-position' ? [id] : [])),
  }
}

/**
 * The health of a position, or of all positions of an account, recomputed at an observed block. Exit 3 where the block was
 * not observed, or nothing is known of the account.
 */
export const historyAt = (database: Database, who: string, options: HistoryAtOptions): ExitCode => {
  const asked = askedOf(database, who, options.blockNumber)
  if (options.json) printJson(jsonOf(asked, options))
  else if (asked.length === 0) print(`nothing is stored of ${who}`)
  else
    print(
      asked.map((one) => textOf(one, options.blockNumber)).join('\n\n'),
      colors.dim(`history reaches back ${options.historyDays} days`),
    )
  const isKnown = asked.some(({ past }) => past.kind === 'assessed' && past.assessment.kind === 'assessed')
  return isKnown ? EXIT.fine : EXIT.unknown
}
