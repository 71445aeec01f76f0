// Real calls of redeemCollateral, and the hints that went with them.
import { unlessRefused } from '../../refusing.ts'
import { compareRecorded, type VectorFile } from '../../vectors.ts'
import { queueOf } from '../queue.ts'
import { type Redeeming, type RedemptionHints, redeemCollateral, redemptionHints } from '../redeeming.ts'
import { redemptions } from '../redemption.ts'
import type { ReadMarket, Trove } from '../state.ts'
import { booksOf, envOf, marketOf, mirrorOf, namesOf, queued } from './recorded.ts'
import { checkState } from './scenes.ts'

type Names = ReadonlyMap<string, string>

const toldOf = (record: VectorFile, done: Redeeming, names: Names) => {
  const surplus = done.redeemed.reduce((sum, one) => sum + one.surplus, 0n)
  return {
    ok: true,
    Redemption: {
      _attemptedLUSDAmount: record['_LUSDamount'],
      _actualLUSDAmount: done.debt,
      _ETHSent: done.coll,
      _ETHFee: done.fee,
    },
    TroveUpdated: done.redeemed.map(({ trove, after }) => ({
      trove: names.get(trove.owner),
      _debt: after?.debt ?? 0n,
      _coll: after?.coll ?? 0n,
      _stake: after?.stake ?? 0n,
    })),
    after: {
      ...booksOf(done.market.system),
      collSurplusPoolETH: BigInt(record['system'].collSurplusPool.ETH) + surplus,
    },
  }
}

/** Where the call was made with the hints of the book, `redeem` tells the same in the vocabulary of all protocols. */
const checkPreview = (
  record: VectorFile,
  market: ReadMarket,
  queue: readonly Trove[],
  hints: RedemptionHints,
): readonly string[] => {
  const isHinted =
    record['_maxIterations'] === '0' &&
    record['_LUSDamount'] === hints.truncatedAmount.toString() &&
    record['_partialRedemptionHintNICR'] === hints.partialNominalRatio.toString()
  if (!isHinted) return []
  const preview = redemptions.redeem(
    mirrorOf(market, queue),
    envOf(record['system'].price, record['txTimestamp']),
    hints.truncatedAmount,
  )
  const { ok, revert, Redemption, TroveUpdated } = record['expected']
  if (preview.kind === 'blocked')
    return compareRecorded({ ok, revert }, { ok: false, revert: preview.revert })
  const { redeemed, received, positions } = preview
  return compareRecorded(
    {
      redeemed: Redemption?._actualLUSDAmount,
      received: (BigInt(Redemption?._ETHSent) - BigInt(Redemption?._ETHFee)).toString(),
      closed: TroveUpdated?.map(({ _debt }: VectorFile) => _debt === '0'),
    },
    {
      redeemed: redeemed.amount,
      received: received[0]?.amount,
      closed: positions.map(({ isClosed }) => isClosed),
    },
  )
}

export const checkRedemption = (record: VectorFile, file: VectorFile): readonly string[] => {
  const market = marketOf(record['system'], file['version'])
  const price = BigInt(record['system'].price)
  const amount = BigInt(record['_LUSDamount'])
  const iterations = BigInt(record['_maxIterations'])
  const queue = queueOf(queued(record['trovesFromLast']))
  const names = namesOf(record['trovesFromLast'])
  const hints = redemptionHints(market, queue, price, amount, iterations)
  const options = { partialNominalRatio: BigInt(record['_partialRedemptionHintNICR']), iterations }
  const done = unlessRefused(() =>
    redeemCollateral(market, queue, price, Number(record['txTimestamp']), amount, options),
  )
  return [
    ...checkState(record['system'], file),
    ...compareRecorded(record['getRedemptionHints'], {
      firstRedemptionHint: hints.first && names.get(hints.first.owner),
      partialRedemptionHintNICR: hints.partialNominalRatio,
      truncatedLUSDamount: hints.truncatedAmount,
    }),
    ...compareRecorded(
      record['expected'],
      'kind' in done ? { ok: false, revert: done.revert } : toldOf(record, done, names),
    ),
    ...checkPreview(record, market, queue, hints),
  ]
}
