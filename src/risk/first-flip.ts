// Where a loan first becomes liquidatable on a path of prices, to the step, by the adapter's own predicate.
import type { Health } from '../model/assessment.ts'
import { certaintyBetween, isMonotone } from './between.ts'
import { assessLoan, type Loan } from './loan.ts'

/**
 * Loans that differ in prices: step 0 as it is, every further one with prices moved on, each of them one way only.
 * `coarsestPrice` is the smallest price that moves as it is at a step; undefined where prices do not keep their proportions.
 * `isDirect`: every leg that moves is priced by one price alone.
 */
export type Path = {
  readonly steps: bigint
  at(step: bigint): Loan
  coarsestPrice(step: bigint): bigint | undefined
  readonly isDirect: boolean
}

/** Steps, both ends included. */
export type Steps = { readonly from: bigint; readonly to: bigint }

/**
 * The first liquidatable step, and stretches behind it that are safe again, nearest first, up to `STRETCHES_MAX`.
 * `isProven` is false where the search was given up: a liquidatable step it is, behind a safe one, but others may come before.
 */
export type Flip = {
  readonly step: bigint
  readonly safeAgain: readonly Steps[]
  readonly isProven: boolean
}

/** Assessments that one search may cost; ordinary ones take some ten to a few hundred. */
const ASSESSMENTS_MAX = 4_000

const STRETCHES_MAX = 8

/** A path walked: every step is assessed once. */
type Walk = {
  readonly path: Path
  readonly healths: Map<bigint, Health | undefined>
}

/** Undefined where the contract would give no answer. */
const healthAt = ({ path, healths }: Walk, step: bigint): Health | undefined => {
  if (healths.has(step)) return healths.get(step)
  const assessment = assessLoan(path.at(step))
  const health = assessment.kind === 'assessed' ? assessment : undefined
  healths.set(step, health)
  return health
}

const isLiquidatableAt = (walk: Walk, step: bigint): boolean => healthAt(walk, step)?.isLiquidatable ?? false

/** Halves what lies between a step where something does not hold and one where it does until they are neighbours: the latter. */
const bisect = (not: bigint, holds: bigint, isHolding: (step: bigint) => boolean): bigint => {
  let [before, after] = [not, holds]
  while (after - before > 1n) {
    const middle = (before + after) / 2n
    if (isHolding(middle)) after = middle
    else before = middle
  }
  return after
}

/** By how much a gallop lengthens its stride. */
const STRIDE_FACTOR = 4n

/**
 * A stretch from a safe step to a liquidatable one, where a walk from 0 to `to` turns once: about where both sides meet on a straight
 * line, which is where they do but for roundings. From there strides grow longer until they are past the turn.
 */
const aroundCrossing = (walk: Walk, to: bigint): Steps => {
  const overAt = (step: bigint): bigint => {
    const health = healthAt(walk, step)
    return health ? (health.liquidationValue ?? 0n) - health.debtValue : 0n
  }
  const [over, under] = [overAt(0n), overAt(to)]
  if (over <= 0n || under >= 0n) return { from: 0n, to }
  const guess = (to * over) / (over - under)
  let [from, till] = [0n, to]
  if (isLiquidatableAt(walk, guess)) till = guess
  else from = guess
  const isBehind = till === guess
  for (let stride = 1n; ; stride *= STRIDE_FACTOR) {
    const step = isBehind ? till - stride : from + stride
    if (step <= from || step >= till) return { from, to: till }
    if (isLiquidatableAt(walk, step)) till = step
    else from = step
    if (isLiquidatableAt(walk, step) !== isBehind) return { from, to: till }
  }
}

/** The last step at which the contract answers: prices of almost nothing, or of too much, may make it refuse from there on. */
const lastAnswered = (walk: Walk, steps: bigint): bigint =>
  healthAt(walk, steps) ? steps : bisect(0n, steps, (step) => healthAt(walk, step) === undefined) - 1n

