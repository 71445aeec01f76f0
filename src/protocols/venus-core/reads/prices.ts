// What the oracles answer. A failure is a reading too; zero is kept, since the comptroller knows it.
import type { Address } from 'viem'
import { boundedOracleAbi, oracleAbi } from '../../../../abis/venus-core.ts'
import type { PriceReading } from '../../../model/price.ts'
import { answerOf } from '../../answers.ts'
import { keys } from '../keys.ts'
import { boundedPriceKeyOf, priceKeyOf, priceScaleOf, type VenusMarket, type VenusRead } from '../state.ts'
import { viewOf } from './calls.ts'

/** Several feeds, their validation, and an exchange rate or two. */
const PRICE_GAS_MAX = 500_000

const scaleOf = ({ cTokens }: VenusMarket, address: Address): bigint =>
  priceScaleOf(cTokens[address]?.underlying.decimals ?? 18)

/** A vToken's price, or VAI's, by the oracle (ResilientOracle). */
export const readPrice = (market: VenusMarket, address: Address): VenusRead => ({
  key: keys.price(address),
  calls: [viewOf(market.oracle, oracleAbi, 'getUnderlyingPrice', [address], PRICE_GAS_MAX)],
  decode: (results) => {
    const price = answerOf(oracleAbi, 'getUnderlyingPrice', results[0])
    const key = priceKeyOf(address)
    const reading: PriceReading = price.ok
      ? { kind: 'price', key, price: price.value, scale: scaleOf(market, address), source: market.oracle }
      : { kind: 'failed', key, error: price.error }
    return [{ kind: 'price', reading }]
  },
})

/** What collateral and debt count for in loans (DeviationBoundedOracle). */
export const readBoundedPrices = (market: VenusMarket, oracle: Address, address: Address): VenusRead => ({
  key: keys.boundedPrices(address),
  calls: [viewOf(oracle, boundedOracleAbi, 'getBoundedPricesView', [address], PRICE_GAS_MAX)],
  decode: (results) => {
    const prices = answerOf(boundedOracleAbi, 'getBoundedPricesView', results[0])
    return (['collateral', 'debt'] as const).map((side, index) => {
      const key = boundedPriceKeyOf(side, address)
      const reading: PriceReading = prices.ok
        ? {
            kind: 'price',
            ...{ key, price: prices.value[index] ?? 0n, scale: scaleOf(market, address), source: oracle },
          }
        : { kind: 'failed', key, error: prices.error }
      return { kind: 'price', reading }
    })
  },
})
