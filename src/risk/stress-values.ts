// What positions hold and owe in US dollars while prices move, for totals that people read: exact values of every leg at the stored
// prices, in float64, times what becomes of the same asset in the same market on the same side, as the exact assessment of its largest
// holder says. Which positions are liquidatable is not decided here.
import type { Address } from 'viem'
import type { DebtLeg, Health } from '../model/assessment.ts'
import type { Quote } from '../model/market.ts'
import type { Env } from '../protocols/adapter.ts'
import type { Book } from './stress-book.ts'

/** Rounded dollars. */
export type Dollars = { readonly collateral: number; readonly debt: number }

/** Dollars of one leg of a position. */
export type LegDollars = {
  readonly asset: Address
  readonly symbol: string
  readonly side: 'collateral' | 'debt'
  readonly dollars: number
}

/** Values at the prices of one env. A position that could not be valued is worth nothing. */
export type Valued = { of(slot: number): Dollars; legsOf(slot: number): readonly LegDollars[] }

export type Values = {
  /** Positions with debt that are assessed. */
  readonly borrowers: readonly number[]
  /** Positions among them whose market's quote has no known USD price. */
  readonly unvalued: readonly number[]
  /** The same positions at the prices of another env of the book's. */
  at(env: Env): Valued
}

/** Legs that become dearer and cheaper together, and the largest of them. */
type Mover = {
  readonly isSame: (leg: DebtLeg) => boolean
  readonly side: LegDollars['side']
  slot: number
  dollars: number
}

type Packed = {
  readonly starts: number[]
  readonly collateralCounts: number[]
  readonly dollars: number[]
  readonly moverOf: number[]
  readonly assetOf: number[]
}

const dollarsPer = (quote: Quote, env: Env): number | undefined => {
  const usd = env.quotes(quote)
  return usd ? Number(usd.price) / Number(usd.scale) / 10 ** quote.decimals : undefined
}

/** Numbers things by their names, in the order in which they come. */
const createNumbers = <T>() => {
  const numbers = new Map<string, number>()
  const all: T[] = []
  const numberOf = (name: string, thing: T): number => {
    const known = numbers.get(name)
    if (known !== undefined) return known
    numbers.set(name, all.length)
    return all.push(thing) - 1
  }
  return { all, numberOf }
}

/** How much dearer legs are in another env; as they were where their largest holder cannot be assessed in it. */
const moveOf = ({ isSame, side, slot, dollars }: Mover, book: Book, env: Env): number => {
  const health = dollars > 0 ? book.assessAt(slot, env) : undefined
  const leg = health?.kind === 'assessed' ? health[side].find(isSame) : undefined
  const perQuote = health?.kind === 'assessed' ? dollarsPer(health.quote, env) : undefined
  return leg && perQuote !== undefined ? (Number(leg.value) * perQuote) / dollars : 1
}

type Places = ReturnType<typeof placesOf>

/** Legs of positions, one position after the other: collateral, then debt. */
const placesOf = (book: Book, env: Env, slots: ReadonlySet<number> | undefined) => {
  const movers = createNumbers<Mover>()
  const assets = createNumbers<Pick<DebtLeg, 'asset' | 'symbol'>>()
  const packed: Packed = { starts: [], collateralCounts: [], dollars: [], moverOf: [], assetOf: [] }
  const borrowers: number[] = []
  const unvalued: number[] = []
  const add = (slot: number, side: LegDollars['side'], health: Health, perQuote: number): void => {
    for (const leg of health[side]) {
      const { asset, priceKey } = leg
      const dollars = Number(leg.value) * perQuote
      const number = movers.numberOf(`${health.market} ${side} ${asset} ${priceKey}`, {
        isSame: (other) => other.asset === asset && other.priceKey === priceKey,
        ...{ side, slot, dollars },
      })
      const mover = movers.all[number] as Mover
      if (dollars > mover.dollars) Object.assign(mover, { slot, dollars })
      packed.dollars.push(dollars)
      packed.moverOf.push(number)
      packed.assetOf.push(assets.numberOf(asset, leg))
    }
  }
  for (let slot = 0; slot < book.keys.length; slot++) {
    packed.starts.push(packed.dollars.length)
    const health = !slots || slots.has(slot) ? book.assessAt(slot, env) : undefined
    const isBorrower = health?.kind === 'assessed' && health.phase !== 'no-debt'
    packed.collateralCounts.push(isBorrower ? health.collateral.length : 0)
    if (!isBorrower) continue
    borrowers.push(slot)
    const perQuote = dollarsPer(health.quote, env)
    if (perQuote === undefined) unvalued.push(slot)
    add(slot, 'collateral', health, perQuote ?? 0)
    add(slot, 'debt', health, perQuote ?? 0)
  }
  packed.starts.push(packed.dollars.length)
  return { packed, movers: movers.all, assets: assets.all, borrowers, unvalued }
}

/** Places with legs times what became of them. */
const valuedAt = ({ packed, assets }: Places, moves: Float64Array): Valued => {
  const { starts, collateralCounts, dollars, moverOf, assetOf } = packed
  const worth = (at: number): number => (dollars[at] as number) * (moves[moverOf[at] as number] as number)
  const bounds = (slot: number): readonly [number, number, number] => {
    const start = starts[slot] as number
    return [start, start + (collateralCounts[slot] as number), starts[slot + 1] as number]
  }
  return {
    of: (slot) => {
      const [start, middle, end] = bounds(slot)
      let [collateral, debt] = [0, 0]
      for (let at = start; at < middle; at++) collateral += worth(at)
      for (let at = middle; at < end; at++) debt += worth(at)
      return { collateral, debt }
    },
    legsOf: (slot) => {
      const [start, middle, end] = bounds(slot)
      return Array.from({ length: end - start }, (_, index): LegDollars => {
        const { asset, symbol } = assets[assetOf[start + index] as number] as DebtLeg
        const side = start + index < middle ? 'collateral' : 'debt'
        return { asset, symbol, side, dollars: worth(start + index) }
      })
    },
  }
}

/** Values of a book's positions, or of some of them. `env` is of the time that is stressed, at the stored prices. */
export const createValues = (book: Book, env: Env, slots?: ReadonlySet<number>): Values => {
  const places = placesOf(book, env, slots)
  return {
    borrowers: places.borrowers,
    unvalued: places.unvalued,
    at: (other) =>
      valuedAt(
        places,
        Float64Array.from(places.movers, (mover) => moveOf(mover, book, other)),
      ),
  }
}
