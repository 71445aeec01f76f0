// What a borrower does with its own trove: BorrowerOperations.openTrove, adjustTrove and closeTrove.
import type { Acted, Action, Blocked } from '../../model/liquidation.ts'
import { UINT256_MAX, WAD } from '../../units/brands.ts'
import type { Env } from '../adapter.ts'
import { RefusedError, requireThat, unlessRefused } from '../refusing.ts'
import { priceIn, requireAssets } from './amounts.ts'
import { add, assertThat, collateralRatioDown, mulDivDown, nominalRatioDown, sub } from './math.ts'
import { ACTIVE, type Amounts, type LiquityMarket, type ReadMarket, readMarket, type Trove } from './state.ts'
import { borrowingRate, decayedBaseRateDown, entireSystem, isRecoveryMode, withBaseRate } from './system.ts'
import { applyPendingRewards, type Pair, updateStake } from './trove.ts'

/**
 * `collateral`, in wei, comes along with what is borrowed, as adjustTrove allows; borrowing with it where no trove is open
 * opens one. Whatever fee is due is accepted.
 */
export type LiquityAction = Action & { readonly collateral?: bigint }

/** What adjustTrove is asked for: one side of the collateral, one side of the debt. */
type Change = {
  readonly collIn: bigint
  readonly collOut: bigint
  readonly debtIn: bigint
  readonly debtOut: bigint
}

type Context = {
  readonly market: ReadMarket
  readonly price: bigint
  readonly timestamp: number
  readonly isRecovery: boolean
}

const changeOf = ({ kind, amount, collateral = 0n }: LiquityAction): Change => ({
  collIn: collateral + (kind === 'supply' ? amount : 0n),
  collOut: kind === 'withdraw' ? amount : 0n,
  debtIn: kind === 'borrow' ? amount : 0n,
  debtOut: kind === 'repay' ? amount : 0n,
})

/** Amounts after a change; `fee` is added to the debt. */
const changed = ({ coll, debt }: Amounts, change: Change, fee: bigint): Amounts => ({
  coll: sub(add(coll, change.collIn), change.collOut),
  debt: sub(add(debt, add(change.debtIn, fee)), change.debtOut),
})

/** BorrowerOperations._triggerBorrowingFee: the base rate decays first. In recovery mode borrowing is free, and nothing decays. */
const borrowingFee = (
  { market, timestamp, isRecovery }: Context,
  amount: bigint,
): { readonly market: ReadMarket; readonly fee: bigint } => {
  if (isRecovery || amount === 0n) return { market, fee: 0n }
  const baseRate = decayedBaseRateDown(market, timestamp)
  const fee = mulDivDown(borrowingRate(market.parameters, baseRate), amount, WAD)
  return { market: { ...market, system: withBaseRate(market.system, baseRate, timestamp) }, fee }
}

const requireMinimum = ({ mcr }: ReadMarket['parameters'], ratio: bigint): void =>
  requireThat(ratio >= mcr, 'BorrowerOps: An operation that would result in ICR < MCR is not permitted')

/** The system as a whole has to stay out of recovery mode. */
const requireTotal = (
  { parameters, system }: ReadMarket,
  change: Change,
  fee: bigint,
  price: bigint,
): void => {
  const { coll, debt } = changed(entireSystem(system), change, fee)
  requireThat(
    collateralRatioDown(coll, debt, price) >= parameters.ccr,
    'BorrowerOps: An operation that would result in TCR < CCR is not permitted',
  )
}

const requireNetDebt = ({ minNetDebt }: ReadMarket['parameters'], netDebt: bigint): void =>
  requireThat(netDebt >= minNetDebt, "BorrowerOps: Trove's net debt must be greater than minimum")

const requireCritical = ({ ccr }: ReadMarket['parameters'], ratio: bigint): void =>
  requireThat(ratio >= ccr, 'BorrowerOps: Operation must leave trove with ICR >= CCR')

/** BorrowerOperations._requireValidAdjustmentInCurrentMode. */
const requireValid = (
  { market, price, isRecovery }: Context,
  before: Amounts,
  after: Amounts,
  change: Change,
  fee: bigint,
): void => {
  const ratio = collateralRatioDown(after.coll, after.debt, price)
  if (!isRecovery) {
    requireMinimum(market.parameters, ratio)
    requireTotal(market, change, fee, price)
    return
  }
  requireThat(change.collOut === 0n, 'BorrowerOps: Collateral withdrawal not permitted Recovery Mode')
  if (change.debtIn === 0n) return
  requireCritical(market.parameters, ratio)
  requireThat(
    ratio >= collateralRatioDown(before.coll, before.debt, price),
    "BorrowerOps: Cannot decrease your Trove's ICR in Recovery Mode",
  )
}

/** Puts a trove back with new amounts: its stake follows, and the active pool. */
const withAmounts = ({ system, trove }: Pair, after: Amounts, change: Change, fee: bigint): Pair => {
  requireThat(nominalRatioDown(after.coll, after.debt) > 0n, 'SortedTroves: NICR must be positive')
  const updated = updateStake({ system, trove: { ...trove, ...after, links: null } })
  const activePool = changed(updated.system.activePool, change, fee)
  return { ...updated, system: { ...updated.system, activePool } }
}

