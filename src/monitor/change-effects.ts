// What changed parameters do to the positions of a book: the screen tells which of them may have moved, and these are assessed both ways.
import type { BlockRef } from '../model/block.ts'
import type { Market } from '../model/market.ts'
import type { ChangeEffect } from '../model/parameter.ts'
import type { PriceKey } from '../model/price.ts'
import type { Env } from '../protocols/adapter.ts'
import { effectOf, type Pair } from '../risk/change-effect.ts'
import { assessLoan } from '../risk/loan.ts'
import type { Tracked } from '../store/book.ts'
import { envOf } from './assessing.ts'
import type { Attention } from './attention.ts'
import type { ChangedMarket } from './parameter-changes.ts'
import type { Plan } from './plan.ts'
import { quotesOf } from './quoting.ts'

export type EffectsOptions = {
  readonly plans: readonly Plan[]
  readonly attentions: ReadonlyMap<Tracked, Attention>
  readonly head: BlockRef
  readonly positionsMax: number
}

/** Everything else held, one market as it was and prices of sources that were replaced as they were last read. */
const envBefore = (env: Env, { after, differences, earlier }: ChangedMarket, restored: Market): Env => {
  const sources = differences.map(({ parameter }) => parameter.prices ?? [])
  const isAll = sources.includes('all')
  const keys = new Set<PriceKey>(sources.flatMap((prices) => (prices === 'all' ? [] : prices)))
  return {
    ...env,
    markets: (name) => (name === after.id.market ? restored : env.markets(name)),
    prices: (key) => ((isAll || keys.has(key)) && earlier.price(key)) || env.prices(key),
  }
}

/** Markets whose positions rest on one. */
const restingOn = ({ plan, after }: ChangedMarket): readonly Market[] =>
  after.isShared ? [...plan.draft.markets.values()].filter(({ isShared }) => !isShared) : [after]

/** How many positions there will be, by market. */
const countsOf = ({ draft }: Plan): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>()
  for (const key of draft.positions.keys()) {
    const market = key.slice(0, key.indexOf(':'))
    counts.set(market, (counts.get(market) ?? 0) + 1)
  }
  return counts
}

/** Keys of a market's positions that may have moved: watched ones and those that this cycle touched, then by the screen. */
const suspectsIn = (
  { plan }: ChangedMarket,
  attention: Attention,
  now: { readonly market: Market; readonly env: Env },
  before: { readonly market: Market; readonly env: Env },
): readonly string[] => {
  const { adapter, draft } = plan
  const { market: name } = now.market.id
  const factorsOf =
    ({ market, env }: typeof now) =>
    (factor: string) =>
      adapter.screen.factor(market, factor, env)
  const keys = [
    ...[...attention.watchedKeys(), ...draft.positions.changes.keys()].filter((key) =>
      key.startsWith(`${name}:`),
    ),
    ...attention.movedBy(name, factorsOf(before), factorsOf(now)),
  ]
  return [...new Set(keys)].filter((key) => draft.positions.has(key))
}

/** Works out effects one after the other, `positionsMax` positions in all. */
export const createEffects = ({ plans, attentions, head, positionsMax }: EffectsOptions) => {
  const quotes = quotesOf(plans.map(({ adapter, draft }) => ({ adapter, mirror: draft.mirror })))
  const counts = new Map<Plan, ReadonlyMap<string, number>>()
  const countIn = (plan: Plan, market: string): number => {
    const known = counts.get(plan) ?? countsOf(plan)
    counts.set(plan, known)
    return known.get(market) ?? 0
  }
  let left = positionsMax
  return (changed: ChangedMarket): ChangeEffect => {
    const { plan, before, after, differences } = changed
    const { adapter, draft, tracked } = plan
    const attention = attentions.get(tracked)
    const env = envOf(draft.mirror, head, quotes)
    const restored = adapter.withParametersOf(after, before)
    const earlierEnv = envBefore(env, changed, restored)
    const watched = new Set(attention?.watchedKeys())
    const pairs: Pair[] = []
    let [positionCount, uncertainCount] = [0, 0]
    for (const market of restingOn(changed)) {
      const count = countIn(plan, market.id.market)
      positionCount += count
      if (count === 0) continue
      if (market.fault || !attention) {
        uncertainCount += count
        continue
      }
      const was = { market: market === after ? restored : market, env: earlierEnv }
      const now = { market, env }
      const suspects = suspectsIn(changed, attention, now, was)
      const looked = suspects.slice(0, left)
      left -= looked.length
      uncertainCount += suspects.length - looked.length
      for (const key of looked) {
        const position = draft.positions.get(key)
        if (!position) continue
        pairs.push({
          before: assessLoan({ adapter, position, ...was }),
          after: assessLoan({ adapter, position, ...now }),
          isWatched: watched.has(key),
        })
      }
    }
    return effectOf(pairs, { changeCount: differences.length, positionCount, uncertainCount })
  }
}
