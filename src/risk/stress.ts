// All positions before and after what a scenario does: what becomes liquidatable, where, and what is lost.
import type { Address } from 'viem'
import type { Assessment, Unassessable } from '../model/assessment.ts'
import { formatDeploymentId, type MarketId } from '../model/ids.ts'
import type { Env } from '../protocols/adapter.ts'
import type { Moves } from './scenario-moves.ts'
import { type Book, createBook, type StressBook } from './stress-book.ts'
import { movedEnv } from './stress-env.ts'
import { type KeptRates, keptRates, raisedBook } from './stress-rates.ts'
import { added, NO_SUM, type Sum, sumOf } from './stress-sums.ts'
import { createValues, type Valued, type Values } from './stress-values.ts'

/** One deployment, looked at once before anything moves. */
export type Prepared = {
  readonly source: StressBook
  readonly book: Book
  /** At the stored prices and time. */
  readonly liquidatable: ReadonlySet<number>
  readonly unassessable: readonly Unassessable[]
  readonly values: Values
  /** What is liquidatable, and all positions with debt by the name of their market. */
  readonly before: Sum
  readonly markets: ReadonlyMap<string, Sum>
}

export type MarketStress = {
  readonly id: MarketId
  readonly label: string
  /** All positions with debt. */
  readonly all: Sum
  readonly newly: Sum
  readonly after: Sum
}

/** What is liquidatable of an asset, or owed of it, by positions that became so. */
export type AssetStress = {
  readonly asset: Address
  readonly symbol: string
  readonly collateralUsd: number
  readonly debtUsd: number
}

/**
 * Sums are at the step's prices, `before` and `all` at the stored ones. `newly`: liquidatable now and not before; `recovered`: the other
 * way round. `badDebtAtMarketUsd`: bad debt at the prices that frozen oracles do not tell. `keptRates`: debts that no rise of rates moved.
 */
export type StepStress = {
  readonly before: Sum
  readonly newly: Sum
  readonly after: Sum
  readonly all: Sum
  readonly recovered: number
  readonly markets: readonly MarketStress[]
  readonly assets: readonly AssetStress[]
  readonly largest: readonly Assessment[]
  readonly unassessable: readonly Unassessable[]
  readonly newlyUnassessable: number
  readonly unvalued: number
  readonly badDebtAtMarketUsd: number | null
  readonly keptRates: readonly KeptRates[]
  /** Ids of what is newly liquidatable. */
  readonly newlyIds: ReadonlySet<string>
}

/** Slots by the name of their market, with which the mirror's keys begin. */
const byMarket = (book: Book, slots: Iterable<number>): ReadonlyMap<string, readonly number[]> => {
  const groups = new Map<string, number[]>()
  for (const slot of slots) {
    const key = book.keys[slot] as string
    const name = key.slice(0, key.indexOf(':'))
    const group = groups.get(name)
    if (group) group.push(slot)
    else groups.set(name, [slot])
  }
  return groups
}

/** Looks at a deployment as it is stored. */
export const prepare = (source: StressBook): Prepared => {
  const book = createBook(source)
  const { liquidatable, unassessable } = book.look(source.env)
  const values = createValues(book, source.env)
  const stored = values.at(source.env)
  return {
    ...{ source, book, values },
    liquidatable: new Set(liquidatable),
    unassessable: unassessable.map(({ assessment }) => assessment),
    before: sumOf(liquidatable, stored),
    markets: new Map(
      [...byMarket(book, values.borrowers)].map(([name, slots]) => [name, sumOf(slots, stored)]),
    ),
  }
}

/** What was last made of a deployment by a change of rates, since a curve asks for the same again and again. */
const lastRaised = new WeakMap<
  Prepared,
  Required<Pick<Moves, 'rises' | 'seconds'>> & { readonly raised: Prepared }
>()

/** A deployment behind the rates of interest of `moves`; what it was before is of the stored ones. */
export const withRises = (prepared: Prepared, { rises, seconds }: Moves): Prepared => {
  if (!rises || !prepared.source.adapter.withRates) return prepared
  const last = lastRaised.get(prepared)
  if (last?.rises === rises && last.seconds === seconds) return last.raised
  const source = raisedBook(prepared.source, rises, seconds)
  const raised = { ...prepared, source, book: createBook(source) }
  lastRaised.set(prepared, { rises, seconds, raised })
  return raised
}

/** Values so many seconds later: of all positions, or of some. */
export const valuesLater = (
  { book, source, values }: Prepared,
  seconds: number,
  slots?: readonly number[],
): Values =>
  seconds === 0
    ? values
    : createValues(
        book,
        { ...source.env, timestamp: source.env.timestamp + seconds },
        slots && new Set(slots),
      )

