// What assessments rest on after prices have moved and time has passed.
import type { PriceKey, PriceReading } from '../model/price.ts'
import type { Env, UsdPrice } from '../protocols/adapter.ts'
import { PPM } from '../units/brands.ts'
import type { Moves } from './scenario-moves.ts'
import { feedsByKey, shockedPrices } from './shocked-prices.ts'
import type { StressBook } from './stress-book.ts'

/** The env of a deployment under moves. A price that a frozen asset shares stands still for all of them. */
export const movedEnv = ({ feeds, env }: StressBook, { changes, frozen, seconds }: Moves): Env => {
  const priceOf = shockedPrices(feedsByKey(feeds), (asset) => changes.get(asset))
  const still = new Set(feeds.filter(({ asset }) => frozen.has(asset)).map(({ key }) => key))
  const readings = new Map<PriceKey, PriceReading | undefined>()
  const readingOf = (key: PriceKey): PriceReading | undefined => {
    const reading = env.prices(key)
    const price = reading?.kind === 'price' && !still.has(key) ? priceOf(key, reading.price) : undefined
    return reading?.kind === 'price' && price !== undefined ? { ...reading, price } : reading
  }
  return {
    ...env,
    timestamp: env.timestamp + seconds,
    prices: (key) => {
      if (!readings.has(key)) readings.set(key, readingOf(key))
      return readings.get(key)
    },
    quotes: (quote): UsdPrice | null => {
      const usd = env.quotes(quote)
      const change = quote.asset && changes.get(quote.asset)
      return usd && change !== undefined
        ? { ...usd, price: usd.price * (PPM + change), scale: usd.scale * PPM }
        : usd
    },
  }
}
