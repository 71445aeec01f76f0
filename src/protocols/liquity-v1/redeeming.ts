// TroveManager.redeemCollateral and the hints that it wants, executed on a state.
import { UINT256_MAX, WAD } from '../../units/brands.ts'
import { requireThat } from '../refusing.ts'
import { add, assertThat, min, mulDivDown, nominalRatioDown, sub } from './math.ts'
import { netDebt, redeemable } from './queue.ts'
import type { ReadMarket, System, Trove } from './state.ts'
import { decayedBaseRateDown, entireSystem, redemptionRate, totalRatioDown, withBaseRate } from './system.ts'
import { applyPendingRewards, entireAmounts, type Pair, updateStake } from './trove.ts'

/** HintHelpers.getRedemptionHints: where to begin, the nominal ratio that the last trove will have, and as much as can be redeemed. */
export type RedemptionHints = {
  readonly first: Trove | undefined
  readonly partialNominalRatio: bigint
  readonly truncatedAmount: bigint
}

/** HintHelpers.getRedemptionHints for at most `iterations` troves; 0 means any number. */
export const redemptionHints = (
  market: ReadMarket,
  queue: readonly Trove[],
  price: bigint,
  amount: bigint,
  iterations: bigint,
): RedemptionHints => {
  const { system, parameters } = market
  const troves = redeemable(market, queue, price)
  let [left, partialNominalRatio, turns] = [amount, 0n, 0n]
  for (const trove of troves) {
    if (left === 0n || (iterations > 0n && turns >= iterations)) break
    turns += 1n
    const net = netDebt(trove, market)
    if (net <= left) {
      left -= net
      continue
    }
    if (net > parameters.minNetDebt) {
      const lot = min(left, net - parameters.minNetDebt)
      const coll = sub(entireAmounts(trove, system).coll, mulDivDown(lot, WAD, price))
      partialNominalRatio = nominalRatioDown(coll, net - lot + parameters.gasCompensation)
      left -= lot
    }
    break
  }
  return { first: troves[0], partialNominalRatio, truncatedAmount: amount - left }
}

/** What a call is given besides the amount. `iterations` of 0 means any number of troves. */
export type RedemptionOptions = { readonly partialNominalRatio: bigint; readonly iterations: bigint }

/** One trove's part: `debt` redeemed for `coll`; `after` is the trove as it is left, `surplus` what a borrower may claim whose trove is closed. */
export type RedeemedTrove = {
  readonly trove: Trove
  readonly debt: bigint
  readonly coll: bigint
  readonly after: Trove | undefined
  readonly surplus: bigint
}

/** Everything that a call did, and the market behind it. `coll` includes the `fee`, in wei; `rate` is a wad. */
export type Redeeming = {
  readonly market: ReadMarket
  readonly redeemed: readonly RedeemedTrove[]
  readonly debt: bigint
  readonly coll: bigint
  readonly fee: bigint
  readonly rate: bigint
}

type Turn = { readonly system: System; readonly redeemed: RedeemedTrove }

/** TroveManager._closeTrove and _redeemCloseTrove: the gas compensation is burnt, what collateral is left may be claimed. */
const closed = ({ system, trove }: Pair, { parameters }: ReadMarket, newColl: bigint): System => {
  requireThat(system.troveCount > 1n, 'TroveManager: Only one trove in the system')
  return {
    ...system,
    totalStakes: sub(system.totalStakes, trove.stake),
    troveCount: system.troveCount - 1n,
    activePool: {
      debt: sub(system.activePool.debt, parameters.gasCompensation),
      coll: sub(system.activePool.coll, newColl),
    },
  }
}

