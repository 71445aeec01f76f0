// What every adapter's assess shares.
import type { Subject, Unassessable, UsdValues } from '../model/assessment.ts'
import type { BlockRef } from '../model/block.ts'
import { formatMarketId } from '../model/ids.ts'
import type { Fault, Position, Quote } from '../model/market.ts'
import { subjectOf } from '../model/subject.ts'
import { powerOfTen } from '../units/power-of-ten.ts'
import type { Env, UsdPrice } from './adapter.ts'

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

/** Cents as dollars: -5n → -0.05. */
export const centsText = (cents: bigint): string => {
  const digits = (cents < 0n ? -cents : cents).toString().padStart(CENT_PLACES + 1, '0')
  return `${cents < 0n ? '-' : ''}${digits.slice(0, -CENT_PLACES)}.${digits.slice(-CENT_PLACES)}`
}

/** A value of so many decimals as US cents, cut towards zero. For display and ranking only. */
export const usdCentsOf = (value: bigint, decimals: number, { price, scale }: UsdPrice): bigint =>
  (value * price * CENTS) / (scale * powerOfTen(decimals))

/** A value in a market's quote as USD to the cent, cut; null where the quote has no known USD price. For display and ranking only. */
export const usdTextOf = (value: bigint, quote: Quote, env: Env): string | null => {
  const usd = env.quotes(quote)
  return usd && centsText(usdCentsOf(value, quote.decimals, usd))
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
    collateral: centsText(usdCentsOf(collateralValue, quote.decimals, usd)),
    debt: centsText(usdCentsOf(debtValue, quote.decimals, usd)),
    source: usd.source,
  }
}
