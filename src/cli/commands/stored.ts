// `positions`, and what commands over the store share.
import colors from 'picocolors'
import { assessStored, type StoredAssessments } from '../../app/stored.ts'
import { byHealth } from '../../monitor/ranking.ts'
import type { Database } from '../../store/database.ts'
import { withStore } from '../context.ts'
import { EXIT, type ExitCode } from '../exit.ts'
import { limitOption } from '../parse.ts'
import { assessmentTable } from '../print/assessment.ts'
import { print, printJson } from '../print/output.ts'
import type { Options, Run } from '../run.ts'

export type ListOptions = { readonly json: boolean; readonly limit: number }

export const listOptions = (options: Options): ListOptions => ({
  json: options.json !== undefined,
  limit: limitOption(options),
})

/** At which block one chain's answers are, and whether its book is complete. */
export const blockLine = ({ block, isComplete }: StoredAssessments): string =>
  colors.dim(
    `chain ${block.chainId} at block ${block.number}${isComplete ? '' : ' · the book is not complete yet: some borrowers are still to be read'}`,
  )

/** The same for programs. */
export const blocksOf = (chains: readonly StoredAssessments[]) =>
  chains.map(({ block, isComplete }) => ({ ...block, isComplete }))

const listPositions = (database: Database, { json, limit }: ListOptions): ExitCode => {
  const chains = assessStored(database)
  const shown = chains
    .flatMap((chain) => chain.worst(limit))
    .sort(byHealth)
    .slice(0, limit)
  const count = chains
    .flatMap((chain) => [...chain.positionCounts().values()])
    .reduce((sum, one) => sum + one, 0)
  if (json) printJson({ block: chains[0]?.block ?? null, blocks: blocksOf(chains), positions: shown })
  else {
    print(...chains.map(blockLine))
    print(shown.length === 0 ? 'no loans in the store' : assessmentTable(shown))
    if (shown.length < count) print(colors.dim(`${count - shown.length} more; see --limit`))
  }
  return EXIT.fine
}

/** `positions`: every loan in the store, worst health first. */
export const positions: Run = (_args, options) =>
  withStore(options, (database) => listPositions(database, listOptions(options)))
