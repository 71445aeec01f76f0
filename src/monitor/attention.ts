// Which positions of one deployment are assessed exactly at a head: the screen of all of them, in step with the committed mirror.
import type { Address, Hash } from 'viem'
import type { BlockRef } from '../model/block.ts'
import type { Market, Position } from '../model/market.ts'
import type { PriceKey } from '../model/price.ts'
import type { Env, Mirror } from '../protocols/adapter.ts'
import { type Bounds, type Interval, intersection, isWithin, NOTHING } from '../risk/interval.ts'
import { createScreen, type Screen } from '../risk/screen.ts'
import { compareFactors, type FactorsOf } from '../risk/screen-comparison.ts'
import { createTriggers, type Triggers } from '../risk/triggers.ts'
import type { Tracked } from '../store/book.ts'
import type { Draft } from '../store/draft.ts'
import type { NewestHealth } from '../store/newest-healths.ts'
import { calmInterval, stretchOf, TOLERANCE_PARTS } from './bands.ts'
import { type FeedTrigger, feedTriggersOf } from './feed-triggers.ts'
import { createLastSnapshots, type Last, type LastSnapshots, lastOfHealth } from './last-snapshots.ts'
import { type Nearing, nearingOf } from './nearing.ts'
import { createSlotFinder } from './slot-finder.ts'
import { type Seen, survey } from './survey.ts'

/** Keys of positions to assess exactly in the order of their slots, new ones last; how many of them for their history alone, and how many more wait for that. */
export type Choice = {
  readonly keys: readonly string[]
  readonly historyCount: number
  readonly waitingCount: number
}

export type ChoiceInput = {
  /** The mirror as it will be, and what its env is at the head. */
  readonly mirror: Mirror
  readonly env: Env
  /** Keys of positions that are assessed whatever the screen says. */
  readonly wanted: readonly string[]
  /** Assessments for history alone that this cycle has left. */
  readonly historyMax: number
}

/** What a draft does to one position: `slot` is the one that it had, `position` undefined where it goes. */
export type Touched = {
  readonly key: string
  readonly slot: number | undefined
  readonly position: Position | undefined
}

/** What a draft does to positions, in the order of their keys' first mention. */
export const touchedBy = ({ mirror }: Tracked, { positions }: Draft): readonly Touched[] =>
  [...positions.changes].map(([key, position]) => ({ key, slot: mirror.positions.slotOf(key), position }))

export type Attention = {
  choose(input: ChoiceInput): Choice
  /** What the last snapshot of a position said. */
  lastOf(key: string): Last | undefined
  /** Keys of positions of watched accounts. */
  watchedKeys(): Iterable<string>
  /** An account is watched from now on, which has had positions of these keys; or no longer. */
  watch(account: Address, keys: readonly string[]): void
  unwatch(account: Address): void
  /** A move by one part of so many is written down. */
  partsOf(owner: Address): number
  /** Follows a commit: what it did to positions, and what the last snapshot of some says now, by key. */
  settle(touched: readonly Touched[], lasts: ReadonlyMap<string, Last | undefined>): void
  /** Keys of positions of a market that other factors than those of the last choice would move, or that are or would be liquidatable, nearest first. */
  movedBy(market: string, before: FactorsOf, after: FactorsOf): readonly string[]
  /** The trigger of every price feed at the last head. */
  triggers(): readonly FeedTrigger[]
  /** Positions that one price may make liquidatable as it moves to `ratio` times itself; `env` is that of the last choice. */
  nearing(key: PriceKey, ratio: number, env: Env): readonly Nearing[]
  /** Positions of slots from one up to another, not included, by the last choice. */
  survey(from: number, to: number, see: (seen: Seen) => void): void
  /** One above the highest slot in use. */
  readonly slotLimit: number
  /** The block of the last choice, of which the bounds are; undefined before the first. */
  chosenAt(): Hash | undefined
}

export type AttentionOptions = {
  readonly tracked: Tracked
  readonly watched: ReadonlySet<Address>
  /** Where a position that is not watched and has no open alert begins none. */
  readonly quiet: readonly Interval[]
  /** What the last snapshots of its positions said. */
  readonly lasts: Iterable<NewestHealth>
}

type State = Pick<AttentionOptions, 'tracked' | 'quiet'> & {
  readonly watched: Set<Address>
  readonly screen: Screen
  readonly triggers: Triggers
  readonly lasts: LastSnapshots
  /** Keys of watched accounts. */
  readonly watchedKeys: Set<string>
  /** The slot whose turn is next, of those that wait for their history. */
  nextTurn: number
  chosenAt: BlockRef | undefined
}

/** Healths at which neither history nor an alert asks for a position. */
const restOf = (
  { ppm, isLiquidatable }: Extract<Last, { kind: 'assessed' }>,
  quiet: readonly Interval[],
): Interval => {
  const stretch = stretchOf(ppm, quiet)
  const isOnItsSide = isLiquidatable === stretch.ceil <= 1
  return isOnItsSide ? intersection(calmInterval(ppm, TOLERANCE_PARTS.others), stretch) : NOTHING
}

