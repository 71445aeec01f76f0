// The proof: Morpho's own verdict, its storage and the rate model at the same block; and how complete the book is.
import { encodeFunctionData } from 'viem'
import { adaptiveCurveAbi, irmAbi, morphoAbi } from '../../../abis/morpho-blue.ts'
import type { Assessment, Health } from '../../model/assessment.ts'
import type { BlockRef } from '../../model/block.ts'
import type { Coverage } from '../../model/coverage.ts'
import type { Call, CallResult } from '../../model/evm.ts'
import { formatMarketId } from '../../model/ids.ts'
import { PPM } from '../../units/brands.ts'
import type { AuditRead } from '../adapter.ts'
import { answerOf } from '../answers.ts'
import { unlessRefused } from '../refusing.ts'
import { accrue, type ReadMarket, readMarket } from './accrual.ts'
import { adaptiveCurveRate } from './adaptive-curve.ts'
import { toAssetsUp } from './math.ts'
import { oraclePriceDown } from './oracle.ts'
import { partCalls, partsIn } from './reads/oracle.ts'
import { rateAtTargetCall, rateCall } from './reads/rate.ts'
import { halvesOf, loanSlot, totalsIn, totalsSlots } from './slots.ts'
import type { Id, MorphoMarket, MorphoMirror, MorphoPosition, Totals } from './state.ts'
import { sloads, wordsOf } from './storage.ts'

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

/** Debt and collateral by Morpho's storage, accrued with the rate model's own answer, against what the assessment says. */
const compareAmounts = (
  market: ReadMarket,
  words: readonly `0x${string}`[],
  rateAtTarget: bigint | undefined,
  health: Health,
): readonly string[] => {
  const totals = totalsIn(words)
  const [borrowShares, collateral] = halvesOf(words.at(-1) ?? '0x')
  if (!totals) return ['the market is gone from the storage of Morpho']
  const rate =
    rateAtTarget === undefined ? market.reading.rate : { kind: 'adaptive-curve' as const, rateAtTarget }
  const stored: ReadMarket = { ...market, reading: { ...market.reading, totals, rate } }
  const accrued = accrue(stored, health.block.timestamp).market.reading.totals
  const pairs = [
    [
      'debt',
      health.debtValue,
      toAssetsUp(borrowShares, accrued.totalBorrowAssets, accrued.totalBorrowShares),
    ],
    ['collateral', health.collateral[0]?.amount ?? 0n, collateral],
  ] as const
  return pairs.flatMap(([name, ours, theirs]) =>
    ours === theirs ? [] : [`${name}: ours ${ours}, by the storage of Morpho ${theirs}`],
  )
}

const compareRate = (
  totals: Totals,
  rateAtTarget: bigint,
  theirs: bigint,
  { timestamp }: BlockRef,
): readonly string[] => {
  const { borrowRate } = adaptiveCurveRate(totals, rateAtTarget, timestamp)
  return borrowRate === theirs ? [] : [`borrowRate: ours ${borrowRate}, the rate model's ${theirs}`]
}

const comparePrice = (
  { oracle }: MorphoMarket,
  results: readonly CallResult[],
  health: Health,
): readonly string[] => {
  const price = health.collateral[0]?.price
  if (!oracle || oracle === 'opaque' || price === undefined) return []
  const parts = partsIn(oracle, results)
  if (!parts) return []
  const composed = unlessRefused(() => oraclePriceDown(oracle.scaleFactor, parts))
  if (composed === price) return []
  const text = typeof composed === 'bigint' ? composed : `a revert (${composed.revert})`
  return [`price: the oracle's ${price}, composed of its parts ${text}`]
}

const compare = (
  market: ReadMarket,
  results: readonly CallResult[],
  assessment: Assessment,
): readonly string[] | undefined => {
  const [verdict, storage, target, borrowRate, ...parts] = results
  const words = wordsOf(storage, totalsSlots(market.id.market as Id).length + 1)
  if (!words.ok) return undefined
  const differences = compareVerdict(verdict, assessment)
  if (assessment.kind === 'unassessable') return differences
  const isCurve = market.reading.rate.kind === 'adaptive-curve'
  const rateAtTarget = answerOf(adaptiveCurveAbi, 'rateAtTarget', target)
  const rate = answerOf(irmAbi, 'borrowRateView', borrowRate)
  const { totals } = market.reading
  const known = isCurve && rateAtTarget.ok ? rateAtTarget.value : undefined
  return [
    ...differences,
    ...(isCurve && known === undefined ? [] : compareAmounts(market, words.value, known, assessment)),
    ...(known !== undefined && rate.ok ? compareRate(totals, known, rate.value, assessment.block) : []),
    ...comparePrice(market, parts, assessment),
  ]
}

/**
 * Morpho has no getter for health, so the proof has parts, all of one block: Morpho's verdict on a liquidation; debt and
 * collateral by its storage; the rate model's borrowRateView against our curve; the oracle's price against its parts.
 */
export const audit = (market: MorphoMarket, position: MorphoPosition): AuditRead => {
  const id = market.id.market as Id
  const { params, reading, oracle } = market
  if (!reading) return { calls: [], compare: () => undefined }
  return {
    calls: [
      verdictCall(market, position),
      sloads(market.morpho, [...totalsSlots(id), loanSlot(id, position.owner)]),
      rateAtTargetCall(params, id),
      rateCall(params, reading.totals),
      ...(oracle && oracle !== 'opaque' ? partCalls(oracle) : []),
    ],
    compare: (results, assessment) => compare(readMarket(market), results, assessment),
  }
}

/** Σ tracked borrow shares against the market's own total, both in units of the loan token accrued to the block, for every market with tracked positions. */
export const coverage = (mirror: MorphoMirror, block: BlockRef): readonly Coverage[] => {
  const shares = new Map<string, bigint>()
  for (const { id, borrowShares } of mirror.positions.values())
    shares.set(id.market, (shares.get(id.market) ?? 0n) + borrowShares)
  return [...shares].flatMap(([id, tracked]): readonly Coverage[] => {
    const market = mirror.markets.get(id)
    if (!market?.reading || market.fault) return []
    const accrued = unlessRefused(() => accrue(readMarket(market), block.timestamp).market)
    if ('kind' in accrued) return []
    const { totals, loan } = accrued.reading
    if (totals.totalBorrowShares === 0n) return []
    const assets = (some: bigint): bigint =>
      toAssetsUp(some, totals.totalBorrowAssets, totals.totalBorrowShares)
    return [
      {
        market: formatMarketId(market.id),
        asset: market.params.loanToken,
        ...loan,
        trackedDebt: assets(tracked),
        totalDebt: assets(totals.totalBorrowShares),
        ppm: Number((tracked * PPM) / totals.totalBorrowShares),
      },
    ]
  })
}
