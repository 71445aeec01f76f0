// What a loan and its collateral are worth: shared/LiquidityUtils.sol.
import { type Address, zeroAddress } from 'viem'
import { BPS } from '../../units/brands.ts'
import { checkedUint256, mulDivDown } from '../../units/mul-div.ts'
import type { Env } from '../adapter.ts'
import { requireThat } from '../refusing.ts'
import { debtUp } from './accrual.ts'
import { isRecognized, ltvAt, type Purpose } from './ltv.ts'
import { quoteDown } from './oracle/quote.ts'
import type { Route, Side } from './oracle/route.ts'
import type { Controller, EulerPosition } from './state.ts'

/** A loan on a controller that is accrued to the env's time. */
export type Loan = { readonly controller: Controller; readonly position: EulerPosition; readonly env: Env }

/** One enabled collateral: its `balance` in shares, quoted and weighted in the unit of account, `ltv` in basis points. */
export type CollateralValue = {
  readonly collateral: Address
  readonly balance: bigint
  readonly ltv: bigint
  readonly quoted: bigint
  readonly adjusted: bigint
}

/** Both sides of a loan in the unit of account: `collateralValue` weighted by LTV. */
export type Liquidity = {
  readonly collaterals: readonly CollateralValue[]
  readonly collateralValue: bigint
  readonly liabilityValue: bigint
}

/** How the oracle of a controller quotes an asset or a collateral. */
export const routeOf = ({ routes, identity }: Controller, base: Address): Route =>
  routes[base] ?? { kind: 'unread', oracle: identity.oracle, base, quote: identity.unitOfAccount }

/** What is owed, in units of the asset, rounded up. */
export const owedAssetsUp = ({ controller, position }: Loan): bigint =>
  debtUp(position, controller.status.interestAccumulator)

/** LiquidityUtils.getLiabilityValue of an amount of the asset: no oracle is asked where it is the unit of account. */
const liabilityValueOf = ({ controller, env }: Loan, amount: bigint, side: Side): bigint => {
  const { asset, unitOfAccount } = controller.identity
  if (amount === 0n || asset === unitOfAccount) return amount
  return quoteDown(routeOf(controller, asset), amount, side, env)
}

/** LiquidityUtils.getCollateralValue: an oracle is asked only where LTV and balance are not zero. */
const collateralValueOf = (
  { controller, position, env }: Loan,
  collateral: Address,
  purpose: Purpose,
): CollateralValue => {
  const ltv = ltvAt(controller.collaterals[collateral]?.ltv, purpose, env.timestamp)
  const balance = position.balances[collateral] ?? 0n
  if (ltv === 0n || balance === 0n) return { collateral, balance, ltv, quoted: 0n, adjusted: 0n }
  const side = purpose === 'liquidation' ? 'mid' : 'bid'
  const quoted = quoteDown(routeOf(controller, collateral), balance, side, env)
  return { collateral, balance, ltv, quoted, adjusted: mulDivDown(quoted, ltv, BPS) }
}

const requireOracle = ({ controller }: Loan): void =>
  requireThat(controller.identity.oracle !== zeroAddress, 'E_NoPriceOracle')

/** LiquidityUtils.calculateLiquidity: for liquidation at the middle price, for borrowing at bid and ask. */
export const liquidityOf = (loan: Loan, purpose: Purpose): Liquidity => {
  requireOracle(loan)
  const collaterals = loan.position.collaterals.map((one) => collateralValueOf(loan, one, purpose))
  const collateralValue = checkedUint256(collaterals.reduce((sum, { adjusted }) => sum + adjusted, 0n))
  const side = purpose === 'liquidation' ? 'mid' : 'ask'
  return { collaterals, collateralValue, liabilityValue: liabilityValueOf(loan, owedAssetsUp(loan), side) }
}

/** LiquidityUtils.checkLiquidity, the account status check: collaterals are summed up no further than the debt. */
export const requireLiquidity = (loan: Loan): void => {
  requireOracle(loan)
  if (loan.position.owed === 0n) return
  const liability = liabilityValueOf(loan, owedAssetsUp(loan), 'ask')
  let sum = 0n
  for (const collateral of loan.position.collaterals) {
    sum = checkedUint256(sum + collateralValueOf(loan, collateral, 'borrow').adjusted)
    if (sum > liability) return
  }
  requireThat(false, 'E_AccountLiquidity')
}

/** Whether an account can be liquidated at these values: at equality it can, without a liability it cannot. */
export const isViolation = ({ collateralValue, liabilityValue }: Liquidity): boolean =>
  liabilityValue > 0n && collateralValue <= liabilityValue

/** LiquidityUtils.checkNoCollateral: nothing is left of what was ever configured. */
export const hasNoCollateral = ({ controller, position }: Loan): boolean =>
  position.collaterals.every(
    (one) => !isRecognized(controller.collaterals[one]?.ltv) || (position.balances[one] ?? 0n) === 0n,
  )
