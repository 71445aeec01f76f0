// The owner's own actions under the comptroller's rules.
import type { Acted, Action, Blocked } from '../../model/liquidation.ts'
import type { Env } from '../adapter.ts'
import { RefusedError, requireThat, unlessRefused } from '../refusing.ts'
import { type Effects, holdingsOf, shortfallOf, sumsOf } from './account.ts'
import { afterOf, poolOf } from './assess.ts'
import { type CompoundPool, priceIn, requireListed, valuationOf } from './comptroller.ts'
import { add, sub } from './exponential.ts'
import { rejectUnless } from './failing.ts'
import { type ActionPolicy, moved } from './movements.ts'
import { slotOf } from './slot.ts'
import type { CompoundMarket, CompoundPosition, CompoundToken } from './state.ts'

/** `asset` is the underlying, or the cToken itself where several lend the same underlying. */
const cTokenOf = ({ listed, cTokens }: CompoundMarket, { asset }: Action): CompoundToken => {
  const cToken =
    cTokens[asset] ??
    listed.flatMap((address) => cTokens[address] ?? []).find(({ underlying }) => underlying.asset === asset)
  if (!cToken) throw new RefusedError('MARKET_NOT_LISTED')
  return cToken
}

/** getHypotheticalAccountLiquidity may show no shortfall. Other markets count as they are stored. */
const requireLiquidity = (pool: CompoundPool, env: Env, effects: Effects): void =>
  rejectUnless(
    shortfallOf(sumsOf(holdingsOf(pool, valuationOf(env)), effects)) === 0n,
    'INSUFFICIENT_LIQUIDITY',
  )

/** Moonwell's cap on what is supplied; a native market's value counts as its cash already. */
const requireUnderCap = ({ supplyCap, totals, isNative }: CompoundToken, mintAmount: bigint): void => {
  if (supplyCap === 0n) return
  const { cash, totalBorrows, totalReserves } = totals
  const seenCash = isNative ? add(cash, mintAmount) : cash
  const supplied = sub(add(seenCash, totalBorrows), totalReserves)
  requireThat(add(supplied, mintAmount) < supplyCap, 'market supply cap reached')
}

const policyOf = (env: Env): ActionPolicy<CompoundToken> => ({
  mintAllowed: (cToken, mintAmount) => {
    requireThat(!cToken.isMintPaused, 'mint is paused')
    requireListed(cToken)
    requireUnderCap(cToken, mintAmount)
  },
  redeemAllowed: (pool, cToken, redeemTokens) => {
    requireListed(cToken)
    if (!pool.account.entered.includes(cToken.address)) return
    requireLiquidity(pool, env, { cToken: cToken.address, redeemTokens, borrowAmount: 0n })
  },
  borrowAllowed: (pool, cToken, borrowAmount) => {
    requireThat(!cToken.isBorrowPaused, 'borrow is paused')
    requireListed(cToken)
    rejectUnless(priceIn(env, cToken) !== 0n, 'PRICE_ERROR')
    const { borrowCap, totals } = cToken
    requireThat(
      borrowCap === 0n || add(totals.totalBorrows, borrowAmount) < borrowCap,
      'market borrow cap reached',
    )
    requireLiquidity(pool, env, { cToken: cToken.address, redeemTokens: 0n, borrowAmount })
  },
  repayAllowed: (cToken) => requireListed(cToken),
})

/** What the owner's own action in this block would leave behind, or the contract's refusal. A supply does not enter its market. */
export const act = (
  market: CompoundMarket,
  position: CompoundPosition,
  env: Env,
  action: Action,
): Acted<CompoundMarket, CompoundPosition> | Blocked =>
  unlessRefused(() => {
    const { amount } = action
    const pool = poolOf(market, position)
    const movement = { pool, cToken: cTokenOf(market, action), amount, policy: policyOf(env) }
    const after = moved(action.kind, movement, slotOf(market, env))
    return { kind: 'acted', after: afterOf(market, position, after) }
  })