/** Whether no step in (from, to] can be `wanted`, given that `from` is not. */
const isNoneCertain = (walk: Walk, { from, to }: Steps, wanted: boolean): boolean => {
  const [near, far] = [healthAt(walk, from), healthAt(walk, to)]
  if (!near || !far) return false
  const { path } = walk
  const [one, other] = [path.coarsestPrice(from), path.coarsestPrice(to)]
  const coarsest = one !== undefined && other !== undefined ? (one < other ? one : other) : undefined
  const { isDirect } = path
  const { comparesSums = false } = path.at(from).adapter
  const certainty = certaintyBetween(near, far, { coarsest, isDirect, comparesSums })
  return certainty === 'same' || certainty === (wanted ? 'safe' : 'liquidatable')
}

/** The first step in (from, to] that is `wanted`, where `from` is not; null where none is, undefined where too much was asked. */
const firstIn = (walk: Walk, { from, to }: Steps, wanted: boolean): bigint | null | undefined => {
  if (isNoneCertain(walk, { from, to }, wanted)) return null
  if (to - from === 1n) return isLiquidatableAt(walk, to) === wanted ? to : null
  if (walk.healths.size > ASSESSMENTS_MAX) return undefined
  const middle = (from + to) / 2n
  if (isLiquidatableAt(walk, middle) === wanted) return firstIn(walk, { from, to: middle }, wanted)
  const first = firstIn(walk, { from, to: middle }, wanted)
  return first === null ? firstIn(walk, { from: middle, to }, wanted) : first
}

/** Where a stretch that is safe at `from` ends as far as was looked: before the nearest liquidatable step that was met. */
const metEnd = (walk: Walk, { from, to }: Steps): bigint => {
  const met = [...walk.healths].filter(([step, health]) => step > from && health?.isLiquidatable)
  if (met.length === 0) return to
  const nearest = met.map(([step]) => step).reduce((a, b) => (a < b ? a : b))
  return bisect(from, nearest, (step) => isLiquidatableAt(walk, step)) - 1n
}

/** Stretches of safe steps behind a liquidatable one. */
const stretchesBehind = (walk: Walk, step: bigint, to: bigint): readonly Steps[] => {
  const stretches: Steps[] = []
  let from = step
  while (stretches.length < STRETCHES_MAX) {
    const safe = firstIn(walk, { from, to }, false)
    if (safe === null || safe === undefined) break
    const next = firstIn(walk, { from: safe, to }, true)
    if (typeof next !== 'bigint') {
      stretches.push({ from: safe, to: next === null ? to : metEnd(walk, { from: safe, to }) })
      break
    }
    stretches.push({ from: safe, to: next - 1n })
    from = next
  }
  return stretches
}

/** A flip where the search cannot go on: at the nearest liquidatable step that was met, by bisection. */
const unproven = (walk: Walk): Flip | null => {
  const met = [...walk.healths].filter(([, health]) => health?.isLiquidatable).map(([step]) => step)
  if (met.length === 0) return null
  const nearest = met.reduce((a, b) => (a < b ? a : b))
  return {
    step: bisect(0n, nearest, (step) => isLiquidatableAt(walk, step)),
    safeAgain: [],
    isProven: false,
  }
}

/**
 * The first step of a path at which the loan is liquidatable; null where none is, and where the contract gives no answer as things are.
 * Steps from the first one without an answer on are not looked at. Where a loan that turns liquidatable stays so (`isMonotone`),
 * the straight line and bisection find the step. Elsewhere the path is halved, nearest half first, and a stretch is left out only where its ends prove that
 * nothing in it flips (`certaintyBetween`): so the step found is the first.
 */
export const firstFlip = (path: Path): Flip | null => {
  const walk: Walk = { path, healths: new Map() }
  const near = healthAt(walk, 0n)
  if (!near || near.phase === 'no-debt') return null
  if (near.isLiquidatable) return { step: 0n, safeAgain: [], isProven: true }
  const to = lastAnswered(walk, path.steps)
  const far = healthAt(walk, to)
  if (to === 0n || !far) return null
  if (isMonotone(near, far)) {
    if (!far.isLiquidatable) return null
    const crossing = aroundCrossing(walk, to)
    const step = bisect(crossing.from, crossing.to, (one) => isLiquidatableAt(walk, one))
    return { step, safeAgain: [], isProven: true }
  }
  const step = firstIn(walk, { from: 0n, to }, true)
  if (step === undefined) return unproven(walk)
  return step === null ? null : { step, safeAgain: stretchesBehind(walk, step, to), isProven: true }
}
