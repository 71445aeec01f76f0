// The parts of an oracle, if it is a MorphoChainlinkOracleV2: which they are, and what they answer.
import { type Address, encodeFunctionData, zeroAddress } from 'viem'
import { chainlinkOracleAbi, feedAbi, vaultAbi } from '../../../../abis/morpho-blue.ts'
import type { Call, CallResult } from '../../../model/evm.ts'
import { answerOf } from '../../answers.ts'
import type { OracleAnswers, OracleSide, OracleWiring } from '../oracle.ts'

const PART_GAS_MAX = 500_000
const GETTER_GAS_MAX = 30_000

const gettersOf = <T extends 'BASE' | 'QUOTE'>(side: T) =>
  [`${side}_VAULT`, `${side}_VAULT_CONVERSION_SAMPLE`, `${side}_FEED_1`, `${side}_FEED_2`] as const

const GETTERS = ['SCALE_FACTOR', ...gettersOf('BASE'), ...gettersOf('QUOTE')] as const

type Getter = (typeof GETTERS)[number]

/** Asks for the immutable parts of an oracle. */
export const wiringCalls = (oracle: Address): readonly Call[] =>
  GETTERS.map((functionName) => ({
    to: oracle,
    data: encodeFunctionData({ abi: chainlinkOracleAbi, functionName }),
    gasMax: GETTER_GAS_MAX,
    immutable: true,
  }))

/** The parts by the answers to `wiringCalls`; an oracle that lacks any of the getters is of another make. */
export const wiringIn = (results: readonly CallResult[]): OracleWiring | 'opaque' => {
  const answers = new Map<Getter, Address | bigint>()
  for (const [index, getter] of GETTERS.entries()) {
    const answer = answerOf(chainlinkOracleAbi, getter, results[index])
    if (!answer.ok) return 'opaque'
    answers.set(getter, answer.value)
  }
  const addressAt = (getter: Getter): readonly Address[] => {
    const address = answers.get(getter) as Address
    return address === zeroAddress ? [] : [address]
  }
  const sideOf = (side: 'BASE' | 'QUOTE'): OracleSide => {
    const [address] = addressAt(`${side}_VAULT`)
    const sample = answers.get(`${side}_VAULT_CONVERSION_SAMPLE`) as bigint
    const feeds = [...addressAt(`${side}_FEED_1`), ...addressAt(`${side}_FEED_2`)]
    return address ? { vault: { address, sample }, feeds } : { feeds }
  }
  return {
    scaleFactor: answers.get('SCALE_FACTOR') as bigint,
    base: sideOf('BASE'),
    quote: sideOf('QUOTE'),
  }
}

const sideCalls = ({ vault, feeds }: OracleSide): readonly Call[] => {
  const feedCalls = feeds.map((to) => ({
    to,
    data: encodeFunctionData({ abi: feedAbi, functionName: 'latestRoundData' }),
    gasMax: PART_GAS_MAX,
  }))
  if (!vault) return feedCalls
  const args = [vault.sample] as const
  const data = encodeFunctionData({ abi: vaultAbi, functionName: 'convertToAssets', args })
  return [{ to: vault.address, data, gasMax: PART_GAS_MAX }, ...feedCalls]
}

/** What the oracle itself asks to compose its price. */
export const partCalls = ({ base, quote }: OracleWiring): readonly Call[] => [
  ...sideCalls(base),
  ...sideCalls(quote),
]

const sideIn = ({ vault }: OracleSide, results: readonly CallResult[]): readonly bigint[] =>
  results.flatMap((result, index) => {
    if (vault && index === 0) {
      const assets = answerOf(vaultAbi, 'convertToAssets', result)
      return assets.ok ? [assets.value] : []
    }
    const round = answerOf(feedAbi, 'latestRoundData', result)
    return round.ok ? [round.value[1]] : []
  })

/** The answers to `partCalls`; undefined where one is missing. */
export const partsIn = (
  { base, quote }: OracleWiring,
  results: readonly CallResult[],
): OracleAnswers | undefined => {
  const baseCount = sideCalls(base).length
  const answers = {
    base: sideIn(base, results.slice(0, baseCount)),
    quote: sideIn(quote, results.slice(baseCount)),
  }
  return answers.base.length + answers.quote.length === results.length ? answers : undefined
}
