// Redemption risk: what is redeemed before a trove, and what a redemption would take from whom.

import { formatPositionId } from '../../model/ids.ts'
import type { Blocked } from '../../model/liquidation.ts'
import type { RedeemedPosition, Redemption } from '../../model/redemption.ts'
import { WAD } from '../../units/brands.ts'
import type { Env, RedemptionQueue } from '../adapter.ts'
import { RefusedError, requireThat, unlessRefused } from '../refusing.ts'
import { individualRatioDown, latestTrove, type ReadBranch, readBranch } from './accrual.ts'
import { boldOf, collateralOf, priceIn, redemptionPriceIn } from './pricing.ts'
import { type RedeemedBranch, redeemOverall } from './registry-redemption.ts'
import {
  branchesOf,
  type LiquityMarket,
  type LiquityMirror,
  NO_TROVE,
  positionKey,
  registryOf,
  type TroveId,
  type TrovePosition,
} from './state.ts'

type Troves = ReadonlyMap<TroveId, TrovePosition>

const trovesOf = (positions: Iterable<TrovePosition>): Troves =>
  new Map([...positions].map((position) => [position.id.account as TroveId, position]))

/** SortedTroves from its end, the lowest rate, as far as the links lead: among equal rates the newest first, and so in a batch. */
const queueOf = (troves: Troves): readonly TroveId[] => {
  const queue: TroveId[] = []
  let [id] = [...troves].find(([, { links }]) => links?.next === NO_TROVE) ?? [NO_TROVE]
  for (let links = troves.get(id)?.links; links && queue.length < troves.size; ) {
    queue.push(id)
    id = links.prev
    links = troves.get(id)?.links
  }
  return queue
}

/** Adds up debts in the order in which they are redeemed; troves under water are passed over. */
const debtsInFront = (branch: ReadBranch, positions: readonly TrovePosition[], env: Env) => {
  const { id, pools } = branch
  const troves = trovesOf(positions)
  if (pools.shutdownTime !== 0)
    return new Map(positions.map(({ id: own }) => [positionKey(id.market, own.account as TroveId), 0n]))
  const first = pools.lastZombieTroveId
  const price = priceIn(env, branch)
  const inFront = new Map<string, bigint>()
  let sum = 0n
  for (const trove of first === null ? queueOf(troves) : [first, ...queueOf(troves)]) {
    const position = troves.get(trove)
    if (!position) break
    inFront.set(positionKey(id.market, trove), sum)
    const isRedeemed = individualRatioDown(branch, position, price, env.timestamp) >= WAD
    if (isRedeemed) sum += latestTrove(branch, position, env.timestamp).entireDebt
  }
  return inFront
}

/**
 * BOLD that a redemption takes from the branch before it comes to each trove. Nothing is in front of any trove of a branch
 * that is shut down: there everybody chooses. A zombie that no redemption comes to is not in the answer.
 */
const debtInFront = (
  market: LiquityMarket,
  positions: readonly TrovePosition[],
  env: Env,
): ReadonlyMap<string, bigint> => {
  if (market.isShared) return new Map()
  const inFront = unlessRefused(() => debtsInFront(readBranch(market), positions, env))
  return 'kind' in inFront ? new Map() : inFront
}

const redeemedFrom = ({ book: { branch }, troves }: RedeemedBranch, of: Troves, price: bigint) =>
  troves.flatMap(({ id, lot }): readonly RedeemedPosition[] => {
    const position = of.get(id)
    if (!position) return []
    return [
      {
        position: formatPositionId(position.id),
        owner: position.owner,
        debt: boldOf(branch, lot.bold),
        collateral: collateralOf(branch, lot.coll, price),
        fee: collateralOf(branch, lot.collFee, price),
        isClosed: false,
      },
    ]
  })

/** Every branch with its troves, its queue and its prices; refuses a book that is not whole. */
const redeemablesIn = (mirror: LiquityMirror, env: Env) => {
  const positions = [...mirror.positions.values()]
  return branchesOf(mirror).map((market) => {
    if (!market) throw new RefusedError('a branch is not described or not read yet')
    const branch = readBranch(market)
    const troves = trovesOf(positions.filter(({ id }) => id.market === market.id.market))
    const queue = queueOf(troves)
    const listed = [...troves.values()].filter(({ status }) => status === 'active')
    const isWhole = BigInt(troves.size) === branch.pools.troveCount && listed.length === queue.length
    requireThat(isWhole, `the troves of ${market.label} are not all read yet`)
    const price = priceIn(env, branch)
    const redemptionPrice = redemptionPriceIn(env, branch)
    return { book: { branch, troves }, troves, queue, price, redemptionPrice }
  })
}

/**
 * CollateralRegistry.redeemCollateral of `amount` BOLD over all branches, as many troves as it takes, whatever the fee.
 * Amounts of collateral are valued at the price that health goes by.
 */
const redeem = (mirror: LiquityMirror, env: Env, amount: bigint): Redemption | Blocked =>
  unlessRefused(() => {
    const rate = registryOf(mirror)?.rate
    if (!rate) throw new RefusedError('the registry is not read yet')
    const branches = redeemablesIn(mirror, env)
    const overall = redeemOverall(rate, branches, amount, 0n, env.timestamp)
    const redeemed = overall.branches.flatMap((done, index) => {
      const before = branches[index]
      return done && before ? [{ done, ...before }] : []
    })
    const bold = redeemed.reduce((sum, { done }) => sum + done.totals.bold, 0n)
    const [first] = branches
    if (!first) throw new RefusedError('there is no branch')
    return {
      kind: 'redeemed',
      redeemed: boldOf(first.book.branch, bold),
      received: redeemed.map(({ done, price }) => collateralOf(done.book.branch, done.totals.coll, price)),
      feeRate: overall.feeRate,
      positions: redeemed.flatMap(({ done, troves, price }) => redeemedFrom(done, troves, price)),
    }
  })

export const redemptions: RedemptionQueue<LiquityMarket, TrovePosition> = { debtInFront, redeem }
