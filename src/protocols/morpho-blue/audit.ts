// The proof: Morpho's storage, the rate model, the oracle's parts and Morpho's own verdict at the same block.
import { encodeFunctionData } from 'viem'
import { adaptiveCurveAbi, irmAbi, morphoAbi } from '../../../abis/morpho-blue.ts'
import type { Assessment, Health } from '../../model/assessment.ts'
import type { Call, CallResult } from '../../model/evm.ts'
import type { AuditRead } from '../adapter.ts'
import { answerOf } from '../answers.ts'
import { unlessRefused } from '../refusing.ts'
import { accrue, type ReadMarket, readMarket } from './accrual.ts'
import { adaptiveCurveRate } from './adaptive-curve.ts'
import { toAssetsUp } from './math.ts'
import { oraclePriceDown } from './oracle.ts'
import { isSame, rateAtTargetCall, rateCall } from './reads/rate.ts'
import { partCalls, partsIn } from './reads/wiring.ts'
import type { Id, MorphoMarket, MorphoPosition, RateModel, Totals } from './state.ts'
import { halvesOf, loanSlot, sloads, TOTALS_WORD_COUNT, totalsIn, totalsSlots, wordsOf } from './storage.ts'

const VERDICT_GAS_MAX = 2_000_000

const HEALTHY_POSITION = 'position is healthy'

/** A liquidation of one share. A healthy position refuses it in so many words; any other is stopped by the payment at the latest. */
const verdictCall = ({ morpho, params }: MorphoMarket, { owner }: MorphoPosition): Call => ({
  to: morpho,
  data: encodeFunctionData({
    abi: morphoAbi,
    functionName: 'liquidate',
    args: [params, owner, 0n, 1n, '0x'],
  }),
  gasMax: VERDICT_GAS_MAX,
})

/** undefined where Morpho does not get as far as judging. */
const isHealthyIn = (result: CallResult | undefined): boolean | undefined => {
  if (!result || (!result.ok && result.data === '0x')) return undefined
  if (result.ok) return false
  if (result.error.endsWith(HEALTHY_POSITION)) return true
  return /transfer|panic/i.test(result.error) ? false : undefined
}

const compareVerdict = (result: CallResult | undefined, assessment: Assessment): readonly string[] => {
  const isHealthy = isHealthyIn(result)
  if (isHealthy === undefined) return []
  if (assessment.kind === 'unassessable')
    return assessment.reason === 'maths-reverts' && isHealthy
      ? [`Morpho calls the position healthy, but our maths reverts: ${assessment.detail}`]
      : []
  return assessment.isLiquidatable === !isHealthy
    ? []
    : [`isLiquidatable: ours ${assessment.isLiquidatable}, Morpho's ${!isHealthy}`]
}

/** What the rate model itself says at this block: of the market as it was when the calls were made, and its rate at target. */
type RateAnswers = {
  readonly asked: Totals
  readonly rateAtTarget: bigint | undefined
  readonly borrowRate: bigint | undefined
}

/** The rate model as it has to be for totals by the storage; undefined where its answer is about other totals. */
const rateOf = ({ reading }: ReadMarket, answers: RateAnswers, totals: Totals): RateModel | undefined => {
  const { asked, rateAtTarget, borrowRate } = answers
  if (reading.rate.kind === 'none') return reading.rate
  if (reading.rate.kind === 'adaptive-curve')
    return rateAtTarget === undefined ? undefined : { kind: 'adaptive-curve', rateAtTarget }
  if (borrowRate === undefined || !isSame(asked, totals)) return undefined
  return { kind: 'given', borrowRate }
}

/** Debt and collateral by Morpho's storage, accrued with the rate model's own answer, against what the assessment says. */
const compareAmounts = (
  market: ReadMarket,
  words: readonly `0x${string}`[],
  answers: RateAnswers,
  health: Health,
): readonly string[] => {
  const totals = totalsIn(words)
  if (!totals) return ['the market is gone from the storage of Morpho']
  const rate = rateOf(market, answers, totals)
  if (!rate) return []
  const stored: ReadMarket = { ...market, reading: { ...market.reading, totals, rate } }
  const accrued = accrue(stored, health.block.timestamp).market.reading.totals
  const [borrowShares, collateral] = halvesOf(words.at(-1) ?? '0x0')
  const debt = toAssetsUp(borrowShares, accrued.totalBorrowAssets, accrued.totalBorrowShares)
  const pairs = [
    ['debt', health.debtValue, debt],
    ['collateral', health.collateral[0]?.amount ?? 0n, collateral],
  ] as const
  return pairs.flatMap(([name, ours, theirs]) =>
    ours === theirs ? [] : [`${name}: ours ${ours}, by the storage of Morpho ${theirs}`],
  )
}

