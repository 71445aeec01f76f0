// A market's totals and rate, and what never changes about it, once.
import { encodeFunctionData, erc20Abi, zeroAddress } from 'viem'
import { adaptiveCurveAbi } from '../../../../abis/morpho-blue.ts'
import type { BlockRef } from '../../../model/block.ts'
import type { Call, CallResult } from '../../../model/evm.ts'
import type { Fault } from '../../../model/market.ts'
import { formatWad } from '../../../units/format.ts'
import { answerOf, symbolOf } from '../../answers.ts'
import { keys } from '../keys.ts'
import { addressIn, feeRecipientSlot, totalsIn, totalsSlots } from '../slots.ts'
import {
  due,
  type Id,
  type MarketParams,
  type MorphoChange,
  type MorphoMarket,
  type MorphoMirror,
  type MorphoRead,
  type RateModel,
  retry,
  type Token,
} from '../state.ts'
import { sloads, wordsOf } from '../storage.ts'
import { wiringCalls, wiringIn } from './oracle.ts'
import { short } from './params.ts'
import { isAdaptiveCurve, probeCalls, rateAtTargetCall } from './rate.ts'

const TOKEN_GAS_MAX = 60_000
const TOKEN_CALL_COUNT = 2

/** How much is known of a market's rate model before it is read. */
type Make = 'none' | 'adaptive-curve' | 'given' | 'unknown'

const makeOf = (rate: RateModel | undefined): Make =>
  rate?.kind === 'adaptive-curve' || rate?.kind === 'given' ? rate.kind : 'unknown'

/** By the market itself, else by another market that has the same model. */
const makeIn = (mirror: MorphoMirror, { params, reading }: MorphoMarket): Make => {
  if (params.irm === zeroAddress) return 'none'
  const own = makeOf(reading?.rate)
  if (own !== 'unknown') return own
  for (const other of mirror.markets.values()) {
    const make = other.params.irm === params.irm ? makeOf(other.reading?.rate) : 'unknown'
    if (make !== 'unknown') return make
  }
  return 'unknown'
}

const rateCalls = (make: Make, params: MarketParams, id: Id): readonly Call[] => {
  if (make === 'adaptive-curve') return [rateAtTargetCall(params, id)]
  return make === 'unknown' ? [rateAtTargetCall(params, id), ...probeCalls(params)] : []
}

/** `unread` where only the model's contract can tell: its rate is asked for once the totals are known. */
const rateIn = (make: Make, results: readonly CallResult[], timestamp: number): RateModel => {
  if (make === 'none') return { kind: 'none' }
  if (make === 'given') return { kind: 'unread' }
  const answer = answerOf(adaptiveCurveAbi, 'rateAtTarget', results[0])
  if (!answer.ok) return make === 'unknown' ? { kind: 'unread' } : { kind: 'failed', error: answer.error }
  const isKnown = make === 'adaptive-curve' || isAdaptiveCurve(answer.value, timestamp, results.slice(1))
  return isKnown ? { kind: 'adaptive-curve', rateAtTarget: answer.value } : { kind: 'unread' }
}

const tokenCalls = ({ loanToken, collateralToken }: MarketParams): readonly Call[] =>
  [loanToken, collateralToken].flatMap((to) =>
    (['symbol', 'decimals'] as const).map((functionName) => ({
      to,
      data: encodeFunctionData({ abi: erc20Abi, functionName }),
      gasMax: TOKEN_GAS_MAX,
      immutable: true,
    })),
  )

/** A token without a symbol goes by its address; one without decimals cannot be shown, and is a fault. */
const tokenIn = (address: `0x${string}`, results: readonly CallResult[]): Token | Fault => {
  const decimals = answerOf(erc20Abi, 'decimals', results[1])
  if (!decimals.ok) return { reason: 'read-failed', detail: `decimals of ${address}: ${decimals.error}` }
  const symbol = symbolOf(answerOf(erc20Abi, 'symbol', results[0]), results[0])
  return { symbol: symbol || short(address), decimals: decimals.value }
}

const tokensIn = (
  { loanToken, collateralToken }: MarketParams,
  results: readonly CallResult[],
): { readonly loan: Token; readonly collateral: Token } | Fault => {
  const loan = tokenIn(loanToken, results.slice(0, TOKEN_CALL_COUNT))
  const collateral = tokenIn(collateralToken, results.slice(TOKEN_CALL_COUNT))
  if ('reason' in loan) return loan
  return 'reason' in collateral ? collateral : { loan, collateral }
}

/** What the calls of one market were, so that their answers can be taken apart. */
type Plan = {
  readonly id: Id
  readonly market: MorphoMarket
  readonly make: Make
  readonly storage: readonly Call[]
  readonly rate: readonly Call[]
  readonly tokens: readonly Call[]
  readonly wiring: readonly Call[]
}

const faulty = (id: Id, fault: Fault): readonly MorphoChange[] => [
  { kind: 'market', key: id, next: (current) => current && { ...current, fault } },
  retry(keys.market(id)),
]

const decode = (plan: Plan, results: readonly CallResult[], block: BlockRef): readonly MorphoChange[] => {
  const { id, market, make } = plan
  let offset = 0
  const take = (calls: readonly Call[]): readonly CallResult[] => {
    offset += calls.length
    return results.slice(offset - calls.length, offset)
  }
  const words = wordsOf(take(plan.storage)[0], totalsSlots(id).length + 1)
  const rateAnswers = take(plan.rate)
  const tokens = market.reading ?? tokensIn(market.params, take(plan.tokens))
  if (!words.ok) return faulty(id, { reason: 'read-failed', detail: `extSloads: ${words.error}` })
  if ('reason' in tokens) return faulty(id, tokens)
  const totals = totalsIn(words.value)
  if (!totals) return [{ kind: 'market', key: id, next: () => undefined }]
  const rate = rateIn(make, rateAnswers, block.timestamp)
  const { loan, collateral } = tokens
  const reading = { totals, rate, feeRecipient: addressIn(words.value.at(-1) ?? '0x'), loan, collateral }
  const oracle = market.oracle ?? wiringIn(take(plan.wiring))
  const next = ({ fault: _mended, ...current }: MorphoMarket): MorphoMarket => ({
    ...current,
    label: `${collateral.symbol}/${loan.symbol} ${formatWad(market.params.lltv, 3)}`,
    quote: loan,
    reading,
    oracle,
  })
  return [
    { kind: 'market', key: id, next: (current) => current && next(current) },
    ...(rate.kind === 'unread' ? due(keys.rate(id)) : []),
    ...(rate.kind === 'failed' ? [retry(keys.market(id))] : []),
  ]
}

/** A market as stored at the block. Tokens and the oracle's parts are asked for only while they are not known. */
export const readMarketState = (mirror: MorphoMirror, id: Id, market: MorphoMarket): MorphoRead => {
  const make = makeIn(mirror, market)
  const plan: Plan = {
    id,
    market,
    make,
    storage: [sloads(market.morpho, [...totalsSlots(id), feeRecipientSlot])],
    rate: rateCalls(make, market.params, id),
    tokens: market.reading ? [] : tokenCalls(market.params),
    wiring: market.oracle ? [] : wiringCalls(market.params.oracle),
  }
  return {
    key: keys.market(id),
    calls: [...plan.storage, ...plan.rate, ...plan.tokens, ...plan.wiring],
    decode: (results, block) => decode(plan, results, block),
  }
}
