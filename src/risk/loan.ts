// One position together with all that its health rests on: what every function of this folder asks and changes.
import type { Assessment } from '../model/assessment.ts'
import type { After } from '../model/liquidation.ts'
import type { Market, Position } from '../model/market.ts'
import type { PriceKey } from '../model/price.ts'
import type { Adapter, Env } from '../protocols/adapter.ts'

export type Loan = {
  readonly adapter: Adapter
  readonly market: Market
  readonly position: Position
  readonly env: Env
}

/** The loan's health in its env. */
export const assessLoan = ({ adapter, market, position, env }: Loan): Assessment =>
  adapter.assess(market, position, env)

/** The same loan while its prices are what `priceOf` makes of them, in their own units; undefined leaves one as it is. A failed price stays failed. */
export const withPrices = (
  loan: Loan,
  priceOf: (key: PriceKey, price: bigint) => bigint | undefined,
): Loan => ({
  ...loan,
  env: {
    ...loan.env,
    prices: (key) => {
      const reading = loan.env.prices(key)
      const price = reading?.kind === 'price' ? priceOf(key, reading.price) : undefined
      return reading?.kind === 'price' && price !== undefined ? { ...reading, price } : reading
    },
  },
})

/** The same loan at a later time (seconds), its interest accrued, prices as they are. */
export const atTime = (loan: Loan, timestamp: number): Loan => ({ ...loan, env: { ...loan.env, timestamp } })

/** The loan behind a liquidation or an action, other markets that changed included; undefined where the position is gone. */
export const behind = (loan: Loan, { market, position, markets }: After): Loan | undefined =>
  position && {
    ...loan,
    market,
    position,
    env: {
      ...loan.env,
      markets: (name) =>
        name === market.id.market ? market : (markets?.get(name) ?? loan.env.markets(name)),
    },
  }
