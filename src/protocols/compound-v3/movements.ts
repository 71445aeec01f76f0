// What Comet's functions do to principal, totals and collateral. Each answers the state behind it.
import type { Address } from 'viem'
import { checkedSub, checkedUint256 } from '../../units/mul-div.ts'
import { RefusedError, requireThat } from '../refusing.ts'
import { balanceOf } from './account.ts'
import type { Pool, ReadMarket } from './accrual.ts'
import { BASE_ACCRUAL_SCALE, checkedInt256, checkedUint, principalDown, safe64, signed256 } from './math.ts'
import type { AssetInfo, CometPosition, Totals } from './state.ts'

/** Bits of `pauseFlags`. */
const PAUSES = { supply: 0, transfer: 1, withdraw: 2, absorb: 3, buy: 4 } as const

export const isPaused = ({ totals }: ReadMarket, action: keyof typeof PAUSES): boolean =>
  ((totals.pauseFlags >> PAUSES[action]) & 1) === 1

/** All pauses, by what they are called as parameters. */
export const pausesOf = ({ pauseFlags }: Totals): Readonly<Record<string, boolean>> =>
  Object.fromEntries(
    Object.entries(PAUSES).map(([action, bit]) => [
      `is${action.charAt(0).toUpperCase()}${action.slice(1)}Paused`,
      ((pauseFlags >> bit) & 1) === 1,
    ]),
  )

export const requireUnpaused = (market: ReadMarket, action: keyof typeof PAUSES): void =>
  requireThat(!isPaused(market, action), 'Paused')

/** Tokens that the contract holds, in units of the token. */
export const tokenBalance = ({ balances }: ReadMarket, token: Address): bigint => {
  const balance = balances[token]
  if (balance === undefined) throw new RefusedError(`the contract's balance of ${token} is not read yet`)
  return balance
}

/** Tokens come in. */
export const transferIn = (market: ReadMarket, token: Address, amount: bigint): ReadMarket => ({
  ...market,
  balances: { ...market.balances, [token]: checkedUint256(tokenBalance(market, token) + amount) },
})

/** Comet.doTransferOut. The token refuses what is not there in words of its own. */
export const transferOut = (market: ReadMarket, token: Address, amount: bigint): ReadMarket => {
  const balance = tokenBalance(market, token)
  requireThat(amount <= balance, 'TransferOutFailed')
  return { ...market, balances: { ...market.balances, [token]: balance - amount } }
}

/** Comet.updateBasePrincipal: the new principal, and rewards earned on the old one, cut. */
export const updateBasePrincipal = ({ market, position }: Pool, principal: bigint): CometPosition => {
  const { trackingSupplyIndex, trackingBorrowIndex } = market.totals
  const { trackingIndexScale, baseScale } = market.configuration
  const before = position.principal
  const index = before >= 0n ? trackingSupplyIndex : trackingBorrowIndex
  const grown = checkedSub(index, position.baseTrackingIndex)
  const product = checkedUint256((before >= 0n ? before : -before) * grown)
  const earned = safe64(product / trackingIndexScale / (baseScale / BASE_ACCRUAL_SCALE))
  return {
    ...position,
    principal,
    baseTrackingIndex: principal >= 0n ? trackingSupplyIndex : trackingBorrowIndex,
    baseTrackingAccrued: checkedUint(position.baseTrackingAccrued + earned, 64n),
  }
}

/** How a change of principal splits between what is owed and what is lent, in principal. */
type Split = { readonly debt: bigint; readonly supply: bigint }

const NOTHING: Split = { debt: 0n, supply: 0n }

/** Comet.repayAndSupplyAmount: nothing where rounding made the principal fall. */
export const repaidAndSupplied = (before: bigint, after: bigint): Split => {
  if (after < before) return NOTHING
  if (after <= 0n) return { debt: after - before, supply: 0n }
  return before >= 0n ? { debt: 0n, supply: after - before } : { debt: -before, supply: after }
}

/** Comet.withdrawAndBorrowAmount: nothing where rounding made the principal rise. */
const borrowedAndWithdrawn = (before: bigint, after: bigint): Split => {
  if (after > before) return NOTHING
  if (after >= 0n) return { debt: 0n, supply: before - after }
  return before <= 0n ? { debt: before - after, supply: 0n } : { debt: -after, supply: before }
}

export const withTotals = (market: ReadMarket, totals: Partial<Totals>): ReadMarket => ({
  ...market,
  totals: { ...market.totals, ...totals },
})

/** A base balance that changed: the state behind it, and the new balance before its principal is rounded. */
type BaseMoved = { readonly pool: Pool; readonly balance: bigint }

/** Base tokens are credited: debt is repaid first, the rest is lent. Interest has to be accrued; tokens do not move. */
export const creditBase = (pool: Pool, amount: bigint): BaseMoved => {
  const { market, position } = pool
  const balance = checkedInt256(balanceOf(pool) + signed256(amount))
  const principal = principalDown(balance, market.totals)
  const split = repaidAndSupplied(position.principal, principal)
  const after = withTotals(market, {
    totalSupplyBase: checkedUint(market.totals.totalSupplyBase + split.supply, 104n),
    totalBorrowBase: checkedUint(market.totals.totalBorrowBase - split.debt, 104n),
  })
  return { pool: { market: after, position: updateBasePrincipal(pool, principal) }, balance }
}

/** Base tokens are debited: what was lent is withdrawn first, the rest is borrowed. Interest has to be accrued; tokens do not move. */
export const debitBase = (pool: Pool, amount: bigint): BaseMoved => {
  const { market, position } = pool
  const balance = checkedInt256(balanceOf(pool) - signed256(amount))
  const principal = principalDown(balance, market.totals)
  const split = borrowedAndWithdrawn(position.principal, principal)
  const after = withTotals(market, {
    totalSupplyBase: checkedUint(market.totals.totalSupplyBase - split.supply, 104n),
    totalBorrowBase: checkedUint(market.totals.totalBorrowBase + split.debt, 104n),
  })
  return { pool: { market: after, position: updateBasePrincipal(pool, principal) }, balance }
}

/** What all accounts have put up of an asset. */
export const totalCollateral = ({ totalsCollateral }: ReadMarket, asset: Address): bigint => {
  const total = totalsCollateral[asset]
  if (total === undefined) throw new RefusedError(`the total of ${asset} is not read yet`)
  return total
}

export const withTotalCollateral = (market: ReadMarket, asset: Address, total: bigint): ReadMarket => ({
  ...market,
  totalsCollateral: { ...market.totalsCollateral, [asset]: total },
})

/** A collateral balance, and Comet.updateAssetsIn: the asset's bit is set exactly while there is any. */
export const withCollateral = (
  { collateral, assetsIn, ...position }: CometPosition,
  { asset, offset }: AssetInfo,
  balance: bigint,
): CometPosition => {
  const { [asset]: _, ...others } = collateral
  const bit = 1 << offset
  return balance === 0n
    ? { ...position, collateral: others, assetsIn: assetsIn & ~bit }
    : { ...position, collateral: { ...others, [asset]: balance }, assetsIn: assetsIn | bit }
}
