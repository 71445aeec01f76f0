// Totals, balances, tokens, prices, and what prices are quoted in.
import { type Address, encodeFunctionData, erc20Abi } from 'viem'
import { cometAbi, priceFeedAbi } from '../../../../abis/compound-v3.ts'
import type { ContractCall } from '../../../model/evm.ts'
import type { Quote } from '../../../model/market.ts'
import { answerOf, symbolOf } from '../../answers.ts'
import { retry } from '../../changing.ts'
import { keys } from '../keys.ts'
import { PRICE_SCALE } from '../math.ts'
import {
  type CometMarket,
  type CometRead,
  type Configuration,
  marketOf,
  priceKeyOf,
  short,
  type Totals,
  tokenOf,
  updateMarket,
  withPart,
} from '../state.ts'
import { cometCall, refusalIn } from './calls.ts'

const TOTALS_GAS_MAX = 60_000
const TOKEN_GAS_MAX = 80_000
const TOTAL_GAS_MAX = 30_000
/** Composed feeds ask exchange rates, vaults and several aggregators. */
const PRICE_GAS_MAX = 200_000
const DESCRIPTION_GAS_MAX = 100_000

const tokenCall = (token: Address, functionName: 'symbol'): ContractCall => ({
  to: token,
  data: encodeFunctionData({ abi: erc20Abi, functionName }),
  gasMax: TOKEN_GAS_MAX,
  immutable: true,
})

const balanceCall = (token: Address, holder: Address): ContractCall => ({
  to: token,
  data: encodeFunctionData({ abi: erc20Abi, functionName: 'balanceOf', args: [holder] }),
  gasMax: TOKEN_GAS_MAX,
})

const isSame = (before: object | undefined, after: object): boolean => {
  const entries = Object.entries(after)
  const known = new Map(Object.entries(before ?? {}))
  return known.size === entries.length && entries.every(([name, value]) => known.get(name) === value)
}

/** totalsBasic, and how many tokens the contract holds. A balance that cannot be read closes that asset's storefront only. */
export const readTotals = ({ comet }: CometMarket, configuration: Configuration): CometRead => {
  const { baseToken, assets } = configuration
  const tokens = [baseToken, ...assets.map(({ asset }) => asset)]
  return {
    key: keys.totals,
    calls: [
      cometCall(comet, 'totalsBasic', [], TOTALS_GAS_MAX),
      ...tokens.map((token) => balanceCall(token, comet)),
    ],
    decode: ([basic, ...rest], _block, mirror) => {
      const answer = answerOf(cometAbi, 'totalsBasic', basic)
      if (!answer.ok)
        return [updateMarket((current) => withPart(current, 'totals', answer.fault)), retry(keys.totals)]
      const totals: Totals = answer.value
      const known = tokens.flatMap((token, index) => {
        const balance = answerOf(erc20Abi, 'balanceOf', rest[index])
        return balance.ok ? [[token, balance.value] as const] : []
      })
      const balances = Object.fromEntries(known)
      const before = marketOf(mirror)
      const isUnchanged =
        isSame(before?.totals, totals) && isSame(before?.balances, balances) && !before?.faults.totals
      return isUnchanged
        ? []
        : [updateMarket((current) => withPart({ ...current, totals, balances }, 'totals', undefined))]
    },
  }
}

/** What all accounts have put up of an asset. */
export const readCollateral = ({ comet }: CometMarket, asset: Address): CometRead => ({
  key: keys.collateral(asset),
  calls: [cometCall(comet, 'totalsCollateral', [asset], TOTAL_GAS_MAX)],
  decode: ([result]) => {
    const answer = answerOf(cometAbi, 'totalsCollateral', result)
    const set = (total: bigint | undefined) =>
      updateMarket(({ totalsCollateral: { [asset]: _, ...others }, ...current }) => ({
        ...current,
        totalsCollateral: total === undefined ? others : { ...others, [asset]: total },
      }))
    return answer.ok ? [set(answer.value[0])] : [set(undefined), retry(keys.collateral(asset))]
  },
})

/** A token's symbol. Without an answer it goes by its address until there is one. */
export const readToken = (token: Address): CometRead => ({
  key: keys.token(token),
  calls: [tokenCall(token, 'symbol')],
  decode: ([result]) => {
    const symbol = symbolOf(answerOf(erc20Abi, 'symbol', result), result)
    return [
      updateMarket((current) => {
        const { decimals, symbol: provisional } = tokenOf(current, token)
        return {
          ...current,
          tokens: { ...current.tokens, [token]: { symbol: symbol || provisional, decimals } },
        }
      }),
      ...(result?.ok ? [] : [retry(keys.token(token))]),
    ]
  },
})

/** Comet.getPrice of a feed: what every check of the contract goes by. A refusal is a failed price, in the contract's words. */
export const readPrice = ({ comet }: CometMarket, priceFeed: Address): CometRead => {
  const key = priceKeyOf(priceFeed)
  return {
    key: keys.price(priceFeed),
    calls: [cometCall(comet, 'getPrice', [priceFeed], PRICE_GAS_MAX)],
    decode: ([result]) => {
      const answer = answerOf(cometAbi, 'getPrice', result)
      return [
        {
          kind: 'price',
          reading: answer.ok
            ? { kind: 'price', key, price: answer.value, scale: PRICE_SCALE, source: priceFeed }
            : { kind: 'failed', key, error: refusalIn(result) },
        },
      ]
    },
  }
}

const QUOTE_DECIMALS = PRICE_SCALE.toString().length - 1

/** `X / USD` and the like, whatever else is said; undefined where a feed does not say so. */
const quotedIn = (description: string): string | undefined =>
  /^.*\/\s*([A-Za-z][A-Za-z0-9.]*)/s.exec(description)?.[1]

/**
 * What prices are quoted in, by the base token's feed. A feed that always says one quotes in the base token itself; any
 * other in what its description names behind the slash; without that it is a unit of its own, never USD.
 */
export const readQuote = ({ baseToken, baseTokenPriceFeed: feed }: Configuration): CometRead => {
  const call = (functionName: 'constantPrice' | 'description'): ContractCall => ({
    to: feed,
    data: encodeFunctionData({ abi: priceFeedAbi, functionName }),
    gasMax: DESCRIPTION_GAS_MAX,
    immutable: true,
  })
  return {
    key: keys.quote,
    calls: [call('constantPrice'), call('description')],
    decode: ([price, text]) => {
      const constant = answerOf(priceFeedAbi, 'constantPrice', price)
      const description = answerOf(priceFeedAbi, 'description', text)
      const symbol = (description.ok ? quotedIn(description.value) : undefined) ?? `feed ${short(feed)}`
      const isBase = constant.ok && constant.value === PRICE_SCALE
      return [
        updateMarket((current) => {
          const quote: Quote = isBase
            ? { symbol: tokenOf(current, baseToken).symbol, decimals: QUOTE_DECIMALS, asset: baseToken }
            : { symbol, decimals: QUOTE_DECIMALS }
          return { ...current, quote }
        }),
        ...(isBase || description.ok ? [] : [retry(keys.quote)]),
      ]
    },
  }
}