/** TroveManager._redeemCollateralFromTrove; undefined where the last, partial redemption is cancelled. */
const redeemFrom = (
  market: ReadMarket,
  trove: Trove,
  price: bigint,
  amount: bigint,
  options: RedemptionOptions,
): Turn | undefined => {
  const { parameters } = market
  const applied = applyPendingRewards({ system: market.system, trove })
  const own = applied.trove
  const debt = min(amount, sub(own.debt, parameters.gasCompensation))
  const coll = mulDivDown(debt, WAD, price)
  const newDebt = own.debt - debt
  const newColl = sub(own.coll, coll)
  if (newDebt === parameters.gasCompensation) {
    const redeemed = { trove, debt, coll, after: undefined, surplus: newColl }
    return { system: closed(applied, market, newColl), redeemed }
  }
  const nominalRatio = nominalRatioDown(newColl, newDebt)
  const isCancelled =
    nominalRatio !== options.partialNominalRatio ||
    sub(newDebt, parameters.gasCompensation) < parameters.minNetDebt
  if (isCancelled) return undefined
  requireThat(nominalRatio > 0n, 'SortedTroves: NICR must be positive')
  const left: Trove = { ...own, debt: newDebt, coll: newColl }
  const { system, trove: after } = updateStake({ system: applied.system, trove: left })
  return { system, redeemed: { trove, debt, coll, after, surplus: 0n } }
}

/** TroveManager._updateBaseRateFromRedemption: what was drawn, at face value, as a part of all debt, over beta. */
const baseRateAfterDown = (market: ReadMarket, coll: bigint, price: bigint, timestamp: number): bigint => {
  const share = mulDivDown(coll, price, entireSystem(market.system).debt)
  const risen = add(decayedBaseRateDown(market, timestamp), share / market.parameters.beta)
  assertThat(risen > 0n)
  return min(risen, WAD)
}

const requireRedeemable = (
  { parameters, system, traits }: ReadMarket,
  price: bigint,
  amount: bigint,
  timestamp: number,
): void => {
  const isStarted = timestamp >= traits.startedAt + parameters.bootstrapPeriod
  requireThat(isStarted, 'TroveManager: Redemptions are not allowed during bootstrap phase')
  const isBacked = totalRatioDown(system, price) >= parameters.mcr
  requireThat(isBacked, 'TroveManager: Cannot redeem when TCR < MCR')
  requireThat(amount > 0n, 'TroveManager: Amount must be greater than zero')
}

/**
 * TroveManager.redeemCollateral of `amount` in a block of this time, whatever fee it costs. What the redeemer has is not
 * asked. `queue` is the whole sorted list from the lowest ratio.
 */
export const redeemCollateral = (
  market: ReadMarket,
  queue: readonly Trove[],
  price: bigint,
  timestamp: number,
  amount: bigint,
  options: RedemptionOptions,
): Redeeming => {
  requireRedeemable(market, price, amount, timestamp)
  const turnsMax = options.iterations === 0n ? UINT256_MAX : options.iterations
  const redeemed: RedeemedTrove[] = []
  let [system, left, coll] = [market.system, amount, 0n]
  for (const trove of redeemable(market, queue, price)) {
    if (left === 0n || BigInt(redeemed.length) >= turnsMax) break
    const turn = redeemFrom({ ...market, system }, trove, price, left, options)
    if (!turn) break
    redeemed.push(turn.redeemed)
    system = turn.system
    left -= turn.redeemed.debt
    coll += turn.redeemed.coll
  }
  requireThat(coll > 0n, 'TroveManager: Unable to redeem any amount')
  const baseRate = baseRateAfterDown(market, coll, price, timestamp)
  const rate = redemptionRate(market.parameters, baseRate)
  const fee = mulDivDown(rate, coll, WAD)
  requireThat(fee < coll, 'TroveManager: Fee would eat up all returned collateral')
  const debt = amount - left
  const { activePool } = system
  const paid: System = {
    ...system,
    activePool: { coll: sub(activePool.coll, coll), debt: sub(activePool.debt, debt) },
  }
  return {
    market: { ...market, system: withBaseRate(paid, baseRate, timestamp) },
    ...{ redeemed, debt, coll, fee, rate },
  }
}
