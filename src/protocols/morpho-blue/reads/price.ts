import { type Address, encodeFunctionData } from 'viem'
import { oracleAbi } from '../../../../abis/morpho-blue.ts'
import { answerOf } from '../../answers.ts'
import { keys } from '../keys.ts'
import { type MorphoMarket, type MorphoRead, priceKeyOf } from '../state.ts'

/** Composed oracles of liquid staking tokens and vaults ask many contracts. */
const PRICE_GAS_MAX = 1_000_000

const PRICE_DECIMALS = 36

/** The oracle's units to one unit of the loan token for one whole collateral token, as far as the market is read. */
const scaleOf = (market: MorphoMarket | undefined): bigint => {
  const { loan, collateral } = market?.reading ?? {}
  const decimals = PRICE_DECIMALS + (loan?.decimals ?? 0) - (collateral?.decimals ?? 0)
  return 10n ** BigInt(Math.max(decimals, 0))
}

/** What `price()` of an oracle answers, as Morpho sees it, also a price of 0. `served` is a market that it prices. */
export const readPrice = (oracle: Address, served: MorphoMarket): MorphoRead => {
  const key = priceKeyOf(oracle)
  return {
    key: keys.price(oracle),
    calls: [
      {
        to: oracle,
        data: encodeFunctionData({ abi: oracleAbi, functionName: 'price' }),
        gasMax: PRICE_GAS_MAX,
      },
    ],
    decode: (results, _block, mirror) => {
      const answer = answerOf(oracleAbi, 'price', results[0])
      if (!answer.ok) return [{ kind: 'price', reading: { kind: 'failed', key, error: answer.error } }]
      const scale = scaleOf(mirror.markets.get(served.id.market))
      return [{ kind: 'price', reading: { kind: 'price', key, price: answer.value, scale, source: oracle } }]
    },
  }
}
