// What an account does with its own position: Comet.supply and withdraw, which repay and borrow too.
import type { Acted, Action, Blocked } from '../../model/liquidation.ts'
import { UINT256_MAX } from '../../units/brands.ts'
import type { Env } from '../adapter.ts'
import { requireThat, unlessRefused } from '../refusing.ts'
import { assetInfoByAddress, balanceOf, isBorrowCollateralized } from './account.ts'
import { accruePool, type Pool, poolOf } from './accrual.ts'
import { checkedUint, safe128 } from './math.ts'
import {
  creditBase,
  debitBase,
  requireUnpaused,
  totalCollateral,
  transferIn,
  transferOut,
  withCollateral,
  withTotalCollateral,
} from './movements.ts'
import { type CometMarket, type CometPosition, isOpen } from './state.ts'

/** Refuses a debt that is too small, or larger than the collateral allows at the indices of `pool`. */
export const requireBorrowable = (pool: Pool, balance: bigint, env: Env): void => {
  if (balance >= 0n) return
  requireThat(-balance >= pool.market.configuration.baseBorrowMin, 'BorrowTooSmall')
  requireThat(isBorrowCollateralized(pool, env), 'NotCollateralized')
}

/** Comet.supplyBase; 2^256 − 1 is what is owed. */
const supplyBase = (stored: Pool, env: Env, asked: bigint): Pool => {
  const accrued = accruePool(stored, env.timestamp)
  const owed = balanceOf(accrued)
  const amount = asked === UINT256_MAX ? (owed < 0n ? -owed : 0n) : asked
  const market = transferIn(accrued.market, accrued.market.configuration.baseToken, amount)
  return creditBase({ ...accrued, market }, amount).pool
}

/** Comet.withdrawBase; 2^256 − 1 is what was lent. */
const withdrawBase = (stored: Pool, env: Env, asked: bigint): Pool => {
  const accrued = accruePool(stored, env.timestamp)
  const lent = balanceOf(accrued)
  const amount = asked === UINT256_MAX ? (lent > 0n ? lent : 0n) : asked
  const { pool, balance } = debitBase(accrued, amount)
  requireBorrowable(pool, balance, env)
  return { ...pool, market: transferOut(pool.market, pool.market.configuration.baseToken, amount) }
}

/** Comet.supplyCollateral, which accrues nothing. */
const supplyCollateral = ({ market, position }: Pool, { asset, amount: asked }: Action): Pool => {
  const amount = safe128(asked)
  const info = assetInfoByAddress(market, asset)
  const total = checkedUint(totalCollateral(market, asset) + amount, 128n)
  requireThat(total <= info.supplyCap, 'SupplyCapExceeded')
  const balance = checkedUint((position.collateral[asset] ?? 0n) + amount, 128n)
  return {
    market: withTotalCollateral(transferIn(market, asset, amount), asset, total),
    position: withCollateral(position, info, balance),
  }
}

/** Comet.withdrawCollateral, which judges by stored indices: the gap between its two factors covers the interest. */
const withdrawCollateral = (stored: Pool, env: Env, { asset, amount: asked }: Action): Pool => {
  const { market, position } = stored
  const amount = safe128(asked)
  const balance = checkedUint((position.collateral[asset] ?? 0n) - amount, 128n)
  const info = assetInfoByAddress(market, asset)
  const total = checkedUint(totalCollateral(market, asset) - amount, 128n)
  const pool: Pool = {
    market: withTotalCollateral(market, asset, total),
    position: withCollateral(position, info, balance),
  }
  requireThat(isBorrowCollateralized(pool, env), 'NotCollateralized')
  return { ...pool, market: transferOut(pool.market, asset, amount) }
}

/** The state behind an action of the position's owner in this block, closed positions included; or the contract's refusal. */
export const executeAction = (
  market: CometMarket,
  position: CometPosition,
  env: Env,
  action: Action,
): Pool | Blocked =>
  unlessRefused(() => {
    const stored = poolOf(market, position)
    const { kind, asset, amount } = action
    const isBase = asset === stored.market.configuration.baseToken
    const isIncoming = kind === 'supply' || kind === 'repay'
    requireUnpaused(stored.market, isIncoming ? 'supply' : 'withdraw')
    if (isBase) return isIncoming ? supplyBase(stored, env, amount) : withdrawBase(stored, env, amount)
    requireThat(kind === 'supply' || kind === 'withdraw', 'BadAsset')
    return isIncoming ? supplyCollateral(stored, action) : withdrawCollateral(stored, env, action)
  })

/** What the owner's own action in this block would leave behind, or the contract's refusal. */
export const act = (
  market: CometMarket,
  position: CometPosition,
  env: Env,
  action: Action,
): Acted<CometMarket, CometPosition> | Blocked => {
  const executed = executeAction(market, position, env, action)
  if ('kind' in executed) return executed
  const { market: after, position: own } = executed
  return { kind: 'acted', after: { market: after, position: isOpen(own) ? own : undefined } }
}
