// A market's totals and rate, and what never changes about it, once.
import { type Address, encodeFunctionData, erc20Abi, zeroAddress } from 'viem'
import { adaptiveCurveAbi } from '../../../../abis/morpho-blue.ts'
import type { BlockRef } from '../../../model/block.ts'
import type { Call, CallResult } from '../../../model/evm.ts'
import type { Fault } from '../../../model/market.ts'
import { formatWad } from '../../../units/format.ts'
import { answerOf, symbolOf } from '../../answers.ts'
import { due, retry } from '../../changing.ts'
import { keys } from '../keys.ts'
import type {
  Id,
  MarketParams,
  MorphoChange,
  MorphoMarket,
  MorphoRead,
  RateModel,
  Token,
  Totals,
} from '../state.ts'
import {
  addressIn,
  feeRecipientSlot,
  sloads,
  TOTALS_WORD_COUNT,
  totalsIn,
  totalsSlots,
  wordsOf,
} from '../storage.ts'
import { short } from './params.ts'
import { isAdaptiveCurve, isSame, type Make, probeCalls, rateAtTargetCall } from './rate.ts'
import { wiringCalls, wiringIn } from './wiring.ts'

const TOKEN_GAS_MAX = 60_000
const TOKEN_CALL_COUNT = 2

/** How much is known of a market's rate model before it is read. */
type KnownMake = Make | 'none' | 'unknown'

const rateCalls = (make: KnownMake, params: MarketParams, id: Id): readonly Call[] => {
  if (make === 'adaptive-curve') return [rateAtTargetCall(params, id)]
  return make === 'unknown' ? [rateAtTargetCall(params, id), ...probeCalls(params)] : []
}

/** `unread` where only the model's contract can tell: its rate is asked for once the totals are known. */
const rateIn = (make: KnownMake, results: readonly CallResult[], timestamp: number): RateModel => {
  if (make === 'none') return { kind: 'none' }
  if (make === 'given') return { kind: 'unread' }
  const answer = answerOf(adaptiveCurveAbi, 'rateAtTarget', results[0])
  if (!answer.ok) return make === 'unknown' ? { kind: 'unread' } : { kind: 'failed', error: answer.error }
  const isKnown = make === 'adaptive-curve' || isAdaptiveCurve(answer.value, timestamp, results.slice(1))
  return isKnown ? { kind: 'adaptive-curve', rateAtTarget: answer.value } : { kind: 'unread' }
}

/** A model of another make is asked in the same round about the totals as they were: its answer stands if they still are. */
const standingRate = (make: KnownMake, { reading }: MorphoMarket, totals: Totals): RateModel | undefined =>
  make === 'given' && reading && isSame(reading.totals, totals) ? reading.rate : undefined

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
const tokenIn = (address: Address, results: readonly CallResult[]): Token | Fault => {
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
  readonly make: KnownMake
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
  const words = wordsOf(take(plan.storage)[0], TOTALS_WORD_COUNT + 1)
  const rateAnswers = take(plan.rate)
  const tokens = market.reading ?? tokensIn(market.params, take(plan.tokens))
  if (!words.ok) return faulty(id, words.fault)
  if ('reason' in tokens) return faulty(id, tokens)
  const totals = totalsIn(words.value)
  if (!totals) return [{ kind: 'market', key: id, next: () => undefined }]
  const rate = standingRate(make, market, totals) ?? rateIn(make, rateAnswers, block.timestamp)
  const { loan, collateral } = tokens
  const reading = { totals, rate, feeRecipient: addressIn(words.value.at(-1) ?? '0x'), loan, collateral }
  const wiring = market.wiring ?? wiringIn(take(plan.wiring))
  const next = ({ fault: _mended, ...current }: MorphoMarket): MorphoMarket => ({
    ...current,
    label: `${collateral.symbol}/${loan.symbol} ${formatWad(market.params.lltv, 3)}`,
    quote: { ...loan, asset: market.params.loanToken },
    fidelity: make === 'given' || rate.kind === 'unread' ? 'observed' : 'exact',
    reading,
    wiring,
  })
  return [
    { kind: 'market', key: id, next: (current) => current && next(current) },
    ...(rate.kind === 'unread' ? due(keys.rate(id)) : []),
    ...(rate.kind === 'failed' ? [retry(keys.market(id))] : []),
  ]
}

/** A market as stored at the block. Tokens and the oracle's parts are asked for only while they are not known. */
export const readMarketState = (
  id: Id,
  market: MorphoMarket,
  makes: ReadonlyMap<Address, Make>,
): MorphoRead => {
  const { irm, oracle } = market.params
  const make = irm === zeroAddress ? 'none' : (makes.get(irm) ?? 'unknown')
  const plan: Plan = {
    id,
    market,
    make,
    storage: [sloads(market.morpho, [...totalsSlots(id), feeRecipientSlot])],
    rate: rateCalls(make, market.params, id),
    tokens: market.reading ? [] : tokenCalls(market.params),
    wiring: market.wiring ? [] : wiringCalls(oracle),
  }
  return {
    key: keys.market(id),
    calls: [...plan.storage, ...plan.rate, ...plan.tokens, ...plan.wiring],
    decode: (results, block) => decode(plan, results, block),
  }
}