type Seen = {
  readonly prepared: Prepared
  readonly env: Env
  readonly valued: Valued
  readonly after: readonly number[]
  readonly newly: readonly number[]
  readonly unassessable: readonly Unassessable[]
  readonly recovered: number
}

const seen = (prepared: Prepared, moves: Moves): Seen => {
  const env = movedEnv(prepared.source, moves)
  const { liquidatable, unassessable } = prepared.book.look(env)
  const isOpen = new Set([...liquidatable, ...unassessable.map(({ slot }) => slot)])
  return {
    ...{ prepared, env, after: liquidatable },
    unassessable: unassessable.map(({ assessment }) => assessment),
    valued: valuesLater(prepared, moves.seconds, liquidatable).at(env),
    newly: liquidatable.filter((slot) => !prepared.liquidatable.has(slot)),
    recovered: [...prepared.liquidatable].filter((slot) => !isOpen.has(slot)).length,
  }
}

const marketsOf = ({ prepared, valued, after, newly }: Seen): readonly MarketStress[] => {
  const { source, book, markets } = prepared
  const { chainId, protocol, deployment } = source.mirror.deployment
  const [fallen, liquidatable] = [byMarket(book, newly), byMarket(book, after)]
  return [...new Set([...markets.keys(), ...liquidatable.keys()])].map((market) => ({
    id: { chainId, protocol, deployment, market },
    label: source.mirror.markets.get(market)?.label ?? market,
    all: markets.get(market) ?? NO_SUM,
    newly: sumOf(fallen.get(market) ?? [], valued),
    after: sumOf(liquidatable.get(market) ?? [], valued),
  }))
}

const assetsOf = (all: readonly Seen[]): readonly AssetStress[] => {
  const assets = new Map<string, AssetStress>()
  for (const { valued, newly } of all)
    for (const slot of newly)
      for (const { asset, symbol, side, dollars } of valued.legsOf(slot)) {
        const known = assets.get(asset) ?? { asset, symbol, collateralUsd: 0, debtUsd: 0 }
        const name = side === 'collateral' ? 'collateralUsd' : 'debtUsd'
        assets.set(asset, { ...known, [name]: known[name] + dollars })
      }
  return [...assets.values()].sort(
    (a, b) => b.collateralUsd + b.debtUsd - a.collateralUsd - a.debtUsd || a.asset.localeCompare(b.asset),
  )
}

/** The largest debts that became liquidatable, exactly assessed. */
const largestOf = (all: readonly Seen[], limit: number): readonly Assessment[] =>
  all
    .flatMap((one) => one.newly.map((slot) => ({ one, slot, debt: one.valued.of(slot).debt })))
    .sort((a, b) => b.debt - a.debt)
    .slice(0, limit)
    .flatMap(({ one, slot }) => one.prepared.book.assessAt(slot, one.env) ?? [])

/** Bad debt of every position as if no oracle stood still. */
const atMarket = (all: readonly Seen[], moves: Moves): number =>
  all.reduce((sum, { prepared }) => {
    const env = movedEnv(prepared.source, { ...moves, frozen: new Set() })
    const values = valuesLater(prepared, moves.seconds)
    return sum + sumOf(values.borrowers, values.at(env)).badDebtUsd
  }, 0)

/** What one step does to all positions; `limit`: so many of the largest. */
export const stressStep = (stored: readonly Prepared[], moves: Moves, limit: number): StepStress => {
  const prepared = stored.map((one) => withRises(one, moves))
  const all = prepared.map((one) => seen(one, moves))
  const known = new Set(prepared.flatMap((one) => one.unassessable.map(({ id }) => id)))
  const unassessable = all.flatMap((one) => one.unassessable)
  return {
    before: added(prepared.map((one) => one.before)),
    newly: added(all.map((one) => sumOf(one.newly, one.valued))),
    after: added(all.map((one) => sumOf(one.after, one.valued))),
    all: added(prepared.flatMap(({ markets }) => [...markets.values()])),
    recovered: all.reduce((sum, { recovered }) => sum + recovered, 0),
    markets: all.flatMap(marketsOf),
    assets: assetsOf(all),
    largest: largestOf(all, limit),
    unassessable,
    newlyUnassessable: unassessable.filter(({ id }) => !known.has(id)).length,
    unvalued: prepared.reduce((sum, { values }) => sum + values.unvalued.length, 0),
    badDebtAtMarketUsd: moves.frozen.size > 0 ? atMarket(all, moves) : null,
    keptRates: stored.flatMap(({ source, book, values }) =>
      moves.rises ? (keptRates(source, values, book.keys, moves.rises) ?? []) : [],
    ),
    newlyIds: new Set(
      all.flatMap(({ prepared: { book, source }, newly }) =>
        newly.map((slot) => `${formatDeploymentId(source.mirror.deployment)}:${book.keys[slot]}`),
      ),
    ),
  }
}
