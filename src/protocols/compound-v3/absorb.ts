// Comet.absorb of one account, executed on a state. A batch is one after the other at the same time.
import { checkedSub } from '../../units/mul-div.ts'
import type { Env } from '../adapter.ts'
import { requireThat } from '../refusing.ts'
import { balanceOf, type Held, heldAssets, isLiquidatable, priceIn, valueDown } from './account.ts'
import { accruePool, type Pool, type ReadMarket } from './accrual.ts'
import { checkedInt256, checkedUint, divPriceDown, mulFactorDown, principalDown, signed256 } from './math.ts'
import {
  repaidAndSupplied,
  requireUnpaused,
  totalCollateral,
  updateBasePrincipal,
  withTotalCollateral,
  withTotals,
} from './movements.ts'
import type { CometPosition } from './state.ts'

/** A collateral that the protocol took; `value` without the liquidation factor, as the event says it. */
export type Absorbed = Held & { readonly value: bigint }

/**
 * What an absorption moved, in units of the base token: `basePaidOut` is the debt, and what the collateral credits beyond it,
 * which the borrower keeps as supply; `shortfall` is the part of the debt that the credit does not reach and reserves lose.
 */
export type Absorption = {
  readonly pool: Pool
  readonly seized: readonly Absorbed[]
  readonly basePaidOut: bigint
  readonly shortfall: bigint
}

/** What of the account's collateral counts against its debt: each held asset by its price and liquidation factor, cut. Needs the price of every one. */
export const creditedDown = (
  pool: Pool,
  env: Env,
): { readonly seized: readonly Absorbed[]; readonly credited: bigint } => {
  const { baseTokenPriceFeed, baseScale } = pool.market.configuration
  const basePrice = priceIn(env, baseTokenPriceFeed)
  const seized = [...heldAssets(pool)].map((held) => ({ ...held, value: valueDown(held, env) }))
  const value = seized.reduce((sum, one) => sum + mulFactorDown(one.value, one.info.liquidationFactor), 0n)
  return { seized, credited: divPriceDown(value, basePrice, baseScale) }
}

const withoutCollateral = (position: CometPosition): CometPosition => ({
  ...position,
  assetsIn: 0,
  collateral: {},
})

const takeCollateral = (market: ReadMarket, seized: readonly Absorbed[]): ReadMarket =>
  seized.reduce(
    (current, { info, amount }) =>
      withTotalCollateral(
        current,
        info.asset,
        checkedUint(totalCollateral(current, info.asset) - amount, 128n),
      ),
    market,
  )

/** Comet.absorb: all collateral and all debt go to the protocol. Refuses as the contract does, by throwing. */
export const absorb = (stored: Pool, env: Env): Absorption => {
  requireUnpaused(stored.market, 'absorb')
  const pool = accruePool(stored, env.timestamp)
  requireThat(isLiquidatable(pool, env), 'NotLiquidatable')
  const { totals } = pool.market
  const { principal: before } = pool.position
  const balance = balanceOf(pool)
  const { seized, credited } = creditedDown(pool, env)
  const rest = checkedInt256(balance + signed256(credited))
  const newBalance = rest < 0n ? 0n : rest
  const principal = principalDown(newBalance, totals)
  const split = repaidAndSupplied(before, principal)
  const market = withTotals(takeCollateral(pool.market, seized), {
    totalSupplyBase: checkedUint(totals.totalSupplyBase + split.supply, 104n),
    totalBorrowBase: checkedUint(totals.totalBorrowBase - split.debt, 104n),
  })
  return {
    pool: { market, position: withoutCollateral(updateBasePrincipal(pool, principal)) },
    seized,
    basePaidOut: checkedSub(newBalance, balance),
    shortfall: rest < 0n ? -rest : 0n,
  }
}
