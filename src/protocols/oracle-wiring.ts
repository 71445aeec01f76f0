// Which feeds a price source rests on, by the getters that price sources of the common makes have. Pure: others perform the calls.
import { type Address, encodeFunctionData, getAddress, type Hex, hexToString } from 'viem'
import { oracleWiringAbi as abi } from '../../abis/oracle-wiring.ts'
import type { CallResult, ContractCall } from '../model/evm.ts'
import type { Leaf } from '../model/feed.ts'
import { answerOf } from './answers.ts'

/** Views of immutable or stored words; a contract without one may run a fallback into its limit. */
const GAS_MAX = 60_000

/** Sources are followed so many steps deep: an oracle of a market, the adapter behind it, the adapter's feed. */
export const WIRING_DEPTH_MAX = 3

/** Getters of sources behind a source, and whether the price is divided by them. */
const GETTERS = [
  ['BASE_TO_USD_AGGREGATOR', false],
  ['ASSET_TO_USD_AGGREGATOR', false],
  ['ASSET_TO_PEG', false],
  ['PEG_TO_BASE', false],
  ['BASE_TO_PEG', true],
  ['BASE_FEED_1', false],
  ['BASE_FEED_2', false],
  ['QUOTE_FEED_1', true],
  ['QUOTE_FEED_2', true],
  ['priceFeedA', false],
  ['priceFeedB', false],
  ['underlyingPriceFeed', false],
  ['stETHtoETHPriceFeed', false],
  ['feed', false],
  ['oracleBaseCross', false],
  ['oracleCrossQuote', false],
  ['priceAggregator', false],
  ['ethUsdOracle', false],
  ['stEthUsdOracle', false],
  ['rEthEthOracle', false],
  ['src', false],
] as const

/** `priceFeedBScale`: only a feed that divides by its second one keeps that one's scale (ReverseMultiplicativePriceFeed). */
const OTHERS = ['priceFeedBScale', 'description', 'wat'] as const

/** A source as it answered: what is behind it, and what it says of itself. */
export type Source = {
  readonly behind: readonly { readonly address: Address; readonly isInverse: boolean }[]
  readonly description: string | null
}

/** What is asked of one source. All of it may fail: no source has every getter. */
export const sourceCalls = (source: Address): readonly ContractCall[] =>
  [...GETTERS.map(([name]) => name), ...OTHERS].map((functionName) => ({
    to: source,
    data: encodeFunctionData({ abi, functionName }),
    gasMax: GAS_MAX,
  }))

/** Addresses up to here are precompiles, or small numbers that a fallback answered. */
const ADDRESS_MIN = 0xffffn
const ADDRESS_MAX = 2n ** 160n

/** The address in the first word of an answer; a contract's fallback may answer anything. */
const addressIn = (result: CallResult | undefined): Address | undefined => {
  if (!result?.ok || result.data.length < 66) return undefined
  const word = BigInt(result.data.slice(0, 66))
  return word > ADDRESS_MIN && word < ADDRESS_MAX ? getAddress(`0x${result.data.slice(26, 66)}`) : undefined
}

const DESCRIPTION_LENGTH_MAX = 64

/** Text from the chain, kept to what a name is made of. */
const plainText = (text: string): string | null =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a description is text from the chain and may hold anything
  text.replace(/[\u0000-\u001f\u007f]/g, '').slice(0, DESCRIPTION_LENGTH_MAX) || null

/** Median.wat, such as ETHUSD, as other feeds would say it. */
const describedBy = (wat: Hex): string | null => {
  const text = plainText(hexToString(wat, { size: 32 }))
  const match = /^([A-Z0-9]+)USD$/.exec(text ?? '')
  return match ? `${match[1]} / USD` : text
}

/** What the answers to `sourceCalls` say. */
export const sourceIn = (results: readonly CallResult[]): Source => {
  const [scale, description, wat] = OTHERS.map((_, index) => results[GETTERS.length + index])
  const isReverse = scale?.ok === true && scale.data.length === 66
  const behind = GETTERS.flatMap(([name, isInverse], index) => {
    const address = addressIn(results[index])
    return address ? [{ address, isInverse: isInverse || (name === 'priceFeedB' && isReverse) }] : []
  })
  const said = answerOf(abi, 'description', description)
  const named = answerOf(abi, 'wat', wat)
  return {
    behind,
    description: said.ok ? plainText(said.value) : named.ok ? describedBy(named.value) : null,
  }
}

/**
 * The feeds that a source rests on: itself where nothing is known behind it, or where its depth is reached. A feed that is met
 * more than once is told once, directly where it is so anywhere.
 */
export const leavesOf = (source: Address, sources: ReadonlyMap<Address, Source>): readonly Leaf[] => {
  const leaves = new Map<Address, Leaf>()
  const visit = (address: Address, isInverse: boolean, depth: number): void => {
    const known = sources.get(address)
    if (depth < WIRING_DEPTH_MAX && known && known.behind.length > 0) {
      for (const next of known.behind) visit(next.address, isInverse !== next.isInverse, depth + 1)
      return
    }
    const before = leaves.get(address)
    if (before && !before.isInverse) return
    leaves.set(address, { feed: address, isInverse, description: known?.description ?? null })
  }
  visit(source, false, 0)
  return [...leaves.values()]
}
