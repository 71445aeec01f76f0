// Loans that can be liquidated or are about to be, as a ranked list.
import { setImmediate } from 'node:timers/promises'
import type { Candidate } from '../../monitor/candidates.ts'
import type { Tools } from '../tools.ts'
import { aged } from './chains.ts'
import { type CandidatePlace, isBehind, placeOf } from './prospects.ts'
import type { Question, Ranked } from './rankings.ts'

export type CandidateOptions = Question & {
  readonly after: CandidatePlace | undefined
  readonly limit: number
}

export type CandidateListing = Omit<Ranked, 'prospects'> & {
  readonly candidates: readonly Candidate[]
  readonly next: CandidatePlace | undefined
}

/** Ways to liquidate are priced of so many loans between two pauses, where that was not done before. */
const SHOWN_AT_ONCE = 4

/** One page, most rewarding first, all of it of the blocks that it names. Throws `ProblemError` where it would take too much work. */
export const listCandidates = async (tools: Tools, options: CandidateOptions): Promise<CandidateListing> => {
  const { after, limit } = options
  const { prospects, ...rest } = await tools.rankings.of(options)
  const rows = after ? prospects.filter((one) => isBehind(one, after)) : prospects
  const shown = rows.slice(0, limit)
  const candidates: Candidate[] = []
  for (const [index, one] of shown.entries()) {
    candidates.push(one.candidate())
    if (index % SHOWN_AT_ONCE === 0) await setImmediate()
  }
  const last = shown.at(-1)
  return {
    ...aged(rest, tools.daemon.nowMs()),
    candidates,
    next: last && rows.length > limit ? placeOf(last) : undefined,
  }
}
