// The owner's own actions under the comptroller's rules: PolicyFacet's mintAllowed, redeemAllowed, borrowAllowed, repayBorrowAllowed.
import type { Acted, Action, Blocked } from '../../model/liquidation.ts'
import { UINT256_MAX } from '../../units/brands.ts'
import type { Env } from '../adapter.ts'
import { type Effects, legIn, shortfallOf } from '../compound-v2/account.ts'
import { accrue, borrowBalanceDown, exchangeRateDown } from '../compound-v2/accrual.ts'
import { withTotals } from '../compound-v2/execution.ts'
import { add, expMulDown } from '../compound-v2/exponential.ts'
import { FailedError, rejectUnless } from '../compound-v2/failing.ts'
import { type ActionPolicy, moved } from '../compound-v2/movements.ts'
import { RefusedError, requireThat, unlessRefused } from '../refusing.ts'
import { requireActive, requireListed } from './comptroller.ts'
import { borrowingPowerOf, borrowingPricesIn } from './liquidity.ts'
import { poolMarketOf } from './pool-parameters.ts'
import { settled } from './position.ts'
import { CORE_POOL_ID, type VenusMarket, type VenusPool, type VenusPosition, type VToken } from './state.ts'
import { blockOf, poolOf, type World, withPool } from './world.ts'

/** `asset` is the underlying, or the vToken itself where several lend the same underlying. */
const vTokenOf = ({ cTokens }: VenusMarket, { asset }: Action): VToken => {
  const vToken = cTokens[asset] ?? Object.values(cTokens).find(({ underlying }) => underlying.asset === asset)
  if (!vToken) throw new RefusedError('market not listed')
  return vToken
}

/** getHypotheticalAccountLiquidity may show no shortfall. Other markets count as they are stored. */
const requireLiquidity = (world: World, env: Env, effects: Effects): void =>
  rejectUnless(shortfallOf(borrowingPowerOf(world, env, effects)) === 0n, 'INSUFFICIENT_LIQUIDITY')

/** mintAllowed: value sent to a native market is in its cash already. */
const requireSupplyCap = (vToken: VToken, amount: bigint): void => {
  const { supplyCap, totals, isNative } = vToken
  requireThat(supplyCap !== 0n, 'market supply cap is 0')
  const seen = isNative ? withTotals(vToken, { cash: add(totals.cash, amount) }) : vToken
  const supplied = add(expMulDown(exchangeRateDown(seen), totals.totalSupply), amount)
  requireThat(supplied <= supplyCap, 'market supply cap reached')
}

/** PolicyFacet.poolBorrowAllowed: the account's pool has to lend the asset, and to be active. */
const requirePool = ({ market, position: { poolId } }: World, vToken: VToken): void => {
  requireThat(poolMarketOf(market, poolId, vToken).isBorrowAllowed, 'BorrowNotAllowedInPool')
  const isActive = poolId === CORE_POOL_ID || market.pools[poolId]?.isActive === true
  requireThat(isActive, 'InactivePool', [BigInt(poolId)])
}

/** Both generations' caps: of the diamond 0 lets nobody borrow and the cap may be reached; of the monolith 0 is no cap. */
const requireBorrowCap = ({ revision }: VenusMarket, { borrowCap, totals }: VToken, amount: bigint): void => {
  const next = add(totals.totalBorrows, amount)
  const isBelow = revision === 'core-diamond' ? next <= borrowCap : borrowCap === 0n || next < borrowCap
  requireThat(isBelow, 'market borrow cap reached')
}

/** borrowAllowed, in the monolith's order where there is no pool; the market is entered on the way. */
const borrowAllowed = (world: World, env: Env, vToken: VToken, amount: bigint, isEntering: boolean): void => {
  const { market } = world
  const isDiamond = market.revision === 'core-diamond'
  requireActive(market, vToken, 'BORROW')
  requireListed(vToken)
  if (isDiamond) {
    requirePool(world, vToken)
    requireThat(vToken.borrowCap !== 0n, 'market borrow cap is 0')
  }
  if (isEntering) requireActive(market, vToken, 'ENTER_MARKET')
  const prices = borrowingPricesIn(market, env, vToken)
  rejectUnless(prices.collateral !== 0n && prices.debt !== 0n, 'PRICE_ERROR')
  requireBorrowCap(market, vToken, amount)
  requireLiquidity(world, env, { cToken: vToken.address, redeemTokens: 0n, borrowAmount: amount })
}

const policyOf = (world: World, env: Env, amount: bigint): ActionPolicy<VToken> => {
  const { market, position } = world
  const now = (pool: VenusPool): World => withPool(world, pool)
  return {
    mintAllowed: (vToken) => {
      requireActive(market, vToken, 'MINT')
      requireListed(vToken)
      requireSupplyCap(vToken, amount)
    },
    redeemAllowed: (pool, vToken, redeemTokens) => {
      requireActive(market, vToken, 'REDEEM')
      requireListed(vToken)
      if (!position.entered.includes(vToken.address)) return
      requireLiquidity(now(pool), env, { cToken: vToken.address, redeemTokens, borrowAmount: 0n })
    },
    borrowAllowed: (pool, vToken, borrowAmount) => {
      const isEntering = !position.entered.includes(vToken.address)
      borrowAllowed(now(pool), env, vToken, borrowAmount, isEntering)
    },
    repayAllowed: (vToken) => {
      requireActive(market, vToken, 'REPAY')
      requireListed(vToken)
    },
  }
}

/** VToken.redeemFresh and borrowFresh turn every failure into the same revert. */
const reverting = <T>(action: () => T): T => {
  try {
    return action()
  } catch (error) {
    if (error instanceof FailedError) throw new RefusedError('math error')
    throw error
  }
}

/** Newer code never takes more than is owed; the native coin has to be sent in the amount that is. */
const amountOf = (world: World, env: Env, vToken: VToken, { kind, amount }: Action): bigint => {
  if (kind !== 'repay' || !vToken.namesBorrower) return amount
  const accrued = accrue(vToken, blockOf(world.market, env))
  const owed = borrowBalanceDown(legIn(poolOf(world), vToken).borrow, accrued)
  if (amount <= owed) return amount
  requireThat(!vToken.isNative || amount === UINT256_MAX, 'value mismatch')
  return owed
}

/** What the owner's own action in this block would leave behind, or the contract's refusal. A supply does not enter its market. */
export const act = (
  market: VenusMarket,
  position: VenusPosition,
  env: Env,
  action: Action,
): Acted<VenusMarket, VenusPosition> | Blocked =>
  unlessRefused(() => {
    const world: World = { market, position }
    const vToken = vTokenOf(market, action)
    const amount = amountOf(world, env, vToken, action)
    const movement = { pool: poolOf(world), cToken: vToken, amount, policy: policyOf(world, env, amount) }
    const run = (): VenusPool => moved(action.kind, movement, blockOf(market, env))
    const pool = action.kind === 'withdraw' || action.kind === 'borrow' ? reverting(run) : run()
    const after = withPool(world, pool)
    return {
      kind: 'acted',
      after: { market: after.market, position: settled(after.position) },
    }
  })
