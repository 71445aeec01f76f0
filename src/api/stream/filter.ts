// Which events a client wants: the words of the lists, as far as an event can answer them.
import type { Alert } from '../../model/alert.ts'
import type { Assessment } from '../../model/assessment.ts'
import { basisOf } from '../../monitor/candidates.ts'
import { centsOf, isKept, isWithinMarket, type LoanQuery } from '../reading/filters.ts'
import type { StreamEvent, Topic } from './ring.ts'

/** A loan as it is told, or as it was told before; `incentiveUsd` of candidates, left out where nobody has worked it out. */
export type Told = { readonly assessment: Assessment; readonly incentiveUsd?: string | null }

/**
 * What filters see of an event. `told`: as the loan is and, of candidates, as it was last told, so that who was told of one
 * hears the end of it too; empty where nothing of that is known.
 */
export type About = {
  readonly loan?: { readonly id: string; readonly owner: string }
  readonly told?: readonly Told[]
  readonly alert?: Alert
}

export type StreamQuery = LoanQuery & {
  readonly topics: ReadonlySet<Topic>
  readonly position: string | undefined
  readonly executable: boolean | undefined
  /** US cents. */
  readonly minIncentiveUsd: bigint | undefined
  readonly severity: Alert['severity'] | undefined
  readonly state: Alert['state'] | undefined
  readonly rule: string | undefined
  readonly label: string | undefined
}

/** Whether an account is under watch now. */
type IsWatched = (owner: string) => boolean

/** Whose loan it is, and where; `id` is `chainId:protocol:deployment:market:account`. */
const isLoanWanted = (loan: About['loan'], query: StreamQuery, isWatched: IsWatched): boolean => {
  const { protocol, deployment, market, owner, position } = query
  const wanted = [protocol, deployment, market, owner, position, query.watched]
  if (wanted.every((one) => one === undefined)) return true
  if (!loan) return false
  const [, ownProtocol, ownDeployment] = loan.id.split(':')
  return (
    (protocol === undefined || protocol === ownProtocol) &&
    (deployment === undefined || deployment === ownDeployment) &&
    (market === undefined || isWithinMarket(loan.id, market)) &&
    (owner === undefined || owner === loan.owner) &&
    (position === undefined || position === loan.id) &&
    (query.watched === undefined || query.watched === isWatched(loan.owner))
  )
}

const isInRange = ({ assessment }: Told, { minHealth, maxHealth }: StreamQuery): boolean =>
  assessment.kind === 'unassessable' ||
  ((minHealth === undefined || assessment.healthFactor >= minHealth) &&
    (maxHealth === undefined || assessment.healthFactor <= maxHealth))

const isCandidateWanted = ({ assessment, incentiveUsd }: Told, query: StreamQuery): boolean => {
  const { minHealth, maxHealth, executable, minIncentiveUsd } = query
  if (assessment.kind === 'unassessable') return true
  const cents = centsOf(incentiveUsd ?? undefined)
  return (
    (minHealth === undefined || assessment.healthFactor >= minHealth) &&
    (maxHealth === undefined || basisOf(assessment, maxHealth) !== undefined) &&
    (executable === undefined || assessment.isExecutable === executable) &&
    (minIncentiveUsd === undefined ||
      incentiveUsd === undefined ||
      (cents !== undefined && cents >= minIncentiveUsd))
  )
}

const isAlertWanted = (alert: Alert, { severity, state, rule, label }: StreamQuery): boolean =>
  (severity === undefined || alert.severity === severity) &&
  (state === undefined || alert.state === state) &&
  (rule === undefined || alert.rule === rule) &&
  (label === undefined || alert.labels['label'] === label)

const isContentWanted = ({ topic, about }: StreamEvent, query: StreamQuery): boolean => {
  const { told = [], alert } = about
  if (alert) return isAlertWanted(alert, query)
  const isWanted = topic === 'candidate' ? isCandidateWanted : isInRange
  return told.length === 0 || told.some((one) => isKept(one.assessment, query) && isWanted(one, query))
}

/** Whether a client wants an event. */
export const wants =
  (query: StreamQuery, isWatched: IsWatched) =>
  (event: StreamEvent): boolean => {
    if (!query.topics.has(event.topic)) return false
    if (query.chain !== undefined && query.chain !== event.chainId) return false
    if (event.topic === 'head' || event.topic === 'status') return true
    return isLoanWanted(event.about.loan, query, isWatched) && isContentWanted(event, query)
  }
