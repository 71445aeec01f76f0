// A scenario over everything in the store.
import type { Address } from 'viem'
import type { BlockRef } from '../model/block.ts'
import { bookEnvOf } from '../monitor/assessing.ts'
import { quotesOf } from '../monitor/quoting.ts'
import { registry } from '../protocols/registry.ts'
import { type CascadeReport, cascadeReport } from '../risk/cascade-report.ts'
import { type Group, groupsOf } from '../risk/groups.ts'
import type { Depth, Scenario, Step } from '../risk/scenario.ts'
import {
  createNames,
  type KnownAsset,
  type Moves,
  movesOf,
  type Names,
  strangersIn,
} from '../risk/scenario-moves.ts'
import { type Prepared, prepare, type StepStress, stressStep } from '../risk/stress.ts'
import type { StressBook } from '../risk/stress-book.ts'
import { type RiskAtDepth, valueAtRisk } from '../risk/value-at-risk.ts'
import type { Tracked } from '../store/book.ts'
import type { Database } from '../store/database.ts'
import { storedChains } from '../store/views.ts'

/** `isBuiltIn`: assets of it that the store does not know are left out, and told of. */
export type StressRequest = {
  readonly scenario: Scenario
  readonly isBuiltIn: boolean
  readonly isCurve: boolean
  /** With depths, a cascade. */
  readonly depths: readonly Depth[] | undefined
  /** So many of the largest. */
  readonly limit: number
  onProgress(label: string, done: number, total: number): void
}

/** An asset and how its price moves in a step. */
export type Moved = KnownAsset & { readonly changePpm: bigint }

export type StepReport = {
  readonly step: Step
  readonly moved: readonly Moved[]
  readonly stress: StepStress
}

export type RiskCurve = {
  readonly name: string
  readonly symbols: readonly string[]
  readonly depths: readonly RiskAtDepth[]
}

/** `everNewly`: positions that are newly liquidatable at any step; `unmoved`: volatile assets that no step moves. */
export type StressReport = {
  readonly blocks: readonly BlockRef[]
  readonly scenario: Scenario
  readonly steps: readonly StepReport[]
  readonly everNewly: number
  readonly unmoved: readonly KnownAsset[]
  readonly leftOut: readonly string[]
  readonly curves: readonly RiskCurve[]
  readonly cascade: CascadeReport | null
}

/** Names that nothing in the store bears, and what there is. */
export type Strangers = { readonly strangers: readonly string[]; readonly known: string }

type Market = {
  readonly books: readonly StressBook[]
  readonly groups: readonly Group[]
  readonly assets: readonly KnownAsset[]
  readonly names: Names
}

/** All deployments of the store with the assets that their prices are of. */
const openMarket = (database: Database): Market & { readonly blocks: readonly BlockRef[] } => {
  const chains = storedChains(database, registry)
  const tracked = chains.flatMap(({ book, block }) => {
    const quotes = quotesOf(book.tracked)
    return book.tracked.map((one: Tracked) => ({ one, env: bookEnvOf(one, block, quotes) }))
  })
  const books = tracked.map(({ one: { adapter, mirror }, env }) => ({
    ...{ adapter, mirror, env },
    feeds: adapter.feeds(mirror),
  }))
  const feeds = books.flatMap((book) => book.feeds)
  const named = feeds.flatMap(({ asset, symbol, quote }): readonly KnownAsset[] => [
    { asset, symbol },
    ...(quote.asset ? [{ asset: quote.asset, symbol: quote.symbol }] : []),
  ])
  const assets = [...new Map(named.map((one) => [one.asset, one])).values()]
  const groups = groupsOf(feeds)
  return {
    ...{ books, groups, assets, names: createNames(assets, groups) },
    blocks: chains.map(({ block }) => block),
  }
}

