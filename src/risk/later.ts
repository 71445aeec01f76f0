// A loan that nobody touches, some time later: interest accrues, prices stay.
import type { Loan } from './loan.ts'
import { atTime } from './loan.ts'

/**
 * The same loan so many seconds later. Prices are then as old as they are now: an oracle that refuses what is too old would
 * otherwise stop answering.
 */
export const laterBy = (loan: Loan, seconds: number): Loan => {
  const { env } = loan
  const prices: Loan['env']['prices'] = (key) => {
    const reading = env.prices(key)
    return reading?.kind === 'price' && reading.updatedAt !== undefined
      ? { ...reading, updatedAt: reading.updatedAt + seconds }
      : reading
  }
  return atTime({ ...loan, env: { ...env, prices } }, env.timestamp + seconds)
}
