// Which positions of one deployment are assessed exactly at a head: the screen of all of them, in step with the committed mirror.
import type { Address } from 'viem'
import { formatDeploymentId } from '../model/ids.ts'
import type { Market, Position } from '../model/market.ts'
import type { Env, Mirror } from '../protocols/adapter.ts'
import { EVERYTHING, type Interval, intersection, isWithin, NOTHING } from '../risk/interval.ts'
import { createScreen, type Screen } from '../risk/screen.ts'
import type { Tracked } from '../store/book.ts'
import { calmInterval, stretchOf, TOLERANCE_PARTS } from './bands.ts'
import { createLastSnapshots, type Last, type LastSnapshots } from './last-snapshots.ts'
import { createSlots, type Slots } from './slots.ts'

/** Keys of positions to assess exactly, and how many more have only their history to wait for. */
export type Choice = { readonly keys: ReadonlySet<string>; readonly waitingCount: number }

export type ChoiceInput = {
  /** The mirror as it will be, and what its env is at the head. */
  readonly mirror: Mirror
  readonly env: Env
  /** Keys of positions that are assessed whatever the screen says. */
  readonly wanted: readonly string[]
  /** Assessments for history alone that this cycle has left. */
  readonly historyMax: number
}

/** What a commit did to one position: `position` undefined where it is gone. */
export type Settled = { readonly key: string; readonly position: Position | undefined }

export type Attention = {
  choose(input: ChoiceInput): Choice
  /** What the last snapshot of a position said. */
  lastOf(key: string): Last | undefined
  /** A position has health in one part of so many of the tolerance of its history. */
  partsOf(owner: Address): number
  /** Follows a commit: positions that changed, and what is now the last snapshot of some. */
  settle(changes: readonly Settled[], lasts: ReadonlyMap<string, Last | undefined>): void
  /** Every position with what its last snapshot said. */
  entries(): Iterable<readonly [key: string, last: Last | undefined]>
}

export type AttentionOptions = {
  readonly tracked: Tracked
  readonly watched: ReadonlySet<Address>
  /** Where a position that is not watched and has no open alert begins none. */
  readonly quiet: readonly Interval[]
  /** What the last snapshot of a position id said. */
  last(id: string): Last | undefined
}

type State = Pick<AttentionOptions, 'tracked' | 'watched' | 'quiet'> & {
  readonly slots: Slots
  readonly screen: Screen
  readonly lasts: LastSnapshots
  /** Keys of watched accounts. */
  readonly watchedKeys: Set<string>
  /** The slot whose turn is next, of those that wait for their history. */
  nextTurn: number
}

const partsOf = (watched: ReadonlySet<Address>, owner: Address): number =>
  watched.has(owner) ? TOLERANCE_PARTS.watched : TOLERANCE_PARTS.others

/** Holds a slot to where neither history nor an alert asks for it. */
const hold = ({ screen, lasts, quiet }: State, slot: number): void => {
  const last = lasts.of(slot)
  if (last?.kind !== 'assessed') return screen.hold(slot, NOTHING)
  const stretch = stretchOf(last.ppm, quiet)
  const isOnItsSide = last.isLiquidatable === stretch.ceil <= 1
  const calm = calmInterval(last.ppm, TOLERANCE_PARTS.others)
  screen.hold(slot, isOnItsSide ? intersection(calm, stretch) : NOTHING)
}

/** Sets a position's row. Without a market it has none yet: it is exact until there is one. */
const place = ({ tracked, screen, watched, watchedKeys }: State, key: string, slot: number, position: Position, market: Market | undefined): void => {
  screen.put(slot, position.id.market, market ? tracked.adapter.screen.row(market, position) : 'always-exact')
  if (watched.has(position.owner)) watchedKeys.add(key)
  else watchedKeys.delete(key)
}

type Need = 'exact' | 'history' | 'none'

/** What a slot needs that may have left its interval. Below 1 it is liquidatable, as far as the bounds tell. */
const needOf = ({ screen, lasts, quiet }: State, slot: number): Need => {
  const bounds = screen.boundsOf(slot)
  if (!bounds || !quiet.some((stretch) => isWithin(bounds, stretch))) return 'exact'
  const isBelow = bounds.high < 1
  const last = lasts.of(slot)
  if (last?.kind !== 'assessed') return isBelow ? 'exact' : 'history'
  if (last.isLiquidatable !== isBelow) return 'exact'
  return isWithin(bounds, calmInterval(last.ppm, TOLERANCE_PARTS.others)) ? 'none' : 'history'
}