/** The rate model's borrowRateView against our curve. */
const compareRate = ({ reading }: ReadMarket, answers: RateAnswers, timestamp: number): readonly string[] => {
  const { asked, rateAtTarget, borrowRate: theirs } = answers
  if (reading.rate.kind !== 'adaptive-curve' || rateAtTarget === undefined || theirs === undefined) return []
  const { borrowRate } = adaptiveCurveRate(asked, rateAtTarget, timestamp)
  return borrowRate === theirs ? [] : [`borrowRate: ours ${borrowRate}, the rate model's ${theirs}`]
}

/** The oracle's price against what its parts compose. */
const comparePrice = (
  { wiring }: MorphoMarket,
  results: readonly CallResult[],
  health: Health,
): readonly string[] => {
  const price = health.collateral[0]?.price
  if (!wiring || wiring === 'opaque' || price === undefined) return []
  const parts = partsIn(wiring, results)
  if (!parts) return []
  const composed = unlessRefused(() => oraclePriceDown(wiring.scaleFactor, parts))
  if (composed === price) return []
  const text = typeof composed === 'bigint' ? composed : `a revert (${composed.revert})`
  return [`price: the oracle's ${price}, composed of its parts ${text}`]
}

/** What the rate model is asked: its rate of the market as it is known, and before it the rate at target, if it has one. */
const rateCalls = ({ id, params, reading }: ReadMarket): readonly Call[] => {
  if (reading.rate.kind === 'none') return []
  const view = rateCall(params, reading.totals)
  return reading.rate.kind === 'adaptive-curve' ? [rateAtTargetCall(params, id.market as Id), view] : [view]
}

const rateAnswersIn = ({ reading }: ReadMarket, results: readonly CallResult[]): RateAnswers => {
  const rateAtTarget = answerOf(adaptiveCurveAbi, 'rateAtTarget', results.at(-2))
  const borrowRate = answerOf(irmAbi, 'borrowRateView', results.at(-1))
  return {
    asked: reading.totals,
    rateAtTarget: rateAtTarget.ok ? rateAtTarget.value : undefined,
    borrowRate: borrowRate.ok ? borrowRate.value : undefined,
  }
}

const compare = (
  market: ReadMarket,
  results: readonly CallResult[],
  assessment: Assessment,
): readonly string[] | undefined => {
  const words = wordsOf(results[0], TOTALS_WORD_COUNT + 1)
  if (!words.ok) return undefined
  const verdict = compareVerdict(results.at(-1), assessment)
  if (assessment.kind === 'unassessable') return verdict
  const partsStart = 1 + rateCalls(market).length
  const answers = rateAnswersIn(market, results.slice(1, partsStart))
  return [
    ...verdict,
    ...compareAmounts(market, words.value, answers, assessment),
    ...compareRate(market, answers, assessment.block.timestamp),
    ...comparePrice(market, results.slice(partsStart, -1), assessment),
  ]
}

/**
 * Morpho has no getter for health, so the proof has parts, all of one block: debt and collateral by Morpho's storage; the
 * rate model's borrowRateView against our curve; the oracle's price against its parts; Morpho's verdict on a liquidation.
 * A contract is asked only what it has, since a call that fails without a word is asked for once more by itself.
 */
export const audit = (market: MorphoMarket, position: MorphoPosition): AuditRead => {
  const id = market.id.market as Id
  const { wiring } = market
  if (!market.reading) return { calls: [], compare: () => undefined }
  const read = readMarket(market)
  return {
    calls: [
      sloads(market.morpho, [...totalsSlots(id), loanSlot(id, position.owner)]),
      ...rateCalls(read),
      ...(wiring && wiring !== 'opaque' ? partCalls(wiring) : []),
      verdictCall(market, position),
    ],
    compare: (results, assessment) => compare(read, results, assessment),
  }
}