/** Assets that move, and how much. */
const movedIn = ({ changes }: Moves, assets: readonly KnownAsset[]): readonly Moved[] =>
  assets.flatMap((one) => {
    const changePpm = changes.get(one.asset) ?? 0n
    return changePpm === 0n ? [] : [{ ...one, changePpm }]
  })

const volatileIn = ({ groups, assets }: Market): readonly KnownAsset[] => {
  const stable = new Set(groups.filter(({ isStable }) => isStable).flatMap(({ members }) => members))
  return assets.filter(({ asset }) => !stable.has(asset))
}

/** The curve of everything volatile together, then of each group by itself where anything of it is at risk. */
const curvesOf = (
  market: Market,
  prepared: readonly Prepared[],
  moves: Moves,
  onProgress: StressRequest['onProgress'],
): readonly RiskCurve[] => {
  const volatile = volatileIn(market)
  const groups = market.groups.filter(({ isStable }) => !isStable)
  const symbolsOf = (members: ReadonlySet<Address>): readonly string[] => [
    ...new Set(market.assets.filter(({ asset }) => members.has(asset)).map(({ symbol }) => symbol)),
  ]
  const all = [
    { name: 'everything volatile', members: new Set(volatile.map(({ asset }) => asset)) },
    ...groups.map(({ name, members }) => ({ name, members: new Set(members) })),
  ]
  return all.map(({ name, members }, index) => {
    onProgress('value at risk', index, all.length)
    return { name, symbols: symbolsOf(members), depths: valueAtRisk(prepared, moves, [...members]) }
  })
}

/** Leaves out what a built-in scenario names and the store does not know. */
const withoutStrangers = (scenario: Scenario, { namedOf }: Names): Scenario => ({
  ...scenario,
  steps: scenario.steps.map((step) => ({
    ...step,
    shocks: step.shocks.filter(({ subject }) => namedOf(subject)),
  })),
})

/** Runs a scenario over the store; says which names are unknown instead, where any is. */
export const stressStored = (database: Database, request: StressRequest): StressReport | Strangers => {
  const market = openMarket(database)
  const { names, books, assets } = market
  const given = request.scenario
  const strangers = [...new Set(given.steps.flatMap((step) => strangersIn(step, names)))]
  const placeless = (request.depths ?? [])
    .map(({ subject }) => subject)
    .filter((name) => !names.namedOf(name))
  const isLost =
    !request.isBuiltIn ||
    given.steps.every(({ shocks }) => shocks.every(({ subject }) => !names.namedOf(subject)))
  const fatal = [...(isLost ? strangers : []), ...placeless]
  if (fatal.length > 0) return { strangers: [...new Set(fatal)], known: names.known }
  const scenario = withoutStrangers(given, names)
  const moves = scenario.steps.map((step) => movesOf(step, names))
  const prepared = books.map((book, index) => {
    request.onProgress('loans', index, books.length)
    return prepare(book)
  })
  const steps = scenario.steps.map((step, index): StepReport => {
    request.onProgress('steps', index, scenario.steps.length)
    const at = moves[index] as Moves
    return { step, moved: movedIn(at, assets), stress: stressStep(prepared, at, request.limit) }
  })
  const everMoved = new Set(steps.flatMap(({ moved }) => moved.map(({ asset }) => asset)))
  const [first] = moves
  return {
    ...{ blocks: market.blocks, scenario, steps },
    everNewly: new Set(steps.flatMap(({ stress }) => [...stress.newlyIds])).size,
    unmoved: volatileIn(market).filter(({ asset }) => !everMoved.has(asset)),
    leftOut: strangers,
    curves: request.isCurve && first ? curvesOf(market, prepared, first, request.onProgress) : [],
    cascade: request.depths
      ? cascadeReport(
          books,
          scenario.steps.map(({ name }, index) => ({ name, moves: moves[index] as Moves })),
          request.depths,
          names,
          (done, total) => request.onProgress('cascade', done, total),
        )
      : null,
  }
}
