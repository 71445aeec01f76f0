// Where book-wide rules have nothing to say: stretches of health in which no rule can be met, whatever else a loan is.
import type { AlertRule } from '../model/alert.ts'
import type { Assessment } from '../model/assessment.ts'
import { BaseError } from '../model/errors.ts'
import type { Deployment } from '../protocols/adapter.ts'
import type { Interval } from '../risk/interval.ts'
import { UINT256_MAX, WAD } from '../units/brands.ts'
import { type Comparison, comparisonsIn, type Expression, holds, joined, type Verdict } from './expression.ts'

/** What the screen bounds, and what an exact assessment adds where health alone does not decide. */
const BOOK_FIELDS = ['healthFactor', 'isLiquidatable', 'collateralUsd', 'debtUsd']

export class BookFieldError extends BaseError {
  override readonly name = 'BookFieldError'
  constructor(field: string) {
    super(
      `"${field}" is known only of loans that are assessed exactly, which a book-wide rule does not make`,
      {
        remedy: `Use ${BOOK_FIELDS.join(', ')}, or scope: watched.`,
      },
    )
  }
}

/** Throws `BookFieldError` where an expression speaks of what is not known of every loan. */
export const requireBookFields = (expression: Expression): void => {
  const other = comparisonsIn(expression).find(({ field }) => !BOOK_FIELDS.includes(field))
  if (other) throw new BookFieldError(other.field)
}

/** Health factors (wads) at which comparisons with health turn. */
const edgesIn = (expression: Expression): readonly bigint[] =>
  comparisonsIn(expression).flatMap(({ field, literal }) =>
    field === 'healthFactor' && typeof literal === 'bigint' ? [literal] : [],
  )

/** Health factors (wads) strictly between two edges; from 0 and without an end where there is none. */
type Stretch = { readonly from: bigint | undefined; readonly to: bigint | undefined }

const stretchesOf = (expressions: readonly Expression[]): readonly Stretch[] => {
  const edges = [...new Set([WAD, ...expressions.flatMap(edgesIn)])]
    .filter((edge) => edge > 0n)
    .sort((a, b) => (a < b ? -1 : 1))
  return [undefined, ...edges].map((from, index) => ({ from, to: edges[index] }))
}

const HALVES = 2n

/** What a comparison may say of loans in a stretch. Twice a health factor has a middle between any two edges. */
const comparisonIn = (
  { field, operator, literal }: Comparison,
  { from, to }: Stretch,
): readonly Verdict[] => {
  const verdictOf = (isMet: boolean): readonly Verdict[] => [isMet ? 'met' : 'clear']
  if (field === 'isLiquidatable') return verdictOf(holds(to !== undefined && to <= WAD, operator, literal))
  if (field !== 'healthFactor' || typeof literal !== 'bigint') return ['met', 'clear', 'unknown']
  const twice = to === undefined ? ((from ?? 0n) + 1n) * HALVES : (from ?? 0n) + to
  return verdictOf(holds(twice, operator, literal * HALVES))
}

const verdictsIn = (expression: Expression, stretch: Stretch): readonly Verdict[] => {
  if (expression.kind === 'comparison') return comparisonIn(expression, stretch)
  if (expression.kind === 'not')
    return verdictsIn(expression.inner, stretch).map((verdict) =>
      verdict === 'unknown' ? verdict : verdict === 'met' ? 'clear' : 'met',
    )
  const { kind, left, right } = expression
  const others = verdictsIn(right, stretch)
  const all = verdictsIn(left, stretch).flatMap((one) => others.map((other) => joined(kind, one, other)))
  return [...new Set(all)]
}

const numberOf = (edge: bigint): number => Number(edge) / Number(WAD)

const quietStretches = (expressions: readonly Expression[]): readonly Stretch[] =>
  stretchesOf(expressions).filter(
    (stretch) => !expressions.some((one) => verdictsIn(one, stretch).includes('met')),
  )

/** Stretches of health, apart at 1 and at every edge, in which none of the expressions can be met. Ends are as near as float64 has them. */
export const quietIn = (expressions: readonly Expression[]): readonly Interval[] =>
  quietStretches(expressions).map(({ from, to }) => ({
    floor: from === undefined ? -1 : numberOf(from),
    ceil: to === undefined ? Number.POSITIVE_INFINITY : numberOf(to),
  }))

/** Whether an exact assessment alone tells that none of the expressions is met, without a look at each. */
export const quietAt = (expressions: readonly Expression[]): ((assessment: Assessment) => boolean) => {
  const stretches = quietStretches(expressions).map(({ from = -1n, to = UINT256_MAX + 1n }) => ({
    ...{ from, to, isBelow: to <= WAD },
  }))
  return (assessment) => {
    if (assessment.kind !== 'assessed') return false
    const { healthFactor, isLiquidatable } = assessment
    return stretches.some(
      ({ from, to, isBelow }) => from < healthFactor && healthFactor < to && isLiquidatable === isBelow,
    )
  }
}

/** Whether a rule may speak of unwatched loans of a deployment: only watched ones have labels. */
export const mayMatch = ({ match }: AlertRule, { chainId, protocol, deployment }: Deployment): boolean =>
  match['label'] === undefined &&
  (match['chainId'] ?? String(chainId)) === String(chainId) &&
  (match['protocol'] ?? protocol) === protocol &&
  (match['deployment'] ?? deployment) === deployment
