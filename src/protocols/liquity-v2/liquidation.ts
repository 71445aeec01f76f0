// Ways to liquidate a trove, what each moves, and its transaction.
import { encodeFunctionData, hexToBigInt } from 'viem'
import { troveManagerAbi } from '../../../abis/liquity-v2.ts'
import type {
  AssetAmount,
  Blocked,
  LiquidationOutcome,
  LiquidationRequest,
  LiquidationTerms,
} from '../../model/liquidation.ts'
import { UINT256_MAX, WAD } from '../../units/brands.ts'
import { mulDivDown } from '../../units/mul-div.ts'
import type { Env, TransactionCall } from '../adapter.ts'
import { requireThat, unlessRefused } from '../refusing.ts'
import { type ReadBranch, readBranch } from './accrual.ts'
import { branchMarket } from './assess.ts'
import { type Book, batchLiquidateTroves, type LiquidatedTroves } from './liquidating.ts'
import { boldOf, collateralOf, priceIn, wethOf } from './pricing.ts'
import { type Redeemed, urgentRedemption } from './redeeming.ts'
import type { LiquityMarket, TroveId, TrovePosition } from './state.ts'

/** TroveManager.batchLiquidateTroves: the Stability Pool and other troves take debt and collateral over; the caller is rewarded. */
export const LIQUIDATE = 'batchLiquidateTroves'

/** TroveManager.urgentRedemption: the caller repays, while the branch is shut down, whatever the trove's health. */
export const URGENT_REDEMPTION = 'urgentRedemption'

export type LiquityRequest = LiquidationRequest & {
  readonly method: typeof LIQUIDATE | typeof URGENT_REDEMPTION
  /** For an urgent redemption, of collateral; left out, any. */
  readonly collMin?: bigint
}

type Outcome = LiquidationOutcome<LiquityMarket, TrovePosition>

const idOf = ({ id }: TrovePosition): TroveId => id.account as TroveId

const bookOf = (branch: ReadBranch, position: TrovePosition): Book => ({
  branch,
  troves: new Map([[idOf(position), position]]),
})

const positionIn = (book: Book, position: TrovePosition): TrovePosition | undefined => {
  const trove = book.troves.get(idOf(position))
  return trove && { ...position, ...trove }
}

const withoutZero = (amounts: readonly AssetAmount[]): readonly AssetAmount[] =>
  amounts.filter(({ amount }) => amount > 0n)

const liquidated = (
  { book, totals, gasCompensation }: LiquidatedTroves,
  position: TrovePosition,
  price: bigint,
  env: Env,
): Outcome => {
  const { branch } = book
  const ofCollateral = (amount: bigint): AssetAmount => collateralOf(branch, amount, price)
  return {
    kind: 'liquidated',
    repaid: boldOf(branch, totals.debtToOffset + totals.debtToRedistribute),
    seized: [ofCollateral(totals.collToSendToSP + totals.collToRedistribute)],
    protocolFee: [],
    badDebt: [],
    reward: withoutZero([ofCollateral(totals.collGasCompensation), wethOf(branch, gasCompensation, env)]),
    surplus: withoutZero([ofCollateral(totals.collSurplus)]),
    after: { market: branch, position: positionIn(book, position) },
  }
}

const redeemed = ({ book, totals }: Redeemed, position: TrovePosition, price: bigint): Outcome => ({
  kind: 'liquidated',
  repaid: boldOf(book.branch, totals.bold),
  seized: [collateralOf(book.branch, totals.coll, price)],
  protocolFee: [],
  badDebt: [],
  after: { market: book.branch, position: positionIn(book, position) },
})

/** What a liquidation in this block would move, to the unit, or the contract's refusal. A liquidation takes everything: a part of it is refused, in words of ours. */
export const liquidate = (
  market: LiquityMarket,
  position: TrovePosition,
  env: Env,
  { method, debtAsset, collateralAsset, repay, collMin = 0n }: LiquityRequest,
): Outcome | Blocked =>
  unlessRefused(() => {
    const branch = readBranch(branchMarket(market))
    requireThat(debtAsset === branch.bold.address, `${debtAsset} is not what is owed`)
    requireThat(collateralAsset === branch.collateral.address, `${collateralAsset} is not the collateral`)
    const book = bookOf(branch, position)
    const id = idOf(position)
    const price = priceIn(env, branch)
    if (method === URGENT_REDEMPTION) {
      const bold = repay ?? urgentMax(book, id, price, env)
      const request = { bold, ids: [id], collMin }
      return redeemed(urgentRedemption(book, request, price, env.timestamp), position, price)
    }
    const done = batchLiquidateTroves(book, [id], price, env.timestamp)
    const outcome = liquidated(done, position, price, env)
    requireThat(repay === undefined || repay >= outcome.repaid.amount, 'a liquidation repays everything')
    return outcome
  })

/** The most that an urgent redemption takes from a trove: its debt, or what its collateral pays for. */
const urgentMax = (book: Book, id: TroveId, price: bigint, env: Env): bigint => {
  const everything = { bold: UINT256_MAX, ids: [id], collMin: 0n }
  return urgentRedemption(book, everything, price, env.timestamp).totals.bold
}

/**
 * How the trove can be liquidated in this block: by the pool and other troves, and while the branch is shut down by whoever
 * repays at a bonus.
 */
export const terms = (
  market: LiquityMarket,
  position: TrovePosition,
  env: Env,
): readonly LiquidationTerms<LiquityRequest>[] => {
  if (market.isShared || position.fault) return []
  const request = (method: LiquityRequest['method']): LiquityRequest => ({
    method,
    debtAsset: market.bold.address,
    collateralAsset: market.collateral.address,
  })
  const whole = liquidate(market, position, env, request(LIQUIDATE))
  if (whole.kind === 'blocked') return []
  const urgent = liquidate(market, position, env, request(URGENT_REDEMPTION))
  return [whole, urgent].flatMap((outcome, index): readonly LiquidationTerms<LiquityRequest>[] => {
    if (outcome.kind === 'blocked' || outcome.repaid.amount === 0n) return []
    const isUrgent = index === 1
    const { amount: repay, value } = outcome.repaid
    return [
      {
        request: isUrgent ? { ...request(URGENT_REDEMPTION), repay } : request(LIQUIDATE),
        repayMax: repay,
        incentiveFactor: mulDivDown(outcome.seized[0]?.value ?? 0n, WAD, value),
        payer: isUrgent ? 'liquidator' : 'protocol',
      },
    ]
  })
}

/** The transaction of a request. */
export const call = (
  market: LiquityMarket,
  position: TrovePosition,
  { method, repay = 0n, collMin = 0n }: LiquityRequest,
): TransactionCall => {
  const { setup } = readBranch(branchMarket(market))
  const ids = [hexToBigInt(idOf(position))]
  const data =
    method === URGENT_REDEMPTION
      ? encodeFunctionData({
          abi: troveManagerAbi,
          functionName: URGENT_REDEMPTION,
          args: [repay, ids, collMin],
        })
      : encodeFunctionData({ abi: troveManagerAbi, functionName: LIQUIDATE, args: [ids] })
  return { to: setup.contracts.troveManager, data }
}
