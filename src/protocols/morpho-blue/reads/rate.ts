// Where a market's borrow rate comes from. AdaptiveCurveIrm is known by what it answers, not by its address.
import { type Address, encodeFunctionData } from 'viem'
import { adaptiveCurveAbi, irmAbi } from '../../../../abis/morpho-blue.ts'
import type { Call, CallResult } from '../../../model/evm.ts'
import { WAD } from '../../../units/brands.ts'
import { answerOf } from '../../answers.ts'
import { adaptiveCurveRate } from '../adaptive-curve.ts'
import { keys } from '../keys.ts'
import type { Id, MarketParams, MorphoMarket, MorphoMirror, MorphoRead, RateModel, Totals } from '../state.ts'

const RATE_GAS_MAX = 150_000

/** What is known of a rate model's make: whether its rate is computed or asked for. */
export type Make = 'adaptive-curve' | 'given'

/** By address of the model, from all markets that have been read: one contract is of one make. */
export const makesOf = (mirror: MorphoMirror): ReadonlyMap<Address, Make> => {
  const makes = new Map<Address, Make>()
  for (const { params, reading } of mirror.markets.values()) {
    const kind = reading?.rate.kind
    if (kind === 'adaptive-curve' || kind === 'given') makes.set(params.irm, kind)
  }
  return makes
}

/** What borrowRateView says of a market with these totals. */
export const rateCall = (params: MarketParams, totals: Totals): Call => ({
  to: params.irm,
  data: encodeFunctionData({
    abi: irmAbi,
    functionName: 'borrowRateView',
    args: [params, { ...totals, lastUpdate: BigInt(totals.lastUpdate) }],
  }),
  gasMax: RATE_GAS_MAX,
})

export const rateAtTargetCall = ({ irm }: MarketParams, id: Id): Call => ({
  to: irm,
  data: encodeFunctionData({ abi: adaptiveCurveAbi, functionName: 'rateAtTarget', args: [id] }),
  gasMax: RATE_GAS_MAX,
})

const imagined = (utilization: bigint): Totals => ({
  totalSupplyAssets: WAD * WAD,
  totalSupplyShares: 0n,
  totalBorrowAssets: WAD * utilization,
  totalBorrowShares: 0n,
  lastUpdate: 0,
  fee: 0n,
})

/**
 * Imagined markets that were last touched in 1970. At full and at no utilisation the rate meets its limits; a little above
 * and below 90 % it moves by some per cent, which shows its speed, its steepness on both sides and its exponential.
 */
const PROBES: readonly Totals[] = [
  imagined(WAD),
  imagined(0n),
  imagined((9n * WAD) / 10n + WAD / 1_000_000n),
  imagined((9n * WAD) / 10n - WAD / 200_000n),
]

/** Calls that tell whether a rate model is AdaptiveCurveIrm. */
export const probeCalls = (params: MarketParams): readonly Call[] =>
  PROBES.map((totals) => rateCall(params, totals))

/** Whether all answers are those of AdaptiveCurveIrm at this rate at target. */
export const isAdaptiveCurve = (
  rateAtTarget: bigint,
  timestamp: number,
  results: readonly CallResult[],
): boolean =>
  PROBES.every((totals, index) => {
    const answer = answerOf(irmAbi, 'borrowRateView', results[index])
    return answer.ok && answer.value === adaptiveCurveRate(totals, rateAtTarget, timestamp).borrowRate
  })

/** Whether an answer about the one holds for the other. */
export const isSame = (a: Totals, b: Totals): boolean =>
  (Object.keys(a) as (keyof Totals)[]).every((name) => a[name] === b[name])

/** The rate that a model of another make gives for the market as it is known; an answer for other totals is left for the next round. */
export const readRate = (id: Id, { params, reading }: MorphoMarket): MorphoRead | undefined => {
  if (!reading) return undefined
  const { totals } = reading
  return {
    key: keys.rate(id),
    calls: [rateCall(params, totals)],
    decode: (results) => {
      const answer = answerOf(irmAbi, 'borrowRateView', results[0])
      const rate: RateModel = answer.ok
        ? { kind: 'given', borrowRate: answer.value }
        : { kind: 'failed', error: answer.error }
      return [
        {
          kind: 'market',
          key: id,
          next: (current) =>
            current?.reading && isSame(current.reading.totals, totals)
              ? { ...current, reading: { ...current.reading, rate } }
              : current,
        },
      ]
    },
  }
}
