// What an account does with its own position: Morpho.supply, withdraw, borrow, repay and their collateral twins.
import type { Acted, Action, Blocked } from '../../model/liquidation.ts'
import { UINT256_MAX } from '../../units/brands.ts'
import type { Env } from '../adapter.ts'
import { requireThat, unlessRefused } from '../refusing.ts'
import { accruePool, type Pool, readMarket } from './accrual.ts'
import { requireHealthy } from './loan.ts'
import {
  type Amount,
  borrowLoan,
  type Moved,
  repayLoan,
  requireOne,
  supplyCollateral,
  supplyLoan,
  takeCollateral,
  withdrawLoan,
} from './movements.ts'
import { isOpen, type MorphoMarket, type MorphoPosition } from './state.ts'

/** `side` tells what is supplied or withdrawn in a market whose two tokens are one; left out, it is the collateral. */
export type MorphoAction = Action & { readonly side?: 'loan' | 'collateral' }

const isOfCollateral = ({ params }: MorphoMarket, { asset, side }: MorphoAction): boolean =>
  asset === params.collateralToken && (asset !== params.loanToken || side !== 'loan')

/** 2^256 − 1 is everything: the contract then takes shares, so that nothing is left over. */
const amountOf = (amount: bigint, ownShares: bigint): Amount =>
  amount === UINT256_MAX ? { assets: 0n, shares: ownShares } : { assets: amount, shares: 0n }

const actOnCollateral = (stored: Pool, env: Env, { kind, amount }: MorphoAction): Moved => {
  if (kind === 'supply') return { pool: supplyCollateral(stored, amount), assets: amount, shares: 0n }
  const assets = amount === UINT256_MAX ? stored.position.collateral : amount
  requireThat(assets !== 0n, 'zero assets')
  const pool = takeCollateral(accruePool(stored, env.timestamp), assets)
  requireHealthy(pool, env)
  return { pool, assets, shares: 0n }
}

const actOnLoan = (stored: Pool, env: Env, { kind, amount }: MorphoAction): Moved => {
  const { supplyShares, borrowShares } = stored.position
  const asked =
    kind === 'withdraw' || kind === 'repay'
      ? amountOf(amount, kind === 'repay' ? borrowShares : supplyShares)
      : { assets: amount, shares: 0n }
  requireOne(asked)
  const { interest: _interest, ...pool } = accruePool(stored, env.timestamp)
  switch (kind) {
    case 'supply':
      return supplyLoan(pool, asked)
    case 'withdraw':
      return withdrawLoan(pool, asked)
    case 'borrow':
      return borrowLoan(pool, asked, (after) => requireHealthy(after, env))
    case 'repay':
      return repayLoan(pool, asked)
  }
}

/** An action of the position's owner in this block: the assets and shares that move, and the state behind it. */
export const executeAction = (
  market: MorphoMarket,
  position: MorphoPosition,
  env: Env,
  action: MorphoAction,
): Moved | Blocked =>
  unlessRefused(() => {
    const stored: Pool = { market: readMarket(market), position }
    const isCollateralAction = action.kind === 'supply' || action.kind === 'withdraw'
    if (isCollateralAction && isOfCollateral(market, action)) return actOnCollateral(stored, env, action)
    requireThat(action.asset === market.params.loanToken, 'market not created')
    return actOnLoan(stored, env, action)
  })

/** What the owner's own action in this block would leave behind, or the contract's refusal. */
export const act = (
  market: MorphoMarket,
  position: MorphoPosition,
  env: Env,
  action: MorphoAction,
): Acted<MorphoMarket, MorphoPosition> | Blocked => {
  const moved = executeAction(market, position, env, action)
  if ('kind' in moved) return moved
  const { market: after, position: own } = moved.pool
  return { kind: 'acted', after: { market: after, position: isOpen(own) ? own : undefined } }
}