/** BorrowerOperations._adjustTrove. */
const adjust = (context: Context, trove: Trove, action: LiquityAction): Pair => {
  const change = changeOf(action)
  const { collIn, collOut, debtIn, debtOut } = change
  const isDebtIncrease = action.kind === 'borrow'
  requireThat(!isDebtIncrease || debtIn > 0n, 'BorrowerOps: Debt increase requires non-zero debtChange')
  requireThat(collIn === 0n || collOut === 0n, 'BorrowerOperations: Cannot withdraw and add coll')
  requireThat(
    collIn + collOut + debtIn + debtOut > 0n,
    'BorrowerOps: There must be either a collateral change or a debt change',
  )
  requireThat(trove.status === ACTIVE, 'BorrowerOps: Trove does not exist or is closed')
  const applied = applyPendingRewards({ system: context.market.system, trove })
  const { market, fee } = borrowingFee(
    { ...context, market: { ...context.market, system: applied.system } },
    debtIn,
  )
  const after = changed(applied.trove, change, fee)
  assertThat(collOut <= applied.trove.coll)
  requireValid({ ...context, market }, applied.trove, after, change, fee)
  if (debtOut > 0n) {
    const { gasCompensation } = market.parameters
    requireNetDebt(market.parameters, sub(sub(applied.trove.debt, gasCompensation), debtOut))
  }
  return withAmounts({ system: market.system, trove: applied.trove }, after, change, fee)
}

/** BorrowerOperations.openTrove: the gas compensation is owed from the start. */
const open = (context: Context, trove: Trove, action: LiquityAction): Pair => {
  const { collateral: collIn = 0n, amount } = action
  const { market, fee } = borrowingFee(context, amount)
  const { parameters, system } = market
  requireNetDebt(parameters, add(amount, fee))
  const change = { collIn, collOut: 0n, debtIn: add(amount, parameters.gasCompensation), debtOut: 0n }
  const after = changed({ coll: 0n, debt: 0n }, change, fee)
  const ratio = collateralRatioDown(after.coll, after.debt, context.price)
  if (context.isRecovery) requireCritical(parameters, ratio)
  else {
    requireMinimum(parameters, ratio)
    requireTotal(market, change, fee, context.price)
  }
  const counted = { ...system, troveCount: system.troveCount + 1n }
  const opened: Trove = { ...trove, status: ACTIVE, stake: 0n, snapshot: system.rewards }
  return withAmounts({ system: counted, trove: opened }, after, change, fee)
}

/** BorrowerOperations.closeTrove: everything is repaid, and all collateral comes back. */
const close = ({ market, price, isRecovery }: Context, trove: Trove): Pair['system'] => {
  requireThat(trove.status === ACTIVE, 'BorrowerOps: Trove does not exist or is closed')
  requireThat(!isRecovery, 'BorrowerOps: Operation not permitted during Recovery Mode')
  const { system, trove: own } = applyPendingRewards({ system: market.system, trove })
  const change = { collIn: 0n, collOut: own.coll, debtIn: 0n, debtOut: own.debt }
  requireTotal({ ...market, system }, change, 0n, price)
  requireThat(system.troveCount > 1n, 'TroveManager: Only one trove in the system')
  return {
    ...system,
    totalStakes: sub(system.totalStakes, own.stake),
    troveCount: system.troveCount - 1n,
    activePool: changed(system.activePool, change, 0n),
  }
}

const execute = (context: Context, trove: Trove, action: LiquityAction): Acted<LiquityMarket, Trove> => {
  const { market } = context
  if (action.kind === 'repay' && action.amount === UINT256_MAX)
    return {
      kind: 'acted',
      after: { market: { ...market, system: close(context, trove) }, position: undefined },
    }
  const isOpening = action.kind === 'borrow' && action.collateral !== undefined && trove.status !== ACTIVE
  const { system, trove: position } = isOpening
    ? open(context, trove, action)
    : adjust(context, trove, action)
  return { kind: 'acted', after: { market: { ...market, system }, position } }
}

/**
 * What the borrower's own action in this block would leave behind, or the contract's refusal. Repaying 2^256 − 1 closes
 * the trove. What the borrower has to pay with is not asked.
 */
export const act = (
  stored: LiquityMarket,
  trove: Trove,
  env: Env,
  action: LiquityAction,
): Acted<LiquityMarket, Trove> | Blocked =>
  unlessRefused(() => {
    if (trove.fault) throw new RefusedError(`${trove.fault.reason}: ${trove.fault.detail}`)
    const market = readMarket(stored)
    const isOfDebt = action.kind === 'borrow' || action.kind === 'repay'
    requireAssets(market, isOfDebt ? action.asset : undefined, isOfDebt ? undefined : action.asset)
    const price = priceIn(env)
    const context = { market, price, timestamp: env.timestamp, isRecovery: isRecoveryMode(market, price) }
    return execute(context, trove, action)
  })
