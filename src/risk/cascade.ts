// A spiral: what is liquidated is sold, what is sold is worth less, what is worth less is liquidated. Assumptions are in README.md.
import { formatDeploymentId } from '../model/ids.ts'
import type { AssetAmount, LiquidationOutcome, LiquidationTerms } from '../model/liquidation.ts'
import type { Position } from '../model/market.ts'
import type { Env } from '../protocols/adapter.ts'
import { PPM } from '../units/brands.ts'
import { impactOf, leftOf, type Venue, type Venues } from './cascade-impact.ts'
import { type Moves, withMore } from './scenario-moves.ts'
import { type Book, createBook, type Overlay, type StressBook } from './stress-book.ts'
import { movedEnv } from './stress-env.ts'
import { afterRises } from './stress-rates.ts'
import { added, type Sum } from './stress-sums.ts'

/** A position is liquidated at most so often in one round. */
const PER_ROUND_MAX = 10

/** A spiral that has not come to rest by then is cut off. */
const ROUNDS_MAX = 200

export type CascadeStep = { readonly name: string; readonly moves: Moves }

/** Rounded dollars at the prices of the round. `badDebtUsd`: what nobody repays. */
export type Round = {
  readonly step: string
  readonly liquidations: number
  readonly repaidUsd: number
  readonly seizedUsd: number
  readonly badDebtUsd: number
  /** What sales so far left of the price at each venue, 1 for all of it. */
  readonly left: readonly { readonly venue: string; readonly part: number }[]
}

/** `badDebtUsd`: what liquidations wrote off. `outstanding`: what is liquidatable at rest and nobody could, or would, liquidate. */
export type CascadeRun = {
  readonly rounds: readonly Round[]
  readonly isAtRest: boolean
  readonly liquidations: number
  readonly liquidatedIds: ReadonlySet<string>
  readonly repaidUsd: number
  readonly seizedUsd: number
  readonly badDebtUsd: number
  readonly outstanding: Sum
  readonly left: Round['left']
  /** Dollars at the stored price, sold less bought, by venue. */
  readonly sold: readonly { readonly venue: string; readonly dollars: number }[]
  /** Assets that were sold without a stated depth, at no loss of price. */
  readonly boundless: readonly { readonly symbol: string; readonly dollars: number }[]
}

/** One deployment as the spiral leaves it. */
type Place = {
  readonly source: StressBook
  readonly overlay: Overlay
  readonly book: Book
  readonly slots: readonly number[]
}

/** What one step or round adds up to. */
type Tally = {
  liquidations: number
  repaidUsd: number
  seizedUsd: number
  badDebtUsd: number
  readonly ids: Set<string>
  readonly sold: Map<Venue, number>
  readonly boundless: Map<string, number>
}

const placeOf = (source: StressBook): Place => {
  const overlay: Overlay = { markets: new Map(), positions: new Map() }
  const book = createBook(source, overlay)
  const slots = [...book.keys.keys()].sort((a, b) =>
    (book.keys[a] as string) < (book.keys[b] as string) ? -1 : 1,
  )
  return { source, overlay, book, slots }
}

const envOf = ({ source, overlay }: Place, moves: Moves): Env => {
  const env = movedEnv(source, moves)
  return { ...env, markets: (name) => overlay.markets.get(name) ?? env.markets(name) }
}

/** Interest at the rates of a step, from the time of the step before it on. */
const accrueAtRates = (places: readonly Place[], moves: Moves, secondsBefore: number): void => {
  const { rises, seconds } = moves
  if (!rises) return
  for (const place of places) {
    const { source, overlay, book, slots } = place
    const env = envOf(place, moves)
    const markets = new Map(
      [...source.mirror.markets].map(([name, market]) => [name, overlay.markets.get(name) ?? market]),
    )
    const { timestamp } = source.env
    const span = [timestamp + secondsBefore, timestamp + seconds] as const
    for (const [name, market] of afterRises(source.adapter, markets, rises, env, span))
      if (market !== markets.get(name)) overlay.markets.set(name, market)
    for (const slot of slots) book.refresh(slot)
  }
}

const dollarsOf = (amounts: readonly AssetAmount[], perQuote: number): number =>
  amounts.reduce((sum, { value }) => sum + Number(value) * perQuote, 0)

type Liquidated = { readonly outcome: LiquidationOutcome; readonly payer: LiquidationTerms['payer'] }

/** The first way in the adapter's order that the contract takes and that pays. */
const liquidated = (
  { source: { adapter }, book }: Place,
  position: Position,
  env: Env,
): Liquidated | undefined => {
  const market = book.marketOf(position)
  if (!market) return undefined
  for (const { request, payer } of adapter.terms(market, position, env)) {
    const outcome = adapter.liquidate(market, position, env, request)
    if (outcome.kind === 'blocked') continue
    const earned = [...outcome.seized, ...(outcome.reward ?? [])].reduce((sum, { value }) => sum + value, 0n)
    if (payer !== 'liquidator' || earned > outcome.repaid.value) return { outcome, payer }
  }
  return undefined
}

