// A scenario over everything in the store.
import type { BlockRef } from '../model/block.ts'
import { type CascadeReport, cascadeReport } from '../risk/cascade-report.ts'
import type { Depth, Scenario, Step } from '../risk/scenario.ts'
import { type KnownAsset, type Moves, movesOf, type Names, strangersIn } from '../risk/scenario-moves.ts'
import { type Prepared, prepare, type StepStress, stressStep } from '../risk/stress.ts'
import { type RiskAtDepth, valueAtRisk } from '../risk/value-at-risk.ts'
import type { Database } from '../store/database.ts'
import type { ChainConfig } from './config/config.ts'
import { openStored, type StoredMarket, volatileIn } from './stress-market.ts'

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

/** Assets that move, and how much. */
const movedIn = ({ changes }: Moves, assets: readonly KnownAsset[]): readonly Moved[] =>
  assets.flatMap((one) => {
    const changePpm = changes.get(one.asset) ?? 0n
    return changePpm === 0n ? [] : [{ ...one, changePpm }]
  })

/** The curve of everything volatile together, then of each volatile group by itself. */
const curvesOf = (
  { groups, assets, names }: StoredMarket,
  prepared: readonly Prepared[],
  moves: Moves,
  onProgress: StressRequest['onProgress'],
): readonly RiskCurve[] => {
  const volatile = groups
    .filter(({ isStable }) => !isStable)
    .map(({ name }) => ({ name, members: new Set(names.namedOf(name)?.assets) }))
  const all = new Set(volatile.flatMap(({ members }) => [...members]))
  return [{ name: 'everything volatile', members: all }, ...volatile].map(({ name, members }, index) => {
    onProgress('value at risk', index, volatile.length + 1)
    return {
      name,
      symbols: [...new Set(assets.filter(({ asset }) => members.has(asset)).map(({ symbol }) => symbol))],
      depths: valueAtRisk(prepared, moves, [...members]),
    }
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
export const stressStored = (
  database: Database,
  configured: readonly Pick<ChainConfig, 'id' | 'groups'>[],
  request: StressRequest,
): StressReport | Strangers => {
  const market = openStored(database, configured)
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
