// How much a liquidation repays and seizes: LiquidationLogic's amounts before anything moves.
import { WAD } from '../../units/brands.ts'
import { mulDivDown } from '../../units/mul-div.ts'
import { type Account, type AccountLeg, owedIn } from './account.ts'
import { percentMulHalfUp } from './math.ts'
import { requireThat } from './refusing.ts'

const CLOSE_FACTOR_HF_THRESHOLD = (95n * WAD) / 100n
const DEFAULT_LIQUIDATION_CLOSE_FACTOR = 5_000n
const MIN_BASE_MAX_CLOSE_FACTOR_THRESHOLD = 2_000n * 10n ** 8n
const MIN_LEFTOVER_BASE = MIN_BASE_MAX_CLOSE_FACTOR_THRESHOLD / 2n

/** One liquidation of one debt against one collateral of an account. */
export type Pair = { readonly account: Account; readonly debt: AccountLeg; readonly collateral: AccountLeg }

/** In units of the assets: `repaid` of the debt; `toLiquidator` and `protocolFee` of the collateral. */
export type Amounts = { readonly repaid: bigint; readonly toLiquidator: bigint; readonly protocolFee: bigint }

const unitOf = ({ configuration }: AccountLeg): bigint => 10n ** BigInt(configuration.decimals)

const debtValueOf = ({ account, debt }: Pair, amount: bigint): bigint =>
  account.revision.account.debtValue(amount, debt.price, debt.configuration.decimals)

const collateralValueOf = ({ account, collateral }: Pair, amount: bigint): bigint =>
  account.revision.account.collateralValue(amount, collateral.price, collateral.configuration.decimals)

/** The most debt that the close factor lets a liquidator repay, in units of the debt asset. */
export const closeFactorMax = (pair: Pair): bigint => {
  const { account, debt, collateral } = pair
  const { totals, revision } = account
  const owed = owedIn(debt)
  const isNearlyHealthy = totals.healthFactor > CLOSE_FACTOR_HF_THRESHOLD
  if (revision.liquidation.closeFactor === 'reserve')
    return isNearlyHealthy ? percentMulHalfUp(owed, DEFAULT_LIQUIDATION_CLOSE_FACTOR) : owed
  const owedValue = debtValueOf(pair, owed)
  const isLarge =
    collateralValueOf(pair, collateral.supplied) >= MIN_BASE_MAX_CLOSE_FACTOR_THRESHOLD &&
    owedValue >= MIN_BASE_MAX_CLOSE_FACTOR_THRESHOLD
  const cap = percentMulHalfUp(totals.debtValue, DEFAULT_LIQUIDATION_CLOSE_FACTOR)
  if (!isLarge || !isNearlyHealthy || owedValue <= cap) return owed
  return mulDivDown(cap, unitOf(debt), debt.price)
}

/** LiquidationLogic._calculateAvailableCollateralToLiquidate, for at most `repay` of the debt. */
export const amountsOf = ({ account, debt, collateral }: Pair, repay: bigint): Amounts => {
  const { liquidation } = account.revision
  const { bonus, supplied, configuration } = collateral
  const base = mulDivDown(debt.price * repay, unitOf(collateral), collateral.price * unitOf(debt))
  const wanted = liquidation.collateralWithBonus(base, bonus)
  const isLimited = wanted > supplied
  const seized = isLimited ? supplied : wanted
  const worth = mulDivDown(collateral.price * seized, unitOf(debt), debt.price * unitOf(collateral))
  const repaid = isLimited ? liquidation.debtWithoutBonus(worth, bonus) : repay
  if (configuration.liquidationProtocolFee === 0n) return { repaid, toLiquidator: seized, protocolFee: 0n }
  const bonusPart = seized - liquidation.collateralWithoutBonus(seized, bonus)
  const protocolFee = liquidation.protocolFee(bonusPart, configuration.liquidationProtocolFee)
  return { repaid, toLiquidator: seized - protocolFee, protocolFee }
}

/** Whether what is left of debt and collateral is none of either, or enough of both (since 3.3). */
export const leavesNoDust = (pair: Pair, { repaid, toLiquidator, protocolFee }: Amounts): boolean => {
  const debtLeft = owedIn(pair.debt) - repaid
  const collateralLeft = pair.collateral.supplied - toLiquidator - protocolFee
  if (!pair.account.revision.liquidation.hasDustRule || debtLeft <= 0n || collateralLeft <= 0n) return true
  return (
    debtValueOf(pair, debtLeft) >= MIN_LEFTOVER_BASE &&
    collateralValueOf(pair, collateralLeft) >= MIN_LEFTOVER_BASE
  )
}

/** Whether the account has nothing left that has a value, so that what it still owes becomes a deficit (since 3.3). */
export const leavesNoCollateral = (
  pair: Pair,
  { toLiquidator, protocolFee }: Amounts,
  consumed: bigint,
): boolean => {
  const { revision, totals } = pair.account
  if (!revision.liquidation.hasDeficit) return false
  const gone = revision.liquidation.collateralIsGone === 'scaled' ? consumed : toLiquidator + protocolFee
  return collateralValueOf(pair, gone) === totals.collateralValue
}

/** The amounts of a liquidation that the dust rule accepts. Refuses otherwise. */
export const acceptedAmounts = (pair: Pair, repay: bigint): Amounts => {
  const max = closeFactorMax(pair)
  const amounts = amountsOf(pair, repay > max ? max : repay)
  requireThat(pair.account.revision, leavesNoDust(pair, amounts), 'dust')
  return amounts
}
