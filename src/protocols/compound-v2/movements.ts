// What an account does with its own loan: CToken.mint, redeem, borrow and repayBorrow on a state, one market accrued.
import { UINT256_MAX, WAD } from '../../units/brands.ts'
import { mulDivDown } from '../../units/mul-div.ts'
import { requireThat } from '../refusing.ts'
import { type CToken, cTokenIn, legIn, type Pool, withCToken, withLeg } from './account.ts'
import { accrue, borrowBalanceDown, exchangeRateDown } from './accrual.ts'
import { repayBorrow, withTotals } from './execution.ts'
import { add, expMulDown } from './exponential.ts'
import { allowed, failUnless, revertingWith } from './failing.ts'

/** The comptroller's part of an account's own actions; refuses by throwing, as in a `LiquidationPolicy`. */
export type ActionPolicy<T extends CToken> = {
  mintAllowed(cToken: T, mintAmount: bigint): void
  redeemAllowed(pool: Pool<T>, cToken: T, redeemTokens: bigint): void
  borrowAllowed(pool: Pool<T>, cToken: T, borrowAmount: bigint): void
  repayAllowed(cToken: T): void
}

/** `amount` in units of the underlying; 2^256 − 1 of a repayment or withdrawal is everything. */
export type Movement<T extends CToken> = {
  readonly pool: Pool<T>
  readonly cToken: T
  readonly amount: bigint
  readonly policy: ActionPolicy<T>
}

/** CToken.mintFresh: tokens for underlying, cut. The market need not be entered. */
const mint = <T extends CToken>({ pool, cToken, amount, policy }: Movement<T>): Pool<T> => {
  allowed('MINT_COMPTROLLER_REJECTION', () => policy.mintAllowed(cToken, amount))
  const minted = mulDivDown(amount, WAD, exchangeRateDown(cToken))
  const { cash, totalSupply } = cToken.totals
  const after = withTotals(cToken, { cash: add(cash, amount), totalSupply: add(totalSupply, minted) })
  const leg = legIn(pool, cToken)
  return withLeg(withCToken(pool, after), cToken, { ...leg, tokens: leg.tokens + minted })
}

/** Tokens and underlying of CToken.redeem (everything) or redeemUnderlying (an amount, whose tokens are cut). */
const redeemed = <T extends CToken>({ pool, cToken, amount }: Movement<T>) => {
  const rate = exchangeRateDown(cToken)
  const { tokens } = legIn(pool, cToken)
  return amount === UINT256_MAX
    ? { tokens, amount: expMulDown(rate, tokens) }
    : { tokens: mulDivDown(amount, WAD, rate), amount }
}

/** CToken.redeemFresh. */
const redeem = <T extends CToken>(movement: Movement<T>): Pool<T> => {
  const { pool, cToken, policy } = movement
  const { tokens, amount } = redeemed(movement)
  allowed('REDEEM_COMPTROLLER_REJECTION', () => policy.redeemAllowed(pool, cToken, tokens))
  const leg = legIn(pool, cToken)
  const { cash, totalSupply } = cToken.totals
  failUnless(tokens <= totalSupply, 'MATH_ERROR', 'REDEEM_NEW_TOTAL_SUPPLY_CALCULATION_FAILED')
  failUnless(tokens <= leg.tokens, 'MATH_ERROR', 'REDEEM_NEW_ACCOUNT_BALANCE_CALCULATION_FAILED')
  failUnless(amount <= cash, 'TOKEN_INSUFFICIENT_CASH', 'REDEEM_TRANSFER_OUT_NOT_POSSIBLE')
  requireThat(tokens !== 0n || amount === 0n, 'redeemTokens zero')
  const after = withTotals(cToken, { cash: cash - amount, totalSupply: totalSupply - tokens })
  return withLeg(withCToken(pool, after), cToken, { ...leg, tokens: leg.tokens - tokens })
}

/** Comptroller.borrowAllowed enters the market on the way. */
const entered = <T extends CToken>({ account, cTokens }: Pool<T>, { address }: T): Pool<T> => ({
  cTokens,
  account: account.entered.includes(address)
    ? account
    : { ...account, entered: [...account.entered, address] },
})

/** CToken.borrowFresh: the debt's snapshot starts anew at the market's index. */
const borrow = <T extends CToken>({ pool, cToken, amount, policy }: Movement<T>): Pool<T> => {
  const inside = entered(pool, cToken)
  allowed('BORROW_COMPTROLLER_REJECTION', () => policy.borrowAllowed(inside, cToken, amount))
  const { cash, totalBorrows, borrowIndex } = cToken.totals
  failUnless(amount <= cash, 'TOKEN_INSUFFICIENT_CASH', 'BORROW_CASH_NOT_AVAILABLE')
  const leg = legIn(inside, cToken)
  const principal = add(borrowBalanceDown(leg.borrow, cToken), amount)
  const after = withTotals(cToken, { cash: cash - amount, totalBorrows: add(totalBorrows, amount) })
  const snapshot = { principal, interestIndex: borrowIndex }
  return withLeg(withCToken(inside, after), cToken, { ...leg, borrow: snapshot })
}

const repay = <T extends CToken>({ pool, cToken, amount, policy }: Movement<T>): Pool<T> => {
  const owed = borrowBalanceDown(legIn(pool, cToken).borrow, cToken)
  return repayBorrow(pool, cToken, amount === UINT256_MAX ? owed : amount, policy)
}

/** `message` is what a native market's function says when it fails; functions that pay out answer a code there too. */
const movements = {
  supply: { move: mint, message: 'mint failed' },
  withdraw: { move: redeem, message: undefined },
  borrow: { move: borrow, message: undefined },
  repay: { move: repay, message: 'repayBorrow failed' },
} as const

/** The state after an action at a slot; refuses by throwing. Only the action's own market accrues. */
export const moved = <T extends CToken>(
  kind: keyof typeof movements,
  movement: Movement<T>,
  slot: bigint,
): Pool<T> => {
  const cToken = accrue(movement.cToken, slot)
  const pool = withCToken(movement.pool, cToken)
  const { move, message } = movements[kind]
  const run = (): Pool<T> => move({ ...movement, pool, cToken: cTokenIn(pool, cToken.address) })
  return message !== undefined && cToken.isNative ? revertingWith(message, run) : run()
}
