// What changed parameters do to positions: their health with what was before against that with what is now.
import type { Assessment, Health } from '../model/assessment.ts'
import type { Quote } from '../model/market.ts'
import type { ChangeEffect, HealthMove, Turn, Turned } from '../model/parameter.ts'
import { centsText } from '../protocols/assessing.ts'
import { UINT256_MAX } from '../units/brands.ts'
import { parseDecimal } from '../units/decimal.ts'

/** One position under the parameters before and after, all else equal. */
export type Pair = {
  readonly before: Assessment
  readonly after: Assessment
  readonly isWatched: boolean
}

/** Ids of positions that changed sides, and moves of watched ones, that are told one by one. */
const LISTED_MAX = 20
const WATCHED_LISTED_MAX = 100

const CENT_PLACES = 2

const healthOf = (assessment: Assessment): bigint | null =>
  assessment.kind === 'assessed' ? assessment.healthFactor : null

const moveOf = ({ before, after }: Pair): HealthMove => ({
  id: after.id,
  before: healthOf(before),
  after: healthOf(after),
})

/** How far health rises, a wad; undefined where it is not known or there is no debt. */
const riseOf = ({ before, after }: HealthMove): bigint | undefined =>
  before === null || after === null || before === UINT256_MAX || after === UINT256_MAX
    ? undefined
    : after - before

const isSameQuote = (a: Quote, b: Quote): boolean =>
  a.symbol === b.symbol && a.decimals === b.decimals && a.asset === b.asset

/** The quote of all; null where there are several, or none. */
const commonQuote = (healths: readonly Health[]): Quote | null => {
  const [first] = healths
  return first && healths.every(({ quote }) => isSameQuote(quote, first.quote)) ? first.quote : null
}

const usdSum = (healths: readonly Health[]): string | null => {
  let sum = 0n
  for (const { usd } of healths) {
    const debt = usd && parseDecimal(usd.debt, CENT_PLACES)
    if (debt === null || debt === undefined) return null
    sum += debt
  }
  return centsText(sum)
}

/** Positions that changed sides, by what is known of them: their health after, else before. */
const turned = (pairs: readonly Pair[]): Turned => {
  const healths = pairs.flatMap(({ before, after }): readonly Health[] =>
    after.kind === 'assessed' ? [after] : before.kind === 'assessed' ? [before] : [],
  )
  const quote = commonQuote(healths)
  return {
    count: pairs.length,
    ids: pairs.slice(0, LISTED_MAX).map(({ after }) => after.id),
    quote,
    debtValue: quote ? healths.reduce((sum, { debtValue }) => sum + debtValue, 0n) : null,
    debtUsd: usdSum(healths),
  }
}

/** Which side a position changed to; null where it stays on its own. */
const turnOf = ({ before, after }: Pair): Turn | null => {
  if (before.kind !== 'assessed' || after.kind !== 'assessed') {
    if (before.kind === after.kind) return null
    return after.kind === 'assessed' ? 'assessable' : 'unassessable'
  }
  if (before.isLiquidatable !== after.isLiquidatable) return after.isLiquidatable ? 'liquidatable' : 'safe'
  if (!after.isLiquidatable || before.isExecutable === after.isExecutable) return null
  return after.isExecutable ? 'executable' : 'blocked'
}

const isMoved = ({ before, after }: HealthMove): boolean => before !== after

const furthest = (moves: readonly HealthMove[], sign: bigint): HealthMove | null => {
  let found: HealthMove | null = null
  let most = 0n
  for (const move of moves) {
    const rise = sign * (riseOf(move) ?? 0n)
    if (rise <= most) continue
    most = rise
    found = move
  }
  return found
}

/** The effect on positions that were assessed both ways; `counts` tell of the change and of positions beyond them. */
export const effectOf = (
  pairs: readonly Pair[],
  counts: Pick<ChangeEffect, 'changeCount' | 'positionCount' | 'uncertainCount'>,
): ChangeEffect => {
  const moves = pairs.map(moveOf).filter(isMoved)
  const turns = new Map(pairs.map((pair) => [pair, turnOf(pair)]))
  const turnedTo = (turn: Turn): Turned => turned(pairs.filter((pair) => turns.get(pair) === turn))
  return {
    ...counts,
    exactCount: pairs.length,
    movedCount: moves.length,
    largestFall: furthest(moves, -1n),
    largestRise: furthest(moves, 1n),
    newlyLiquidatable: turnedTo('liquidatable'),
    noLongerLiquidatable: turnedTo('safe'),
    newlyExecutable: turnedTo('executable'),
    newlyBlocked: turnedTo('blocked'),
    newlyUnassessable: turnedTo('unassessable'),
    watched: pairs
      .filter((pair) => pair.isWatched)
      .map((pair) => ({ ...moveOf(pair), becomes: turns.get(pair) ?? null }))
      .filter((move) => isMoved(move) || move.becomes !== null)
      .slice(0, WATCHED_LISTED_MAX),
  }
}