/** Why no position of a market can be assessed; undefined where they can. */
const reasonOf = (market: Market | undefined): string | undefined =>
  market ? market.fault?.reason : 'not-yet-read'

/** A position without a row gets one where its market has become known. */
const retryRow = (state: State, slot: number, mirror: Mirror, changed: ReadonlySet<string>): void => {
  const { screen, slots, tracked } = state
  const name = screen.marketOf(slot)
  if (name === undefined || !changed.has(name) || !screen.isAlwaysExact(slot)) return
  const key = slots.keyOf(slot) ?? ''
  const position = tracked.mirror.positions.get(key)
  if (position) place(state, key, slot, position, mirror.markets.get(name))
}

/** Slots that something asks to be assessed now, and those whose history alone does, in their order. */
const screened = (state: State, { mirror, env }: ChoiceInput): { readonly exact: number[]; readonly history: number[] } => {
  const { screen, tracked, lasts } = state
  const { adapter } = tracked
  const [exact, history]: [number[], number[]] = [[], []]
  const reasons = new Map<string, string>()
  const changed = new Set(
    [...mirror.markets].filter(([name, market]) => tracked.mirror.markets.get(name) !== market).map(([name]) => name),
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
  screen.sweep((slot) => {
    retryRow(state, slot, mirror, changed)
    const need = needOf(state, slot)
    if (need === 'exact') exact.push(slot)
    else if (need === 'history') history.push(slot)
  })
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
  const start = Math.max(0, waiting.findIndex((slot) => slot >= state.nextTurn))
  const turns = [...waiting.slice(start, start + max), ...waiting.slice(0, Math.max(0, max - (waiting.length - start)))]
  state.nextTurn = (turns.at(-1) ?? -1) + 1
  return turns
}

const choose = (state: State, input: ChoiceInput): Choice => {
  const { slots, watchedKeys, tracked } = state
  const { positions } = input.mirror
  const keys = new Set<string>()
  for (const key of [...watchedKeys, ...input.wanted]) if (positions.has(key)) keys.add(key)
  const isOpen = (slot: number): boolean => {
    const key = slots.keyOf(slot)
    return key !== undefined && !keys.has(key) && positions.has(key)
  }
  const { exact, history } = screened(state, input)
  for (const slot of exact) if (isOpen(slot)) keys.add(slots.keyOf(slot) ?? '')
  const waiting = history.filter(isOpen)
  const turns = turnsOf(state, waiting, input.historyMax)
  for (const slot of turns) keys.add(slots.keyOf(slot) ?? '')
  return { keys, waitingCount: waiting.length - turns.length }
}

const settle = (state: State, changes: readonly Settled[], lasts: ReadonlyMap<string, Last | undefined>): void => {
  const { slots, screen, watchedKeys, tracked } = state
  for (const { key, position } of changes) {
    const slot = slots.slotOf(key)
    if (position || slot === undefined) continue
    screen.remove(slot)
    state.lasts.forget(slot)
    watchedKeys.delete(key)
    slots.remove(key)
  }
  for (const { key, position } of changes)
    if (position) place(state, key, slots.add(key), position, tracked.mirror.markets.get(position.id.market))
  for (const [key, last] of lasts) {
    const slot = slots.slotOf(key)
    if (slot === undefined) continue
    if (last) state.lasts.remember(slot, last)
    else state.lasts.forget(slot)
    hold(state, slot)
  }
}

/** The attention of a deployment as last committed. Makes a row of every position. */
export const createAttention = (options: AttentionOptions): Attention => {
  const { tracked, watched, quiet } = options
  const state: State = {
    ...{ tracked, watched, quiet },
    slots: createSlots(),
    screen: createScreen(),
    lasts: createLastSnapshots(),
    watchedKeys: new Set(),
    nextTurn: 0,
  }
  const { slots, lasts } = state
  const prefix = formatDeploymentId(tracked.mirror.deployment)
  for (const [key, position] of tracked.mirror.positions) {
    const slot = slots.add(key)
    const last = options.last(`${prefix}:${key}`)
    place(state, key, slot, position, tracked.mirror.markets.get(position.id.market))
    if (last) lasts.remember(slot, last)
    hold(state, slot)
  }
  const lastOf = (key: string): Last | undefined => {
    const slot = slots.slotOf(key)
    return slot === undefined ? undefined : lasts.of(slot)
  }
  return {
    choose: (input) => choose(state, input),
    lastOf,
    partsOf: (owner) => partsOf(watched, owner),
    settle: (changes, taken) => settle(state, changes, taken),
    *entries() {
      for (const key of tracked.mirror.positions.keys()) yield [key, lastOf(key)] as const
    },
  }
}
