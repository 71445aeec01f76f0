// Positions of a stored book by health: the screen tells which may come first, and only those are assessed exactly.
import type { Assessment } from '../model/assessment.ts'
import type { BlockRef } from '../model/block.ts'
import type { Env } from '../protocols/adapter.ts'
import { createScreen } from '../risk/screen.ts'
import { UINT256_MAX, WAD } from '../units/brands.ts'
import { type Assessable, assessOne, bookEnvOf } from './assessing.ts'
import { quotesOf } from './quoting.ts'

/** One position: the least that its health may be, negative where only an exact assessment tells. */
type Place = {
  readonly assessable: Assessable
  readonly env: Env
  readonly key: string
  readonly low: number
}

export type Ranking = {
  readonly count: number
  /**
   * Exact assessments of all positions that may be at or below a health factor (wad) or liquidatable, or may become so in a
   * way that the screen does not see; and how many of all positions cannot be assessed.
   */
  upTo(maxHealth: bigint): { readonly assessments: readonly Assessment[]; readonly unassessableCount: number }
  /** The first so many, exactly assessed: what cannot be assessed, then by health, worst first. */
  worst(limit: number): readonly Assessment[]
}

/** Positions that are assessed between two looks at whether any other may still come before them. */
const BATCH = 1_024

/** More than the rounding of a health factor to float64. */
const ROUNDING = 2 ** -50

const numberOf = (healthFactor: bigint): number =>
  healthFactor === UINT256_MAX ? Number.POSITIVE_INFINITY : Number(healthFactor) / Number(WAD)

/** What cannot be assessed first, then by health, worst first. */
export const byHealth = (a: Assessment, b: Assessment): number => {
  if (a.kind !== 'assessed' || b.kind !== 'assessed')
    return Number(a.kind === 'assessed') - Number(b.kind === 'assessed')
  return a.healthFactor < b.healthFactor ? -1 : a.healthFactor > b.healthFactor ? 1 : 0
}

/** Positions of one deployment, in the order of the mirror. */
const placesOf = (assessable: Assessable, env: Env): readonly Place[] => {
  const { adapter, mirror } = assessable
  const screen = createScreen()
  const keys: string[] = []
  for (const [key, position] of mirror.positions) {
    const market = mirror.markets.get(position.id.market)
    const isOpen = market && !market.fault
    screen.put(
      keys.length,
      position.id.market,
      isOpen ? adapter.screen.row(market, position) : 'always-exact',
    )
    keys.push(key)
  }
  screen.setFactors(
    (name, factor) => {
      const market = mirror.markets.get(name)
      return market && adapter.screen.factor(market, factor, env)
    },
    () => false,
  )
  return keys.map((key, slot) => ({ assessable, env, key, low: screen.boundsOf(slot)?.low ?? -1 }))
}

const assessAt = ({ assessable, env, key }: Place): readonly Assessment[] => {
  const position = assessable.mirror.positions.get(key)
  return position ? [assessOne(assessable, position, env)] : []
}

/** The first so many: positions that may come first are assessed until no other can come before the last of them. */
const worstOf = (places: readonly Place[], limit: number): readonly Assessment[] => {
  const inOrder = [...places].sort((a, b) => a.low - b.low)
  let first: readonly Assessment[] = []
  for (let from = 0; from < inOrder.length; from += BATCH) {
    const last = first[limit - 1]
    const nextLow = inOrder[from]?.low ?? Number.POSITIVE_INFINITY
    const isDone =
      last?.kind === 'unassessable' || (last && nextLow >= numberOf(last.healthFactor) * (1 + ROUNDING))
    if (isDone) break
    const more = inOrder.slice(from, from + BATCH).flatMap(assessAt)
    first = [...first, ...more].sort(byHealth).slice(0, limit)
  }
  return first
}

/** Ranks all positions of a chain's deployments at a block. */
export const rank = (deployments: readonly Assessable[], block: BlockRef): Ranking => {
  const quotes = quotesOf(deployments)
  const places = deployments.flatMap((one) => placesOf(one, bookEnvOf(one, block, quotes)))
  return {
    count: places.length,
    upTo: (maxHealth) => {
      const most = numberOf(maxHealth > WAD ? maxHealth : WAD) * (1 + ROUNDING)
      const assessments = places
        .filter(({ low, assessable }) => low <= most || assessable.adapter.screen.foresees)
        .flatMap(assessAt)
      return {
        assessments,
        unassessableCount: assessments.filter(({ kind }) => kind === 'unassessable').length,
      }
    },
    worst: (limit) => worstOf(places, limit),
  }
}
