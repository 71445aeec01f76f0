// What every adapter's assess shares.
import type { Subject, Unassessable, UsdValues } from '../model/assessment.ts'
import type { BlockRef } from '../model/block.ts'
import { formatMarketId } from '../model/ids.ts'
import type { Fault, Position, Quote } from '../model/market.ts'
import { subjectOf } from '../model/subject.ts'
import { powerOfTen } from '../units/power-of-ten.ts'
import type { Env } from './adapter.ts'

/** An assessment that could not be made, with its reason. */
export const unassessable = (subject: Subject, fault: Fault): Unassessable => ({
  kind: 'unassessable',
  ...subject,
  reason: fault.reason,
  detail: fault.detail,
})

/** A position whose market is not there. */
export const withoutMarket = (position: Position, block: BlockRef): Unassessable =>
  unassessable(subjectOf(position, block), {
    reason: 'not-yet-read',
    detail: `market ${formatMarketId(position.id)} is still to be read`,
  })

const CENT_PLACES = 2
const CENTS = powerOfTen(CENT_PLACES)

const cents = (value: bigint, quote: Quote, price: bigint, scale: bigint): string => {
  const inCents = (value * price * CENTS) / (scale * powerOfTen(quote.decimals))
  const digits = inCents.toString().padStart(CENT_PLACES + 1, '0')
  return `${digits.slice(0, -CENT_PLACES)}.${digits.slice(-CENT_PLACES)}`
}

/** A value in a market's quote as USD to the cent, cut; null where the quote has no known USD price. For display and ranking only. */
export const usdTextOf = (value: bigint, quote: Quote, env: Env): string | null => {
  const usd = env.quotes(quote)
  return usd && cents(value, quote, usd.price, usd.scale)
}

/** Both sides of a loan as USD; null where the quote has no known USD price. For display and ranking only. */
export const usdOf = (
  quote: Quote,
  collateralValue: bigint,
  debtValue: bigint,
  env: Env,
): UsdValues | null => {
  const usd = env.quotes(quote)
  if (!usd) return null
  return {
    collateral: cents(collateralValue, quote, usd.price, usd.scale),
    debt: cents(debtValue, quote, usd.price, usd.scale),
    source: usd.source,
  }
}