/** Sales at the stored price: what was seized is sold, what liquidators repay is bought. */
const trade = (tally: Tally, venues: Venues, moves: Moves, amount: AssetAmount, dollars: number): void => {
  const { asset, symbol } = amount
  const change = moves.frozen.has(asset) ? undefined : moves.changes.get(asset)
  const left = Number(PPM + (change ?? 0n)) / Number(PPM)
  const atStored = left > 0 ? dollars / left : 0
  const venue = venues.of(asset)
  if (venue) tally.sold.set(venue, (tally.sold.get(venue) ?? 0) + atStored)
  else if (dollars > 0) tally.boundless.set(symbol, (tally.boundless.get(symbol) ?? 0) + dollars)
}

/** Liquidates one position as often as its contract allows at these prices, and remembers what that leaves behind. */
const liquidateAt = (
  place: Place,
  slot: number,
  env: Env,
  tally: Tally,
  onTrade: (amount: AssetAmount, dollars: number) => void,
): void => {
  const { source, overlay, book } = place
  const key = book.keys[slot] as string
  for (let count = 0; count < PER_ROUND_MAX; count++) {
    const position = book.positionAt(slot)
    const done = position && liquidated(place, position, env)
    const market = position && book.marketOf(position)
    if (!done || !position || !market) break
    const { outcome, payer } = done
    const usd = env.quotes(market.quote)
    const perQuote = usd ? Number(usd.price) / Number(usd.scale) / 10 ** market.quote.decimals : 0
    for (const amount of outcome.seized) onTrade(amount, Number(amount.value) * perQuote)
    if (payer === 'liquidator') onTrade(outcome.repaid, -Number(outcome.repaid.value) * perQuote)
    tally.liquidations += 1
    tally.repaidUsd += Number(outcome.repaid.value) * perQuote
    tally.seizedUsd += dollarsOf(outcome.seized, perQuote)
    tally.badDebtUsd += dollarsOf(outcome.badDebt, perQuote)
    tally.ids.add(`${formatDeploymentId(source.mirror.deployment)}:${key}`)
    for (const [name, other] of outcome.after.markets ?? []) overlay.markets.set(name, other)
    overlay.markets.set(position.id.market, outcome.after.market)
    overlay.positions.set(key, outcome.after.position)
  }
  book.refresh(slot)
}

/** Liquidatable positions at rest, exactly assessed. */
const outstandingIn = (place: Place, env: Env): Sum => {
  let [count, debtUsd, collateralUsd, badDebtUsd] = [0, 0, 0, 0]
  for (const slot of place.book.look(env).liquidatable) {
    const health = place.book.assessAt(slot, env)
    if (health?.kind !== 'assessed') continue
    const [collateral, debt] = [Number(health.usd?.collateral ?? 0), Number(health.usd?.debt ?? 0)]
    count += 1
    debtUsd += debt
    collateralUsd += collateral
    badDebtUsd += Math.max(debt - collateral, 0)
  }
  return { count, debtUsd, collateralUsd, badDebtUsd }
}

const leftAt = ({ all }: Venues, sold: ReadonlyMap<Venue, number>): Round['left'] =>
  all.map((venue) => ({ venue: venue.name, part: leftOf(venue, sold.get(venue) ?? 0) }))

/**
 * Steps of a scenario one after the other, each until nothing more is liquidated. What was sold weighs on prices from then on. The same
 * state, steps and venues give the same run.
 */
export const cascade = (
  sources: readonly StressBook[],
  steps: readonly CascadeStep[],
  venues: Venues,
): CascadeRun => {
  const places = sources.map(placeOf)
  const tally: Tally = {
    ...{ liquidations: 0, repaidUsd: 0, seizedUsd: 0, badDebtUsd: 0 },
    ...{ ids: new Set(), sold: new Map(), boundless: new Map() },
  }
  const rounds: Round[] = []
  let isAtRest = true
  let last: Moves | undefined
  for (const { name, moves } of steps) {
    accrueAtRates(places, moves, last?.seconds ?? 0)
    for (let count = 1; ; count++) {
      const now = withMore(moves, impactOf(venues, tally.sold))
      const before = { ...tally }
      for (const place of places) {
        const env = envOf(place, now)
        const liquidatable = new Set(place.book.look(env).liquidatable)
        for (const slot of place.slots)
          if (liquidatable.has(slot))
            liquidateAt(place, slot, env, tally, (amount, dollars) =>
              trade(tally, venues, now, amount, dollars),
            )
      }
      last = now
      const liquidations = tally.liquidations - before.liquidations
      if (liquidations === 0) break
      rounds.push({
        ...{ step: name, liquidations, left: leftAt(venues, tally.sold) },
        repaidUsd: tally.repaidUsd - before.repaidUsd,
        seizedUsd: tally.seizedUsd - before.seizedUsd,
        badDebtUsd: tally.badDebtUsd - before.badDebtUsd,
      })
      if (count === ROUNDS_MAX) {
        isAtRest = false
        break
      }
    }
  }
  const end = last
  return {
    ...{ rounds, isAtRest, liquidations: tally.liquidations, liquidatedIds: tally.ids },
    ...{ repaidUsd: tally.repaidUsd, seizedUsd: tally.seizedUsd, badDebtUsd: tally.badDebtUsd },
    outstanding: added(end ? places.map((place) => outstandingIn(place, envOf(place, end))) : []),
    left: leftAt(venues, tally.sold),
    sold: venues.all.map((venue) => ({ venue: venue.name, dollars: tally.sold.get(venue) ?? 0 })),
    boundless: [...tally.boundless].map(([symbol, dollars]) => ({ symbol, dollars })),
  }
}
