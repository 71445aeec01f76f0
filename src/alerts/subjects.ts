// The loans that rules are stepped on in one cycle.
import type { Alert } from '../model/alert.ts'
import type { Assessment, Subject as Loan } from '../model/assessment.ts'
import type { BlockRef } from '../model/block.ts'
import { formatMarketId, parsePositionId } from '../model/ids.ts'
import type { Liquidation } from '../model/liquidation.ts'
import type { ParameterChange } from '../model/parameter.ts'
import type { CycleNews } from '../monitor/judge.ts'
import type { Risk } from '../risk/risk.ts'
import type { Subject } from './subject.ts'
import type { Watched } from './watches.ts'

/** Whether a change is of something that a loan rests on: of its market as a whole, of what it holds or owes, or by what it did to it. */
const concerns = (change: ParameterChange, loan: Loan, assessment: Assessment | undefined): boolean => {
  if (change.effect.watched.some(({ id, before, after }) => id === loan.id && before !== after)) return true
  if (change.market !== formatMarketId(loan)) return false
  if (change.asset === null) return !change.name.includes('[')
  if (assessment?.kind !== 'assessed') return true
  return [...assessment.collateral, ...assessment.debt].some(({ asset }) => asset === change.asset)
}

/** A position by its id alone, where there is no assessment of it. */
const loanOf = (id: string, owner: string, block: BlockRef): Loan => {
  const { chainId, protocol, deployment, market } = parsePositionId(id)
  return { id, owner: owner as Loan['owner'], chainId, protocol, deployment, market, block }
}

const byPosition = (liquidations: readonly Liquidation[]): ReadonlyMap<string, readonly Liquidation[]> => {
  const found = new Map<string, readonly Liquidation[]>()
  for (const one of liquidations) found.set(one.position, [...(found.get(one.position) ?? []), one])
  return found
}

const NONE: readonly never[] = []
const UNKNOWN_RISK = (): undefined => undefined

/** Risk of watched loans that could be assessed, each worked out once. */
const rememberedRisks = (
  news: CycleNews,
  assessments: readonly Assessment[],
  watched: Watched,
): ((id: string) => Risk | undefined) => {
  const known = new Map<string, Risk | undefined>()
  let askable: ReadonlySet<string> | undefined
  return (id) => {
    askable ??= new Set(
      assessments.flatMap((one) => (one.kind === 'assessed' && watched.has(one.owner) ? [one.id] : [])),
    )
    if (!askable.has(id)) return undefined
    if (!known.has(id)) known.set(id, news.riskOf(id))
    return known.get(id)
  }
}

/** What there is to be stepped: loans assessed, what happened to loans that are gone, and events that have to end. */
export type SubjectsInput = {
  readonly block: BlockRef
  readonly assessments: readonly Assessment[]
  readonly news: CycleNews | undefined
  readonly watched: Watched
  /** Alerts of events that have begun. */
  readonly openEvents: readonly Alert[]
}

/** Every loan of a cycle as rules see it, each once. Risk is asked for of watched ones only. */
export const subjectsOf = (input: SubjectsInput): readonly Subject[] => {
  const { assessments, block, news, watched, openEvents } = input
  const liquidations = byPosition(news?.liquidations ?? NONE)
  const otherwise = news && !news.mayMissLiquidations ? NONE : undefined
  const riskOf = news ? rememberedRisks(news, assessments, watched) : UNKNOWN_RISK
  const changes = news?.parameterChanges
  const subjectOf = (loan: Loan, assessment: Assessment | undefined): Subject => ({
    loan,
    assessment,
    label: watched.labelOf(loan.owner),
    riskOf,
    liquidations: liquidations.get(loan.id) ?? otherwise,
    changes: changes?.length ? changes.filter((change) => concerns(change, loan, assessment)) : changes,
  })
  const subjects = assessments.map((assessment) => subjectOf(assessment, assessment))
  if (!news) return subjects
  const seen = new Set(assessments.map(({ id }) => id))
  const others = [
    ...news.liquidations.flatMap(({ position, owner }) =>
      watched.has(owner) ? [{ id: position, owner: owner as string }] : [],
    ),
    ...openEvents.flatMap(({ subject, labels: { account } }) =>
      account ? [{ id: subject, owner: account }] : [],
    ),
  ]
  for (const { id, owner } of others) {
    if (seen.has(id)) continue
    seen.add(id)
    subjects.push(subjectOf(loanOf(id, owner, block), undefined))
  }
  return subjects
}
