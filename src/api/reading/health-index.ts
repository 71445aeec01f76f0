// All positions of a chain by bounds of their health, as the daemon's own screen has them at its last cycle.
import type { Assessment } from '../../model/assessment.ts'
import type { BlockRef } from '../../model/block.ts'
import { formatDeploymentId } from '../../model/ids.ts'
import { assessOne, bookEnvOf } from '../../monitor/assessing.ts'
import type { Attention } from '../../monitor/attention.ts'
import type { Follower } from '../../monitor/cycle.ts'
import { quotesOf } from '../../monitor/quoting.ts'
import type { Env } from '../../protocols/adapter.ts'
import type { Tracked } from '../../store/book.ts'
import { type Pause, SEEN_AT_ONCE } from './steady.ts'

/** Positions of one deployment: `slots[i]` has a health between `lows[i]` and `highs[i]`; −1 and infinity where only an exact assessment tells. */
export type Part = {
  readonly tracked: Tracked
  readonly env: Env
  readonly count: number
  readonly slots: Uint32Array
  readonly lows: Float64Array
  readonly highs: Float64Array
  /** Numbers of names of `marketNames`. */
  readonly markets: Uint32Array
  readonly marketNames: readonly string[]
  readonly marketCounts: readonly number[]
  /** By the last snapshots, which are taken whenever one of these changes. */
  readonly liquidatableCount: number
  readonly unassessableCount: number
}

export type HealthIndex = { readonly block: BlockRef; readonly parts: readonly Part[] }

/** One position of a part. */
export type Entry = { readonly part: Part; readonly at: number }

/** An exact assessment and where it is from; undefined where the position is gone. */
export type Assessed = Entry & { readonly assessment: Assessment }

const UNBOUNDED = { low: -1, high: Number.POSITIVE_INFINITY }

const partOf = async (tracked: Tracked, attention: Attention, env: Env, pause: Pause): Promise<Part> => {
  const size = attention.slotLimit
  const isInStep = attention.chosenAt() === env.block.hash
  const [slots, markets] = [new Uint32Array(size), new Uint32Array(size)]
  const [lows, highs] = [new Float64Array(size), new Float64Array(size)]
  const numbers = new Map<string, number>()
  const marketCounts: number[] = []
  let [count, liquidatableCount, unassessableCount] = [0, 0, 0]
  for (let from = 0; from < size; from += SEEN_AT_ONCE) {
    attention.survey(from, from + SEEN_AT_ONCE, ({ slot, market, bounds, last }) => {
      const number = numbers.get(market) ?? numbers.size
      numbers.set(market, number)
      marketCounts[number] = (marketCounts[number] ?? 0) + 1
      slots[count] = slot
      markets[count] = number
      lows[count] = (isInStep ? bounds?.low : undefined) ?? UNBOUNDED.low
      highs[count] = (isInStep ? bounds?.high : undefined) ?? UNBOUNDED.high
      count += 1
      if (last?.kind === 'unassessable') unassessableCount += 1
      else if (last?.isLiquidatable) liquidatableCount += 1
    })
    await pause()
  }
  const marketNames = [...numbers.keys()]
  return {
    ...{ tracked, env, count, slots, lows, highs, markets, marketNames, marketCounts },
    ...{ liquidatableCount, unassessableCount },
  }
}

/** Works out what is queued before positions while the book is that of the block. */
const primed = ({ mirror, adapter }: Tracked, env: Env): Env => {
  if (!adapter.redemptions) return env
  for (const name of mirror.markets.keys())
    for (const position of mirror.positions.values())
      if (position.id.market === name) {
        env.debtInFront(position)
        break
      }
  return env
}

/** The index of a chain at its last cycle; undefined before the first. */
export const createHealthIndex = async (
  { book, attentions }: Pick<Follower, 'book' | 'attentions'>,
  pause: Pause,
): Promise<HealthIndex | undefined> => {
  const block = book.cursor
  if (!block) return undefined
  const quotes = quotesOf(book.tracked)
  const parts: Part[] = []
  for (const tracked of book.tracked) {
    const attention = attentions.get(tracked)
    if (!attention) continue
    parts.push(await partOf(tracked, attention, primed(tracked, bookEnvOf(tracked, block, quotes)), pause))
  }
  return { block, parts }
}

/** The exact health of an entry. Holds for the version of the book that the index is of. */
export const assessEntry = ({ part, at }: Entry): Assessed | undefined => {
  const { tracked, env, slots } = part
  const position = tracked.mirror.positions.at(slots[at] as number)
  return position && { part, at, assessment: assessOne(tracked, position, env) }
}

/** `chainId:protocol:deployment:market` of an entry. */
export const marketIdOf = ({ part, at }: Entry): string =>
  `${formatDeploymentId(part.tracked.mirror.deployment)}:${part.marketNames[part.markets[at] as number]}`

/** The entry of a slot; undefined where there is no position. */
export const entryAt = (part: Part, slot: number): Entry | undefined => {
  let [low, high] = [0, part.count]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((part.slots[middle] as number) < slot) low = middle + 1
    else high = middle
  }
  return low < part.count && part.slots[low] === slot ? { part, at: low } : undefined
}
