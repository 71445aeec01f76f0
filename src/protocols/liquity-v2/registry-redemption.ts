// CollateralRegistry.redeemCollateral of liquity/bold, on the state: one amount over all branches, and the fee for it.
import { WAD } from '../../units/brands.ts'
import { checkedSub, mulDivDown } from '../../units/mul-div.ts'
import { requireThat } from '../refusing.ts'
import { afterFetch } from './accounting.ts'
import { branchDebt, pendingAggInterestUp, redeemability } from './accrual.ts'
import {
  ONE_MINUTE,
  REDEMPTION_BETA,
  REDEMPTION_FEE_FLOOR,
  REDEMPTION_MINUTE_DECAY_FACTOR,
} from './constants.ts'
import type { Book } from './liquidating.ts'
import { decPowHalfUp, min } from './math.ts'
import { type Redeemed, redeemCollateral } from './redeeming.ts'
import type { RedemptionRate, TroveId } from './state.ts'

/** A branch as a redemption meets it; `queue` from the lowest rate upwards. */
export type Redeemable = {
  readonly book: Book
  readonly queue: readonly TroveId[]
  readonly price: bigint
  readonly redemptionPrice: bigint
}

/** What a branch was asked for, and what it gave. */
export type RedeemedBranch = Redeemed & { readonly asked: bigint }

/** By branch, undefined where one took no part; `feeRate` is what every lot was charged, a wad. */
export type RedeemedOverall = {
  readonly branches: readonly (RedeemedBranch | undefined)[]
  readonly registry: RedemptionRate
  readonly feeRate: bigint
}

const minutesSince = ({ lastFeeOperationTime }: RedemptionRate, now: number): bigint =>
  checkedSub(BigInt(now), BigInt(lastFeeOperationTime)) / ONE_MINUTE

/** CollateralRegistry._calcDecayedBaseRate, a wad, cut. */
const decayedBaseRateDown = (registry: RedemptionRate, now: number): bigint =>
  mulDivDown(
    registry.baseRate,
    decPowHalfUp(REDEMPTION_MINUTE_DECAY_FACTOR, minutesSince(registry, now)),
    WAD,
  )

/** CollateralRegistry._getUpdatedBaseRateFromRedemption: decayed, and raised by the redeemed part of the supply. */
const baseRateAfterDown = (registry: RedemptionRate, amount: bigint, now: number): bigint => {
  const fraction = mulDivDown(amount, WAD, registry.boldSupply)
  return min(decayedBaseRateDown(registry, now) + fraction / REDEMPTION_BETA, WAD)
}

/** CollateralRegistry.getRedemptionRateForRedeemedAmount, a wad; for 0 it is getRedemptionRateWithDecay. */
export const redemptionRateDown = (registry: RedemptionRate, amount: bigint, now: number): bigint => {
  const baseRate =
    amount === 0n ? decayedBaseRateDown(registry, now) : baseRateAfterDown(registry, amount, now)
  return min(REDEMPTION_FEE_FLOOR + baseRate, WAD)
}

/** How much each branch takes of a whole, and the whole; amounts above what no pool backs are cut to it. */
const portionsOf = (
  branches: readonly Redeemable[],
  now: number,
): { readonly portions: readonly bigint[]; readonly isBacked: boolean } => {
  const states = branches.map(({ book, price }) => redeemability(book.branch, price, now))
  const unbacked = states.map((one) => (one.isRedeemable ? one.unbacked : 0n))
  if (unbacked.some((portion) => portion > 0n)) return { portions: unbacked, isBacked: false }
  const debts = branches.map(({ book: { branch } }, index) =>
    states[index]?.isRedeemable ? branchDebt(branch, now) : 0n,
  )
  return { portions: debts, isBacked: true }
}

const sumOf = (list: readonly bigint[]): bigint => list.reduce((sum, one) => sum + one, 0n)

/** What fetching the prices mints: a branch that shuts down has its interest recorded, before the supply is asked for. */
const mintedByFetch = (branches: readonly Redeemable[], now: number): bigint =>
  sumOf(
    branches.map(({ book: { branch } }) =>
      branch.isFeedDown && branch.pools.shutdownTime === 0 ? pendingAggInterestUp(branch, now) : 0n,
    ),
  )

/** CollateralRegistry.redeemCollateral with any fee accepted. */
export const redeemOverall = (
  stored: RedemptionRate,
  unfetched: readonly Redeemable[],
  asked: bigint,
  iterationsMax: bigint,
  now: number,
): RedeemedOverall => {
  requireThat(asked > 0n, 'CollateralRegistry: Amount must be greater than zero')
  const registry = { ...stored, boldSupply: stored.boldSupply + mintedByFetch(unfetched, now) }
  const branches = unfetched.map((one) => ({
    ...one,
    book: { ...one.book, branch: afterFetch(one.book.branch, now) },
  }))
  const { portions, isBacked } = portionsOf(branches, now)
  let whole = sumOf(portions)
  let amount = isBacked ? asked : min(asked, whole)
  const feeRate = redemptionRateDown(registry, amount, now)
  const redeemed = branches.map((one, index): RedeemedBranch | undefined => {
    const portion = portions[index] ?? 0n
    if (portion === 0n) return undefined
    const bold = mulDivDown(amount, portion, whole)
    amount -= bold
    whole -= portion
    if (bold === 0n) return undefined
    const { book, queue, price, redemptionPrice } = one
    const request = { bold, price, redemptionPrice, rate: feeRate, iterationsMax }
    return { ...redeemCollateral(book, queue, request, now), asked: bold }
  })
  const burnt = sumOf(redeemed.map((one) => one?.totals.bold ?? 0n))
  const minutes = minutesSince(registry, now)
  return {
    branches: redeemed,
    feeRate,
    registry: {
      ...stored,
      baseRate: baseRateAfterDown(registry, burnt, now),
      lastFeeOperationTime: registry.lastFeeOperationTime + Number(minutes * ONE_MINUTE),
    },
  }
}
