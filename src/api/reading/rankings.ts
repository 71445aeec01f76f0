// Candidates ranked once for all who ask, again with every cycle as long as somebody does, and each loan once for all lists.
import { setImmediate } from 'node:timers/promises'
import { basisOf, type Prospect, prospecting } from '../../monitor/candidates.ts'
import { UINT256_MAX } from '../../units/brands.ts'
import type { Tools } from '../tools.ts'
import { type Near, type NearOptions, nearLoans } from './near-loans.ts'
import { compareProspects, isKept, type Wanted } from './prospects.ts'
import { steadily } from './steady.ts'

/** What is asked for; `words`: the same words ask for the same list. */
export type Question = NearOptions & Wanted & { readonly words: string }

export type Ranked = Omit<Near, 'chosen' | 'frozen'> & { readonly prospects: readonly Prospect[] }

/** Ways to liquidate are worked out of so many loans between two pauses. */
const RANKED_AT_ONCE = 4

/** Lists that are remembered at once. */
const KNOWN_MAX = 16

/** Prospects of one version of a chain's book, by position; null of loans that are none. */
type Shared = { readonly version: string; readonly byId: Map<string, Prospect | null> }

/** The same loan in a list up to another health. */
const upTo = (prospect: Prospect, maxHealth: bigint): Prospect | undefined => {
  const basis = basisOf(prospect.position, maxHealth)
  return basis && { ...prospect, basis, candidate: () => ({ ...prospect.candidate(), basis }) }
}

const createSharing = () => {
  const ofChains = new Map<number, Shared>()
  return (chainId: number, version: string): Shared['byId'] => {
    const before = ofChains.get(chainId)
    if (before?.version === version) return before.byId
    const byId: Shared['byId'] = new Map()
    ofChains.set(chainId, { version, byId })
    return byId
  }
}

/** Prospects among what came into question, of which those of an earlier list of the same version are known. */
const prospectsOf = async (
  { chosen, frozen }: Near,
  maxHealth: bigint,
  sharing: ReturnType<typeof createSharing>,
): Promise<readonly Prospect[]> => {
  const prospects: Prospect[] = []
  for (const copy of frozen) {
    const byId = sharing(copy.block.chainId, copy.version)
    const prospectOf = prospecting(copy.deployments, copy.block, copy.baseFeeWei)
    let newCount = 0
    for (const { assessment } of chosen) {
      if (assessment.chainId !== copy.block.chainId) continue
      const known = byId.get(assessment.id)
      const one = known === undefined ? (prospectOf(assessment, UINT256_MAX) ?? null) : known
      byId.set(assessment.id, one)
      const prospect = one && upTo(one, maxHealth)
      if (prospect) prospects.push(prospect)
      if (known === undefined && ++newCount % RANKED_AT_ONCE === 0) await setImmediate()
    }
  }
  return prospects
}

type Known = {
  readonly version: string
  readonly question: Question
  readonly ranked: Promise<Ranked>
  /** Somebody asked since it was ranked. */
  isWanted: boolean
}

export type Rankings = {
  /** Ranks once for each question and version of the books, however many ask. Throws `ProblemError` where it would take too much work. */
  of(question: Question): Promise<Ranked>
  /** What is known of single loans at a version of a chain's book, for all who work such out: null of those that are no prospects. */
  shared(chainId: number, version: string): Map<string, Prospect | null>
  /** A cycle was committed: what was asked for since the one before is ranked anew, before anybody asks again. */
  renew(): void
}

/** `tools` are asked for when they are needed. */
export const createRankings = (toolsOf: () => Tools): Rankings => {
  const known = new Map<string, Known>()
  const sharing = createSharing()
  let turn: Promise<unknown> = Promise.resolve()
  const ranked = async (question: Question): Promise<Ranked> => {
    const tools = toolsOf()
    const near = await steadily(
      () => tools.chains.bookVersionOf(question.chains),
      (pause) => nearLoans(tools, question, pause),
    )
    const prospects = await prospectsOf(near, question.maxHealth, sharing)
    const { chosen: _chosen, frozen: _frozen, ...rest } = near
    return { ...rest, prospects: prospects.filter((one) => isKept(one, question)).sort(compareProspects) }
  }
  /** One after the other: a list makes use of what those before it have worked out. */
  const begin = (question: Question, version: string, isWanted: boolean): Known => {
    const now = turn.then(() => ranked(question))
    turn = now.catch(() => known.delete(question.words))
    const one: Known = { version, question, ranked: now, isWanted }
    known.delete(question.words)
    known.set(question.words, one)
    const [oldest] = known.keys()
    if (known.size > KNOWN_MAX && oldest !== undefined) known.delete(oldest)
    return one
  }
  const versionOf = ({ chains }: Question): string => toolsOf().chains.bookVersionOf(chains)
  return {
    of: (question) => {
      const version = versionOf(question)
      const before = known.get(question.words)
      if (before?.version !== version) return begin(question, version, true).ranked
      before.isWanted = true
      return before.ranked
    },
    shared: sharing,
    renew: () => {
      for (const { question, version, isWanted } of [...known.values()]) {
        const now = versionOf(question)
        if (now === version) continue
        if (isWanted) begin(question, now, false)
        else known.delete(question.words)
      }
    },
  }
}
