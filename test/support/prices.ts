import type { PriceKey, PriceReading } from '../../src/model/price.ts'
import type { Env } from '../../src/protocols/adapter.ts'

/** The same env with one price replaced, where it is one. */
export const withPrice = (env: Env, key: PriceKey, price: bigint): Env => ({
  ...env,
  prices: (wanted): PriceReading | undefined => {
    const reading = env.prices(wanted)
    return wanted === key && reading?.kind === 'price' ? { ...reading, price } : reading
  },
})
