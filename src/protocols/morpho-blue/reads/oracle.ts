// Prices, and once how an oracle composes them.
import { type Address, encodeFunctionData, zeroAddress } from 'viem'
import { chainlinkOracleAbi, feedAbi, oracleAbi, vaultAbi } from '../../../../abis/morpho-blue.ts'
import type { Call, CallResult } from '../../../model/evm.ts'
import { type Answer, answerOf } from '../../answers.ts'
import { keys } from '../keys.ts'
import type { OracleParts, OracleWiring, VaultLeg } from '../oracle.ts'
import { type MorphoMirror, type MorphoRead, priceKeyOf } from '../state.ts'

/** Composed oracles of liquid staking tokens and vaults ask many contracts. */
const PRICE_GAS_MAX = 1_000_000
const PART_GAS_MAX = 500_000
const GETTER_GAS_MAX = 30_000

const PRICE_DECIMALS = 36

/** What one whole token of collateral costs in the oracle's units, by the tokens of a market that it serves. */
const scaleOf = (mirror: MorphoMirror, oracle: Address): bigint => {
  for (const { params, reading, preLiquidations } of mirror.markets.values()) {
    const isServed =
      params.oracle === oracle || Object.values(preLiquidations).some((one) => one.oracle === oracle)
    if (!reading || !isServed) continue
    const decimals = PRICE_DECIMALS + reading.loan.decimals - reading.collateral.decimals
    return 10n ** BigInt(Math.max(decimals, 0))
  }
  return 10n ** BigInt(PRICE_DECIMALS)
}

/** What `price()` of an oracle answers, as Morpho sees it. A price of 0 is kept: a liquidation would go by it. */
export const readPrice = (oracle: Address): MorphoRead => {
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
      return [
        {
          kind: 'price',
          reading: answer.ok
            ? { kind: 'price', key, price: answer.value, scale: scaleOf(mirror, oracle), source: oracle }
            : { kind: 'failed', key, error: answer.error },
        },
      ]
    },
  }
}

const GETTERS = [
  'SCALE_FACTOR',
  'BASE_VAULT',
  'BASE_VAULT_CONVERSION_SAMPLE',
  'BASE_FEED_1',
  'BASE_FEED_2',
  'QUOTE_VAULT',
  'QUOTE_VAULT_CONVERSION_SAMPLE',
  'QUOTE_FEED_1',
  'QUOTE_FEED_2',
] as const

/** The immutable parts of an oracle, if it is a MorphoChainlinkOracleV2. */
export const wiringCalls = (oracle: Address): readonly Call[] =>
  GETTERS.map((functionName) => ({
    to: oracle,
    data: encodeFunctionData({ abi: chainlinkOracleAbi, functionName }),
    gasMax: GETTER_GAS_MAX,
    immutable: true,
  }))

const valueOf = <T>(answer: Answer<T>): T | undefined => (answer.ok ? answer.value : undefined)

/** An oracle that lacks any of the parts is of another make. */
export const wiringIn = (results: readonly CallResult[]): OracleWiring | 'opaque' => {
  const answer = <TName extends (typeof GETTERS)[number]>(name: TName) =>
    valueOf(answerOf(chainlinkOracleAbi, name, results[GETTERS.indexOf(name)]))
  const scaleFactor = answer('SCALE_FACTOR')
  const vaults = [
    [answer('BASE_VAULT'), answer('BASE_VAULT_CONVERSION_SAMPLE')],
    [answer('QUOTE_VAULT'), answer('QUOTE_VAULT_CONVERSION_SAMPLE')],
  ] as const
  const feeds = [
    [answer('BASE_FEED_1'), answer('BASE_FEED_2')],
    [answer('QUOTE_FEED_1'), answer('QUOTE_FEED_2')],
  ] as const
  if (scaleFactor === undefined || [...vaults, ...feeds].flat().includes(undefined)) return 'opaque'
  const [baseVault, quoteVault] = vaults.map(([vault, sample]): VaultLeg | undefined =>
    vault && vault !== zeroAddress && sample !== undefined ? { vault, sample } : undefined,
  )
  const [baseFeeds = [], quoteFeeds = []] = feeds.map((pair) =>
    pair.flatMap((feed) => (feed && feed !== zeroAddress ? [feed] : [])),
  )
  return {
    scaleFactor,
    baseFeeds,
    quoteFeeds,
    ...(baseVault ? { baseVault } : {}),
    ...(quoteVault ? { quoteVault } : {}),
  }
}

const vaultCalls = (leg: VaultLeg | undefined): readonly Call[] =>
  leg
    ? [
        {
          to: leg.vault,
          data: encodeFunctionData({ abi: vaultAbi, functionName: 'convertToAssets', args: [leg.sample] }),
          gasMax: PART_GAS_MAX,
        },
      ]
    : []

const feedCall = (feed: Address): Call => ({
  to: feed,
  data: encodeFunctionData({ abi: feedAbi, functionName: 'latestRoundData' }),
  gasMax: PART_GAS_MAX,
})

/** What the oracle itself would ask to compose its price: base vault, base feeds, quote vault, quote feeds. */
export const partCalls = ({
  baseVault,
  baseFeeds,
  quoteVault,
  quoteFeeds,
}: OracleWiring): readonly Call[] => [
  ...vaultCalls(baseVault),
  ...baseFeeds.map(feedCall),
  ...vaultCalls(quoteVault),
  ...quoteFeeds.map(feedCall),
]

/** The answers to `partCalls`; undefined where one is missing. */
export const partsIn = (
  { baseVault, baseFeeds, quoteVault }: OracleWiring,
  results: readonly CallResult[],
): OracleParts | undefined => {
  const baseCount = (baseVault ? 1 : 0) + baseFeeds.length
  const sideOf = (own: readonly CallResult[], hasVault: boolean) => ({
    vaultAssets: hasVault ? valueOf(answerOf(vaultAbi, 'convertToAssets', own[0])) : 1n,
    answers: own
      .slice(hasVault ? 1 : 0)
      .map((result) => valueOf(answerOf(feedAbi, 'latestRoundData', result))?.[1]),
  })
  const base = sideOf(results.slice(0, baseCount), baseVault !== undefined)
  const quote = sideOf(results.slice(baseCount), quoteVault !== undefined)
  const isKnown = (answer: bigint | undefined): answer is bigint => answer !== undefined
  if (base.vaultAssets === undefined || quote.vaultAssets === undefined) return undefined
  if (![...base.answers, ...quote.answers].every(isKnown)) return undefined
  return {
    baseVaultAssets: base.vaultAssets,
    baseAnswers: base.answers.filter(isKnown),
    quoteVaultAssets: quote.vaultAssets,
    quoteAnswers: quote.answers.filter(isKnown),
  }
}
