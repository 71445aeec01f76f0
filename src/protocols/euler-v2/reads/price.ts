// What the oracles at the ends of the routes say at a block.
import type { Address } from 'viem'
import { feedAbi, oracleAbi, vaultAbi } from '../../../../abis/euler-v2.ts'
import type { PriceReading } from '../../../model/price.ts'
import { answerOf } from '../../answers.ts'
import { keys } from '../keys.ts'
import { feedKeyOf, quoteKeyOf, type Side, sharesKeyOf } from '../oracle/route.ts'
import type { EulerChange, EulerRead } from '../state.ts'
import { immutableOf, viewOf } from './calls.ts'

const FEED_GAS_MAX = 150_000
/** Oracles of another make may ask many contracts. */
const QUOTE_GAS_MAX = 1_500_000

const reading = (one: PriceReading): EulerChange => ({ kind: 'price', reading: one })

const failed = (key: string, error: string): EulerChange => reading({ kind: 'failed', key, error })

/** A Chainlink feed's answer as it is, also one that no adapter would take. */
export const readFeed = (feed: Address): EulerRead => {
  const key = feedKeyOf(feed)
  return {
    key: keys.feed(feed),
    calls: [
      viewOf(feed, { abi: feedAbi, functionName: 'latestRoundData' }, FEED_GAS_MAX),
      immutableOf(feed, { abi: feedAbi, functionName: 'decimals' }),
    ],
    decode: (results) => {
      const round = answerOf(feedAbi, 'latestRoundData', results[0])
      const decimals = answerOf(feedAbi, 'decimals', results[1])
      if (!round.ok) return [failed(key, round.error)]
      if (!decimals.ok) return [failed(key, decimals.error)]
      const [, price, , updatedAt] = round.value
      const scale = 10n ** BigInt(decimals.value)
      return [reading({ kind: 'price', key, price, scale, updatedAt: Number(updatedAt), source: feed })]
    },
  }
}

/** What a vault of another make says that its sample of shares is worth. */
export const readShares = (vault: Address, sample: bigint): EulerRead => {
  const key = sharesKeyOf(vault)
  return {
    key: keys.shares(vault),
    calls: [viewOf(vault, { abi: vaultAbi, functionName: 'convertToAssets', args: [sample] }, QUOTE_GAS_MAX)],
    decode: (results) => {
      const assets = answerOf(vaultAbi, 'convertToAssets', results[0])
      if (!assets.ok) return [failed(key, assets.error)]
      return [reading({ kind: 'price', key, price: assets.value, scale: sample, source: vault })]
    },
  }
}

/** What an oracle of another make answers for its sample: in the middle, bid and ask. */
export const readQuote = (oracle: Address, base: Address, quote: Address, sample: bigint): EulerRead => {
  const args = [sample, base, quote] as const
  return {
    key: keys.quote(oracle, base, quote),
    calls: [
      viewOf(oracle, { abi: oracleAbi, functionName: 'getQuote', args }, QUOTE_GAS_MAX),
      viewOf(oracle, { abi: oracleAbi, functionName: 'getQuotes', args }, QUOTE_GAS_MAX),
    ],
    decode: (results) => {
      const mid = answerOf(oracleAbi, 'getQuote', results[0])
      const sides = answerOf(oracleAbi, 'getQuotes', results[1])
      const at = (side: Side, price: bigint | undefined, error: string): EulerChange => {
        const key = quoteKeyOf(oracle, base, quote, side)
        if (price === undefined) return failed(key, error)
        return reading({ kind: 'price', key, price, scale: sample, source: oracle })
      }
      const [bid, ask] = sides.ok ? sides.value : []
      const error = sides.ok ? '' : sides.error
      return [
        at('mid', mid.ok ? mid.value : undefined, mid.ok ? '' : mid.error),
        at('bid', bid, error),
        at('ask', ask, error),
      ]
    },
  }
}