/** Holds a slot to where it may rest. */
const hold = ({ screen, lasts, quiet }: State, slot: number): void => {
  const last = lasts.of(slot)
  if (last?.kind === 'assessed') screen.hold(slot, restOf(last, quiet))
  else screen.hold(slot, NOTHING)
}

/** Sets a position's row. Without a market it has none yet: it is exact until there is one. */
const place = (
  { tracked, screen, triggers, watched, watchedKeys }: State,
  slot: number,
  position: Position,
  market: Market | undefined,
): void => {
  screen.put(slot, position.id.market, market ? tracked.adapter.screen.row(market, position) : 'always-exact')
  triggers.put(slot)
  const isWatched = watched.has(position.owner)
  const key = isWatched || watchedKeys.size > 0 ? tracked.mirror.positions.keyOf(slot) : undefined
  if (key === undefined) return
  if (isWatched) watchedKeys.add(key)
  else watchedKeys.delete(key)
}

/** Slots that one call places: a function that is called often is compiled well. */
const BLOCK = 1_024

/** Sets the rows of slots, and holds them. */
const placeBlock = (state: State, from: number, to: number): void => {
  const { positions, markets } = state.tracked.mirror
  for (let slot = from; slot < to; slot++) {
    const position = positions.at(slot)
    if (!position) continue
    place(state, slot, position, markets.get(position.id.market))
    hold(state, slot)
  }
}

type Need = 'exact' | 'history' | 'none'

/** What a slot needs whose health has these bounds. Below 1 it is liquidatable, as far as they tell. */
const needWithin = (bounds: Bounds | undefined, last: Last | undefined, quiet: readonly Interval[]): Need => {
  if (!bounds || !quiet.some((stretch) => isWithin(bounds, stretch))) return 'exact'
  const isBelow = bounds.high < 1
  if (last?.kind !== 'assessed') return isBelow ? 'exact' : 'history'
  if (last.isLiquidatable !== isBelow) return 'exact'
  return isWithin(bounds, calmInterval(last.ppm, TOLERANCE_PARTS.others)) ? 'none' : 'history'
}

/**
 * What a slot needs that may have left its interval. The smallest loans always may, by the roundings of a few units: only
 * bounds with these carried out tell whether they have. Where factors tell nothing of single terms, dust across an edge of an
 * alert is assessed exactly at every head.
 */
const needOf = ({ screen, lasts, quiet }: State, slot: number): Need => {
  const last = lasts.of(slot)
  const need = needWithin(screen.boundsOf(slot), last, quiet)
  return need === 'none' ? need : needWithin(screen.narrowBoundsOf(slot), last, quiet)
}

/** Why no position of a market can be assessed; undefined where they can. */
const reasonOf = (market: Market | undefined): string | undefined =>
  market ? market.fault?.reason : 'not-yet-read'

/** A position without a row gets one where its market has become known. */
const retryRow = (state: State, slot: number, mirror: Mirror, changed: ReadonlySet<string>): void => {
  const { screen, tracked } = state
  const name = screen.marketOf(slot)
  if (name === undefined || !changed.has(name) || !screen.isAlwaysExact(slot)) return
  const position = tracked.mirror.positions.at(slot)
  if (position) place(state, slot, position, mirror.markets.get(name))
}

/** Slots that something asks to be assessed now, and those whose history alone does, in their order. */
const screened = (
  state: State,
  { mirror, env }: ChoiceInput,
): { readonly exact: number[]; readonly history: number[] } => {
  const { screen, tracked, lasts } = state
  const { adapter } = tracked
  const [exact, history]: [number[], number[]] = [[], []]
  const reasons = new Map<string, string>()
  const changed = new Set(
    [...mirror.markets]
      .filter(([name, market]) => tracked.mirror.markets.get(name) !== market)
      .map(([name]) => name),
  )
  screen.setFactors(
    (name, factor) => {
      const market = mirror.markets.get(name)
      return market && adapter.screen.factor(market, factor, env)
    },
    (name) => {
      const reason = reasonOf(mirror.markets.get(name))
      if (reason !== undefined) reasons.set(name, reason)
      return reason !== undefined
    },
  )
  const visited: number[] = []
  screen.sweep((slot) => visited.push(slot))
  for (const slot of visited) {
    retryRow(state, slot, mirror, changed)
    const need = needOf(state, slot)
    if (need === 'exact') exact.push(slot)
    else if (need === 'history') history.push(slot)
  }
  if (reasons.size === 0) return { exact, history }
  for (let slot = 0; slot < screen.slotLimit; slot++) {
    const reason = reasons.get(screen.marketOf(slot) ?? '')
    const last = lasts.of(slot)
    if (reason !== undefined && !(last?.kind === 'unassessable' && last.reason === reason)) history.push(slot)
  }
  return { exact, history: history.sort((a, b) => a - b) }
}

