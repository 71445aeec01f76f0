import { encodeFunctionData } from 'viem'
import { oracleAbi } from '../../../../abis/compound-v2.ts'
import { answerOf } from '../../answers.ts'
import { keys } from '../keys.ts'
import {
  type CompoundMarket,
  type CompoundRead,
  type CompoundToken,
  priceKeyOf,
  priceScaleOf,
} from '../state.ts'

/** Oracles of staked and bridged assets ask many contracts. */
const PRICE_GAS_MAX = 300_000

/** What the comptroller's oracle answers. A price of 0 is kept: the comptroller takes it for none. */
export const readPrice = ({ oracle }: CompoundMarket, cToken: CompoundToken): CompoundRead => {
  const { address } = cToken
  const key = priceKeyOf(address)
  return {
    key: keys.price(address),
    calls: [
      {
        to: oracle,
        data: encodeFunctionData({ abi: oracleAbi, functionName: 'getUnderlyingPrice', args: [address] }),
        gasMax: PRICE_GAS_MAX,
      },
    ],
    decode: (results) => {
      const answer = answerOf(oracleAbi, 'getUnderlyingPrice', results[0])
      if (!answer.ok) return [{ kind: 'price', reading: { kind: 'failed', key, error: answer.error } }]
      const reading = {
        kind: 'price' as const,
        key,
        price: answer.value,
        scale: priceScaleOf(cToken),
        source: oracle,
      }
      return [{ kind: 'price', reading }]
    },
  }
}
