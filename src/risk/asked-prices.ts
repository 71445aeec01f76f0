import type { PriceKey } from '../model/price.ts'
import { assessLoan, type Loan } from './loan.ts'

/** Prices that the loan's health rests on: those that `assess` asks for. */
export const askedPrices = (loan: Loan): ReadonlySet<PriceKey> => {
  const asked = new Set<PriceKey>()
  assessLoan({
    ...loan,
    env: {
      ...loan.env,
      prices: (key) => {
        asked.add(key)
        return loan.env.prices(key)
      },
    },
  })
  return asked
}