/** Those whose turn it is, of slots in their order. */
const turnsOf = (state: State, waiting: readonly number[], max: number): readonly number[] => {
  if (waiting.length <= max) return waiting
  const start = Math.max(
    0,
    waiting.findIndex((slot) => slot >= state.nextTurn),
  )
  const turns = [
    ...waiting.slice(start, start + max),
    ...waiting.slice(0, Math.max(0, max - (waiting.length - start))),
  ]
  state.nextTurn = (turns.at(-1) ?? -1) + 1
  return turns
}

const inOrder = ({ tracked }: State, keys: Iterable<string>): readonly string[] => {
  const { slotOf, slotLimit } = tracked.mirror.positions
  return [...keys]
    .map((key) => ({ key, slot: slotOf(key) ?? slotLimit }))
    .sort((a, b) => a.slot - b.slot)
    .map(({ key }) => key)
}

const choose = (state: State, input: ChoiceInput): Choice => {
  state.chosenAt = input.env.block
  const { keyOf } = state.tracked.mirror.positions
  const { positions } = input.mirror
  const keys = new Set<string>()
  for (const key of [...state.watchedKeys, ...input.wanted]) if (positions.has(key)) keys.add(key)
  /** Keys of slots that are still there and not chosen yet. */
  const others = (slots: readonly number[]): readonly number[] =>
    slots.filter((slot) => {
      const key = keyOf(slot)
      return key !== undefined && !keys.has(key) && positions.has(key)
    })
  const add = (slot: number): void => {
    keys.add(keyOf(slot) ?? '')
  }
  const { exact, history } = screened(state, input)
  others(exact).forEach(add)
  const waiting = others(history)
  const turns = turnsOf(state, waiting, input.historyMax)
  turns.forEach(add)
  return {
    keys: inOrder(state, keys),
    historyCount: turns.length,
    waitingCount: waiting.length - turns.length,
  }
}

const settle = (
  state: State,
  touched: readonly Touched[],
  lasts: ReadonlyMap<string, Last | undefined>,
): void => {
  const { screen, watchedKeys, tracked } = state
  const { slotOf } = tracked.mirror.positions
  for (const { key, slot, position } of touched) {
    if (position || slot === undefined) continue
    screen.remove(slot)
    state.triggers.put(slot)
    state.lasts.forget(slot)
    watchedKeys.delete(key)
  }
  for (const { key, position } of touched) {
    const slot = slotOf(key)
    if (position && slot !== undefined)
      place(state, slot, position, tracked.mirror.markets.get(position.id.market))
  }
  for (const [key, last] of lasts) {
    const slot = slotOf(key)
    if (slot === undefined) continue
    if (last) state.lasts.remember(slot, last)
    else state.lasts.forget(slot)
    hold(state, slot)
  }
}

/** The attention of a deployment as last committed. Makes a row of every position. */
export const createAttention = (options: AttentionOptions): Attention => {
  const { tracked, watched, quiet } = options
  const screen = createScreen()
  const state: State = {
    ...{ tracked, quiet, watched: new Set(watched) },
    ...{ screen, triggers: createTriggers(screen) },
    lasts: createLastSnapshots(),
    watchedKeys: new Set(),
    nextTurn: 0,
    chosenAt: undefined,
  }
  const { lasts } = state
  const { positions } = tracked.mirror
  const slotOf = createSlotFinder(positions)
  for (const last of options.lasts) {
    const slot = slotOf(last.entryId)
    if (slot !== undefined) lasts.remember(slot, lastOfHealth(last))
  }
  for (let from = 0; from < positions.slotLimit; from += BLOCK)
    placeBlock(state, from, Math.min(from + BLOCK, positions.slotLimit))
  return {
    choose: (input) => choose(state, input),
    lastOf: (key) => {
      const slot = positions.slotOf(key)
      return slot === undefined ? undefined : lasts.of(slot)
    },
    watchedKeys: () => state.watchedKeys,
    watch: (account, keys) => {
      state.watched.add(account)
      for (const key of keys) if (positions.has(key)) state.watchedKeys.add(key)
    },
    unwatch: (account) => {
      state.watched.delete(account)
      for (const key of state.watchedKeys)
        if (positions.get(key)?.owner === account) state.watchedKeys.delete(key)
    },
    partsOf: (owner) => (state.watched.has(owner) ? TOLERANCE_PARTS.watched : TOLERANCE_PARTS.others),
    settle: (touched, taken) => settle(state, touched, taken),
    movedBy: (market, before, after) =>
      compareFactors(screen, market, before, after).flatMap((slot) => positions.keyOf(slot) ?? []),
    triggers: () => feedTriggersOf(state.triggers, screen.factors.feedKeys, tracked.mirror),
    nearing: (key, ratio, env) => nearingOf({ ...state, ...tracked, env }, key, ratio),
    survey: (from, to, see) => survey(state, from, to, see),
    get slotLimit() {
      return screen.slotLimit
    },
    chosenAt: () => state.chosenAt?.hash,
  }
}
