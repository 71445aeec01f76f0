// What an oracle is that is no router: an adapter whose arithmetic is known, or one that is read by view.
import { type Address, erc20Abi } from 'viem'
import { feedAbi, oracleAbi } from '../../../../abis/euler-v2.ts'
import type { Call, CallResult } from '../../../model/evm.ts'
import { answerOf } from '../../answers.ts'
import type { Route, UnreadRoute } from '../oracle/route.ts'
import { DECIMALS_UNTOLD, hasDecimals, isInverseOf, scaleOf } from '../oracle/scale.ts'
import { immutableOf } from './calls.ts'

/** Amounts that an oracle of another make is asked about: whole units of base, so many that little is lost to its rounding. */
const SAMPLE_DECIMALS = 6

const CHAINLINK = ['ChainlinkOracle', 'ChainlinkInfrequentOracle']
const FIXED = 'FixedRateOracle'
const CROSS = 'CrossAdapter'

/** One step further: a route that is known, or what is known so far. */
export type AdapterAnswer = Route

type Getter =
  | 'base'
  | 'quote'
  | 'feed'
  | 'maxStaleness'
  | 'rate'
  | 'cross'
  | 'oracleBaseCross'
  | 'oracleCrossQuote'

/** What an adapter of a name is built with. */
const GETTERS: Readonly<Record<string, readonly Getter[]>> = {
  ...Object.fromEntries(CHAINLINK.map((name) => [name, ['base', 'quote', 'feed', 'maxStaleness'] as const])),
  [FIXED]: ['base', 'quote', 'rate'],
  [CROSS]: ['base', 'quote', 'cross', 'oracleBaseCross', 'oracleCrossQuote'],
}

/** Kinds whose units follow from the decimals of both assets. */
const isScaled = (name: string): boolean => name !== CROSS

const decimalsCalls = (asset: Address): readonly Call[] =>
  hasDecimals(asset) ? [immutableOf(asset, { abi: erc20Abi, functionName: 'decimals' })] : []

const getterCalls = ({ oracle }: UnreadRoute, getters: readonly Getter[]): readonly Call[] =>
  getters.map((functionName) => immutableOf(oracle, { abi: oracleAbi, functionName }))

/** What is asked of an oracle next: its name, what it was built with, or the decimals of its feed. */
export const adapterCalls = (unread: UnreadRoute): readonly Call[] => {
  const { oracle, base, quote, name, adapter } = unread
  if (adapter) return [immutableOf(adapter.feed, { abi: feedAbi, functionName: 'decimals' })]
  if (name === undefined) return [immutableOf(oracle, { abi: oracleAbi, functionName: 'name' })]
  const getters = GETTERS[name]
  if (!getters) return decimalsCalls(base)
  return [
    ...getterCalls(unread, getters),
    ...(isScaled(name) ? [...decimalsCalls(base), ...decimalsCalls(quote)] : []),
  ]
}

/** BaseAdapter._getDecimals of both assets of a pair, from the answers behind the getters. */
const pairDecimals = (
  { base, quote }: UnreadRoute,
  results: readonly CallResult[],
): readonly [number, number] => {
  const told = (result: CallResult | undefined): number => {
    const answer = answerOf(erc20Abi, 'decimals', result)
    return answer.ok ? answer.value : DECIMALS_UNTOLD
  }
  const baseDecimals = hasDecimals(base) ? told(results[0]) : DECIMALS_UNTOLD
  const quoteDecimals = hasDecimals(quote) ? told(results[hasDecimals(base) ? 1 : 0]) : DECIMALS_UNTOLD
  return [baseDecimals, quoteDecimals]
}

const observed = ({ oracle, base, quote }: UnreadRoute, decimals: number): Route => ({
  kind: 'observed',
  oracle,
  base,
  quote,
  sample: 10n ** BigInt(decimals + SAMPLE_DECIMALS),
})

type Built = ReadonlyMap<Getter, Address | bigint>

/** What an adapter answered; undefined where it lacks a getter that its name promises. */
const builtIn = (getters: readonly Getter[], results: readonly CallResult[]): Built | undefined => {
  const built = new Map<Getter, Address | bigint>()
  for (const [index, getter] of getters.entries()) {
    const answer = answerOf(oracleAbi, getter, results[index])
    if (!answer.ok) return undefined
    built.set(getter, answer.value)
  }
  return built
}

const crossRoute = (unread: UnreadRoute, built: Built, isInverse: boolean): Route => {
  const { oracle, base, quote } = unread
  const addressAt = (getter: Getter): Address => built.get(getter) as Address
  const [from, cross, to] = [addressAt('base'), addressAt('cross'), addressAt('quote')]
  const [near, far] = [addressAt('oracleBaseCross'), addressAt('oracleCrossQuote')]
  const leg = (one: Address, legBase: Address, legQuote: Address): Route => ({
    kind: 'unread',
    oracle: one,
    base: legBase,
    quote: legQuote,
  })
  return isInverse
    ? { kind: 'cross', oracle, base, quote, first: leg(far, to, cross), second: leg(near, cross, from) }
    : { kind: 'cross', oracle, base, quote, first: leg(near, from, cross), second: leg(far, cross, to) }
}

const builtRoute = (
  unread: UnreadRoute,
  name: string,
  built: Built,
  results: readonly CallResult[],
): Route => {
  const { oracle, base, quote } = unread
  const isInverse = isInverseOf(unread, built.get('base') as Address, built.get('quote') as Address)
  if (isInverse === undefined) return { kind: 'unsupported', oracle, base, quote }
  if (name === CROSS) return crossRoute(unread, built, isInverse)
  const [askedBase, askedQuote] = pairDecimals(unread, results)
  const [baseDecimals, quoteDecimals] = isInverse ? [askedQuote, askedBase] : [askedBase, askedQuote]
  if (name === FIXED) {
    const scale = scaleOf(baseDecimals, quoteDecimals, quoteDecimals, isInverse)
    return { kind: 'fixed', oracle, base, quote, rate: built.get('rate') as bigint, ...scale }
  }
  const feed = built.get('feed') as Address
  const maxStaleness = built.get('maxStaleness') as bigint
  return { ...unread, adapter: { feed, maxStaleness, baseDecimals, quoteDecimals, isInverse } }
}

const named = (unread: UnreadRoute, result: CallResult | undefined): Route => {
  const answer = answerOf(oracleAbi, 'name', result)
  return { ...unread, name: answer.ok ? answer.value : '' }
}

/** The answers to `adapterCalls`. An oracle of another make is read by view; one whose feed does not tell its decimals too. */
export const adapterIn = (unread: UnreadRoute, results: readonly CallResult[]): AdapterAnswer => {
  const { oracle, base, quote, name, adapter } = unread
  if (adapter) {
    const { feed, maxStaleness, baseDecimals, quoteDecimals, isInverse } = adapter
    const decimals = answerOf(feedAbi, 'decimals', results[0])
    if (!decimals.ok) return observed(unread, isInverse ? quoteDecimals : baseDecimals)
    const scale = scaleOf(baseDecimals, quoteDecimals, decimals.value, isInverse)
    return { kind: 'chainlink', oracle, base, quote, feed, maxStaleness, ...scale }
  }
  if (name === undefined) return named(unread, results[0])
  const getters = GETTERS[name]
  const built = getters && builtIn(getters, results)
  if (!getters || !built)
    return observed(unread, pairDecimals(unread, results.slice(getters?.length ?? 0))[0])
  return builtRoute(unread, name, built, results.slice(getters.length))
}
