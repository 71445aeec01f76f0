// Reads of one price.
import type { Address } from 'viem'
import { oracleAbi } from '../../../../abis/aave-v3.ts'
import type { PriceReading } from '../../../model/price.ts'
import { answerOf } from '../../answers.ts'
import { keys } from '../keys.ts'
import { type AaveMarket, type AaveRead, marketOf } from '../state.ts'
import { viewOf } from './calls.ts'

/** Adapters of rates and caps stand before the feed itself. */
const PRICE_GAS_MAX = 200_000

/** A price as the pool sees it: AaveOracle.getAssetPrice, in units of the base currency, and the feed that it asks. Zero is no price. */
export const readPrice = ({ wiring: { oracle } }: AaveMarket, asset: Address): AaveRead => {
  const key = keys.price(asset)
  return {
    key,
    calls: [viewOf(oracle, { abi: oracleAbi, functionName: 'getAssetPrice', args: [asset] }, PRICE_GAS_MAX)],
    decode: (results, _block, mirror) => {
      const price = answerOf(oracleAbi, 'getAssetPrice', results[0])
      const { baseCurrencyUnit: scale = 0n, reserves } = marketOf(mirror) ?? {}
      const source = reserves?.[asset]?.priceFeed ?? oracle
      const reading: PriceReading = !price.ok
        ? { kind: 'failed', key, error: price.fault.detail }
        : price.value === 0n
          ? { kind: 'failed', key, error: 'the oracle answers 0, which is no price' }
          : { kind: 'price', key, price: price.value, scale, source }
      return [{ kind: 'price', reading }]
    },
  }
}
