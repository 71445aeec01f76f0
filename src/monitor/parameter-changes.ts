// Which parameters of which markets a cycle finds changed.
import type { BlockRef } from '../model/block.ts'
import { formatDeploymentId, formatMarketId } from '../model/ids.ts'
import type { Market } from '../model/market.ts'
import type { Parameter, ParameterChange, ParameterValue } from '../model/parameter.ts'
import type { PriceKey, PriceReading } from '../model/price.ts'
import type { Adapter } from '../protocols/adapter.ts'
import { parametersOf, WHOLE } from '../protocols/parameters.ts'
import type { Tracked } from '../store/book.ts'
import type { Database } from '../store/database.ts'
import { pastState } from '../store/history.ts'
import { marketsChangedAbove } from '../store/parameter-changes.ts'
import type { Attention } from './attention.ts'
import { createEffects } from './change-effects.ts'
import type { Plan } from './plan.ts'

/** What was known of a deployment before this cycle. */
export type Earlier = {
  market(name: string): Market | undefined
  price(key: PriceKey): PriceReading | undefined
}

/** One parameter, with its value before and after. */
export type Difference = {
  readonly parameter: Parameter
  readonly before: ParameterValue | null
  readonly after: ParameterValue | null
}

/** A market of which something changed; `before` as it was, `after` as it is. */
export type ChangedMarket = {
  readonly plan: Plan
  readonly before: Market
  readonly after: Market
  readonly differences: readonly Difference[]
  readonly earlier: Earlier
}

export type ChangesOptions = {
  readonly database: Database
  readonly plans: readonly Plan[]
  readonly attentions: ReadonlyMap<Tracked, Attention>
  readonly head: BlockRef
  /** The newest block that a reorg left standing; undefined where there was none. */
  readonly keptUntil: bigint | undefined
  /** Positions that are assessed for all effects together. */
  readonly positionsMax: number
}

/** Says that something is there at all. Where any other parameter appears or goes, it was only not known. */
const EXISTENCE = /(?:^|\.)isListed$/

/** Markets are never changed in place, so that what was after one cycle need not be asked for before the next. */
const known = new WeakMap<Market, readonly Parameter[]>()

/** All parameters of a market, and which maths it has. */
const allOf = (adapter: Adapter, market: Market): readonly Parameter[] => {
  const remembered = known.get(market)
  if (remembered) return remembered
  const { revision, revisionRaw } = market
  const all = [
    ...parametersOf(WHOLE, {
      text: { revision: revision || undefined, contractRevision: revisionRaw || undefined },
    }),
    ...adapter.parameters(market),
  ]
  known.set(market, all)
  return all
}

const isSame = (a: Parameter, b: Parameter | undefined): boolean =>
  b !== undefined && a.value === b.value && a.name === b.name && a.asset === b.asset

const byKey = (parameters: readonly Parameter[]): ReadonlyMap<string, Parameter> =>
  new Map(parameters.map((parameter) => [`${parameter.name} ${parameter.asset ?? ''}`, parameter]))

/** What differs between two states of a market. */
export const differencesBetween = (
  adapter: Adapter,
  before: Market,
  after: Market,
): readonly Difference[] => {
  const [allOld, allNow] = [allOf(adapter, before), allOf(adapter, after)]
  if (allOld.length === allNow.length && allOld.every((one, index) => isSame(one, allNow[index]))) return []
  const [old, now] = [byKey(allOld), byKey(allNow)]
  const keys = new Set([...now.keys(), ...old.keys()])
  return [...keys].flatMap((key): readonly Difference[] => {
    const [was, is] = [old.get(key), now.get(key)]
    const parameter = is ?? was
    if (!parameter || was?.value === is?.value) return []
    if ((!was || !is) && !EXISTENCE.test(parameter.name)) return []
    return [{ parameter, before: was?.value ?? null, after: is?.value ?? null }]
  })
}

/** After a reorg what was known before is what was known at the newest block that still stands. */
const earlierOf = ({ mirror, id }: Tracked, { database, keptUntil }: ChangesOptions): Earlier =>
  keptUntil === undefined
    ? { market: (name) => mirror.markets.get(name), price: (key) => mirror.prices.get(key) }
    : pastState(database, id, mirror.deployment, keptUntil)

/** Markets that may have changed: those that the draft changes and, after a reorg, those whose changes were orphaned. */
const candidatesOf = ({ tracked, draft, adapter }: Plan, options: ChangesOptions): readonly string[] => {
  const { keptUntil, database, head } = options
  const { mirror } = tracked
  const prefix = `${formatDeploymentId(mirror.deployment)}:`
  const orphaned =
    keptUntil === undefined
      ? []
      : marketsChangedAbove(database, head.chainId, keptUntil).flatMap((id) =>
          id.startsWith(prefix) ? [id.slice(prefix.length)] : [],
        )
  const changed = [...draft.markets.changes].flatMap(([name, after]) => {
    const before = mirror.markets.get(name)
    const isOther =
      before && after && before !== after && differencesBetween(adapter, before, after).length > 0
    return isOther ? [name] : []
  })
  return [...new Set([...changed, ...orphaned])]
}

const changedIn = (plan: Plan, options: ChangesOptions): readonly ChangedMarket[] => {
  const names = candidatesOf(plan, options)
  if (names.length === 0) return []
  const earlier = earlierOf(plan.tracked, options)
  return names.flatMap((name) => {
    const [before, after] = [earlier.market(name), plan.draft.markets.get(name)]
    if (!before || !after) return []
    const differences = differencesBetween(plan.adapter, before, after)
    return differences.length > 0 ? [{ plan, before, after, differences, earlier }] : []
  })
}

/**
 * Parameters that are another than before this cycle, with what that does to positions; what is seen for the first time has
 * not changed. The block is the one at which it was noticed. To be called before the cycle is committed, and after all its
 * positions were chosen.
 */
export const parameterChanges = (options: ChangesOptions): readonly ParameterChange[] => {
  const { plans, head, attentions, positionsMax } = options
  const changed = plans.flatMap((plan) => changedIn(plan, options))
  if (changed.length === 0) return []
  const effectOn = createEffects({ plans, attentions, head, positionsMax })
  return changed.flatMap((market) => {
    const effect = effectOn(market)
    return market.differences.map(
      ({ parameter: { value: _value, prices: _prices, ...parameter }, ...values }) => ({
        ...parameter,
        ...values,
        chainId: head.chainId,
        blockNumber: head.number,
        timestamp: head.timestamp,
        market: formatMarketId(market.after.id),
        effect,
      }),
    )
  })
}
