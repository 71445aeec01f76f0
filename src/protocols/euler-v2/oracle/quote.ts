// Quotes along a route: EulerRouter, ChainlinkOracle, CrossAdapter, FixedRateOracle (euler-price-oracle).
import type { Address } from 'viem'
import type { Fault } from '../../../model/market.ts'
import type { PriceKey } from '../../../model/price.ts'
import { checkedSub, checkedUint256, mulDivDown } from '../../../units/mul-div.ts'
import type { Env } from '../../adapter.ts'
import { RefusedError } from '../../refusing.ts'
import { accrue, toAssetsDown } from '../accrual.ts'
import { fullMulDivDown } from '../math.ts'
import { type EulerMarket, isReadVault, type ReadVault } from '../state.ts'
import {
  type ChainlinkRoute,
  feedKeyOf,
  quoteKeyOf,
  type Route,
  type Scale,
  type Side,
  sharesKeyOf,
} from './route.ts'

/** A price that is not to be had: refused with the oracle's own error; `fault` says it for an assessment. */
export class QuoteFailedError extends RefusedError {
  readonly fault: Fault
  constructor(revert: string, fault: Fault, args?: readonly bigint[]) {
    super(revert, args)
    this.fault = fault
  }
}

const failedPrice = (revert: string, who: string, args?: readonly bigint[]): QuoteFailedError =>
  new QuoteFailedError(revert, { reason: 'price-failed', detail: `${who}: ${revert}` }, args)

/** What a call answered instead of a price, as the transaction that meets it would say. */
const revertIn = (error: string): string =>
  error
    .replace(/^reverted: /, '')
    .replace(/^reverted with panic (\d+)$/, (_, code: string) => `Panic(0x${Number(code).toString(16)})`)

/** A price that was read; throws `QuoteFailedError` where it was not. */
export const readingOf = (env: Env, key: PriceKey) => {
  const reading = env.prices(key)
  if (!reading)
    throw new QuoteFailedError('the price is not read yet', {
      reason: 'not-yet-read',
      detail: `price ${key} is not read yet`,
    })
  if (reading.kind === 'failed') throw failedPrice(revertIn(reading.error), key)
  return reading
}

/** Another vault of the deployment, as of the env's time. */
export const vaultIn = (env: Env, address: Address): ReadVault => {
  const vault = env.markets(address) as EulerMarket | undefined
  const missing: Fault = { reason: 'not-yet-read', detail: `vault ${address} is not read yet` }
  if (!vault || vault.fault || !isReadVault(vault))
    throw new QuoteFailedError('the vault is not read yet', vault?.fault ?? missing)
  return accrue(vault, env.timestamp)
}

/** ScaleUtils.calcOutAmount, cut. */
const scaledDown = (amount: bigint, price: bigint, { priceScale, feedScale, isInverse }: Scale): bigint => {
  const unitPrice = checkedUint256(priceScale * price)
  return isInverse
    ? fullMulDivDown(amount, feedScale, unitPrice)
    : fullMulDivDown(amount, unitPrice, feedScale)
}

/** ChainlinkOracle._getQuote: refuses an answer that is not positive, or too old. */
const chainlinkDown = (route: ChainlinkRoute, amount: bigint, env: Env): bigint => {
  const { oracle, feed, maxStaleness } = route
  const { price, updatedAt = 0 } = readingOf(env, feedKeyOf(feed))
  if (price <= 0n) throw failedPrice('PriceOracle_InvalidAnswer', oracle)
  const staleness = checkedSub(BigInt(env.timestamp), BigInt(updatedAt))
  if (staleness > maxStaleness) throw failedPrice('PriceOracle_TooStale', oracle, [staleness, maxStaleness])
  return scaledDown(amount, price, route)
}

/** getQuote (`mid`) or one of getQuotes: `amount` of the route's base in units of its quote, cut at every step. */
export const quoteDown = (route: Route, amount: bigint, side: Side, env: Env): bigint => {
  switch (route.kind) {
    case 'identity':
      return amount
    case 'vault':
      return quoteDown(route.next, toAssetsDown(amount, vaultIn(env, route.vault).status), side, env)
    case 'shares': {
      const { price, scale } = readingOf(env, sharesKeyOf(route.vault))
      return quoteDown(route.next, mulDivDown(amount, price, scale), side, env)
    }
    case 'chainlink':
      return chainlinkDown(route, amount, env)
    case 'fixed':
      return scaledDown(amount, route.rate, route)
    case 'cross':
      return quoteDown(route.second, quoteDown(route.first, amount, 'mid', env), 'mid', env)
    case 'observed': {
      const { price, scale } = readingOf(env, quoteKeyOf(route.oracle, route.base, route.quote, side))
      return mulDivDown(amount, price, scale)
    }
    case 'unsupported':
      throw failedPrice('PriceOracle_NotSupported', `${route.base} in ${route.quote}`)
    case 'unread':
      throw new QuoteFailedError('the oracle is not read yet', {
        reason: 'not-yet-read',
        detail: `how oracle ${route.oracle} prices ${route.base} is not read yet`,
      })
  }
}
