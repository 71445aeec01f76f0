// Walking a book from the worst health on: bounds tell which positions may come next, and only those are assessed.
import { ProblemError } from '../problem.ts'
import { type Assessed, assessEntry, type Entry, type HealthIndex } from './health-index.ts'
import { comparePlaces, isBefore, isCertainlyAbove, isCertainlyBelow, type Place, placeOf } from './order.ts'
import { ASSESSED_AT_ONCE, type Pause, SEEN_AT_ONCE } from './steady.ts'

/** Which positions are wanted. */
export type Wanted = {
  /** By what the index tells: markets, owners. */
  isWanted(entry: Entry): boolean
  /** Of those, healths in this range, wads; what cannot be assessed is in any range. */
  readonly minHealth: bigint | undefined
  readonly maxHealth: bigint | undefined
  /** By the assessment itself. */
  keep(assessed: Assessed): boolean
}

export type WalkOptions = Wanted & {
  /** Begins behind this place. */
  readonly after: Place | undefined
  readonly limit: number
  readonly assessmentsMax: number
}

/** `isLast`: nothing that is wanted comes after; else `end` is the place up to which all were looked at. */
export type Walked = {
  readonly found: readonly Assessed[]
  readonly end: Place | undefined
  readonly isLast: boolean
}

const lowOf = ({ part, at }: Entry): number => part.lows[at] as number

/** Of two entries that may be equally bad, the one of the earlier deployment and slot first. */
const compareEntries = (a: Entry, b: Entry): number => {
  const [left, right] = [lowOf(a), lowOf(b)]
  if (left !== right) return left < right ? -1 : 1
  return a.part.tracked.id - b.part.tracked.id || a.at - b.at
}

/** Every wanted entry, in pieces. */
async function* entriesOf(
  indexes: readonly HealthIndex[],
  isWanted: Wanted['isWanted'],
  pause: Pause,
): AsyncGenerator<readonly Entry[]> {
  for (const { parts } of indexes)
    for (const part of parts)
      for (let from = 0; from < part.count; from += SEEN_AT_ONCE) {
        const piece: Entry[] = []
        for (let at = from; at < Math.min(from + SEEN_AT_ONCE, part.count); at++)
          if (isWanted({ part, at })) piece.push({ part, at })
        yield piece
        await pause()
      }
}

/** All wanted entries; undefined where there are more than `max`. */
export const collect = async (
  indexes: readonly HealthIndex[],
  isWanted: Wanted['isWanted'],
  max: number,
  pause: Pause,
): Promise<readonly Entry[] | undefined> => {
  const found: Entry[] = []
  for await (const piece of entriesOf(indexes, isWanted, pause)) {
    if (found.length + piece.length > max) return undefined
    found.push(...piece)
  }
  return found
}

/** Exact assessments of entries, in pieces; those that are gone are left out. */
export const assessEntries = async (
  entries: readonly Entry[],
  pause: Pause,
): Promise<readonly Assessed[]> => {
  const assessed: Assessed[] = []
  for (let from = 0; from < entries.length; from += ASSESSED_AT_ONCE) {
    for (const entry of entries.slice(from, from + ASSESSED_AT_ONCE)) {
      const one = assessEntry(entry)
      if (one) assessed.push(one)
    }
    await pause()
  }
  return assessed
}

/** The first so many wanted entries behind one, in the order of their lows. */
const nextEntries = async (
  indexes: readonly HealthIndex[],
  isWanted: Wanted['isWanted'],
  behind: Entry | undefined,
  count: number,
  pause: Pause,
): Promise<readonly Entry[]> => {
  let best: Entry[] = []
  let worst: Entry | undefined
  const cut = (): void => {
    best = best.sort(compareEntries).slice(0, count)
    worst = best.length === count ? best.at(-1) : undefined
  }
  const isNext = (entry: Entry): boolean =>
    (!worst || compareEntries(entry, worst) < 0) && (!behind || compareEntries(entry, behind) > 0)
  for await (const piece of entriesOf(indexes, (entry) => isNext(entry) && isWanted(entry), pause)) {
    for (const entry of piece) {
      if (!isNext(entry)) continue
      best.push(entry)
      if (best.length >= 4 * count) cut()
    }
  }
  cut()
  return best
}

export const tooMuchWork = (assessmentsMax: number): ProblemError =>
  new ProblemError(
    'too-much-work',
    `more than ${assessmentsMax} loans would have to be assessed to answer this`,
    { remedy: 'Narrow it by chain, market, owner or health, or raise server.assessmentsPerRequestMax.' },
  )

/**
 * The next wanted positions from the worst health on, exactly assessed and in exact order. Fewer than `limit` where the
 * assessments are used up; throws `ProblemError` where they do not get any further.
 */
export const walk = async (
  indexes: readonly HealthIndex[],
  { after, limit, assessmentsMax, minHealth, maxHealth, ...wanted }: WalkOptions,
  pause: Pause,
): Promise<Walked> => {
  const least = [minHealth, after && after.health > 0n ? after.health : undefined].reduce(
    (most, one) => (most === undefined || (one !== undefined && one > most) ? one : most),
    undefined,
  )
  const isWanted = (entry: Entry): boolean =>
    !(least !== undefined && isCertainlyBelow(entry, least)) &&
    !(maxHealth !== undefined && isCertainlyAbove(entry, maxHealth)) &&
    wanted.isWanted(entry)
  const isKept = (one: Assessed): boolean => {
    const { health } = placeOf(one)
    const isInRange =
      health < 0n || ((minHealth ?? 0n) <= health && (maxHealth === undefined || health <= maxHealth))
    return isInRange && wanted.keep(one)
  }
  const found: Assessed[] = []
  let waiting: Assessed[] = []
  let [end, assessedCount]: [Place | undefined, number] = [after, 0]
  let batch = await nextEntries(indexes, isWanted, undefined, ASSESSED_AT_ONCE, pause)
  while (true) {
    const isOver = batch.length === 0
    const [first] = batch
    const nextLow = first ? lowOf(first) : Number.POSITIVE_INFINITY
    const settledCount = isOver
      ? waiting.length
      : waiting.findIndex((one) => !isBefore(placeOf(one), nextLow))
    const settled = waiting.slice(0, settledCount < 0 ? waiting.length : settledCount)
    waiting = waiting.slice(settled.length)
    for (const [index, one] of settled.entries()) {
      end = placeOf(one)
      if (isKept(one)) found.push(one)
      const isLast = isOver && index === settled.length - 1
      if (found.length === limit) return { found, end, isLast }
    }
    if (isOver) return { found, end, isLast: true }
    if (assessedCount >= assessmentsMax) {
      if (end === after) throw tooMuchWork(assessmentsMax)
      return { found, end, isLast: false }
    }
    const assessed = await assessEntries(batch, pause)
    assessedCount += batch.length
    const news = assessed.filter((one) => !after || comparePlaces(placeOf(one), after) > 0)
    waiting = [...waiting, ...news].sort((a, b) => comparePlaces(placeOf(a), placeOf(b)))
    batch = await nextEntries(indexes, isWanted, batch.at(-1), ASSESSED_AT_ONCE, pause)
  }
}
