// What a redemption would take from whom, with the hints that a front end would send along.

import { formatPositionId } from '../../model/ids.ts'
import type { Blocked } from '../../model/liquidation.ts'
import type { RedeemedPosition, Redemption } from '../../model/redemption.ts'
import type { Env, RedemptionQueue } from '../adapter.ts'
import { RefusedError, requireThat, unlessRefused } from '../refusing.ts'
import { collateralAmount, debtAmount, priceIn } from './amounts.ts'
import { debtInFront, queueOf } from './queue.ts'
import { type RedeemedTrove, redeemCollateral, redemptionHints } from './redeeming.ts'
import {
  type LiquityMarket,
  type LiquityMirror,
  marketOf,
  type ReadMarket,
  readMarket,
  type Trove,
} from './state.ts'

const redeemedOf = (
  market: ReadMarket,
  { trove, debt, coll, after }: RedeemedTrove,
  price: bigint,
): RedeemedPosition => ({
  position: formatPositionId(trove.id),
  owner: trove.owner,
  debt: debtAmount(market, debt),
  collateral: collateralAmount(market, coll, price),
  fee: collateralAmount(market, 0n, price),
  isClosed: after === undefined,
})

const knownMarket = (mirror: LiquityMirror): ReadMarket => {
  const market = marketOf(mirror)
  if (!market) throw new RefusedError('the system is not read yet')
  return readMarket(market)
}

/**
 * What redeeming as much of `amount` as is possible would do in this block: the amount is cut to what leaves the last
 * trove its minimum of debt, and the hint of that trove's ratio is right, as HintHelpers would have it.
 */
const redeem = (mirror: LiquityMirror, env: Env, amount: bigint): Redemption | Blocked =>
  unlessRefused(() => {
    const market = knownMarket(mirror)
    const price = priceIn(env)
    const queue = queueOf(mirror.positions.values())
    requireThat(BigInt(queue.length) === market.system.troveCount, 'the troves are not all read yet')
    const hints = redemptionHints(market, queue, price, amount, 0n)
    const { partialNominalRatio, truncatedAmount } = hints
    const options = { partialNominalRatio, iterations: 0n }
    const possible = truncatedAmount > 0n ? truncatedAmount : amount
    const done = redeemCollateral(market, queue, price, env.timestamp, possible, options)
    return {
      kind: 'redeemed',
      redeemed: debtAmount(market, done.debt),
      received: [collateralAmount(market, done.coll - done.fee, price)],
      feeRate: done.rate,
      positions: done.redeemed.map((one) => redeemedOf(market, one, price)),
    }
  })

export const redemptions: RedemptionQueue<LiquityMarket, Trove> = { debtInFront, redeem }
