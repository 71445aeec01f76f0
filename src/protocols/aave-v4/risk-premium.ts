// The risk premium that an account's collateral asks for, taken over into its debts.
import { refreshPremium } from './hub-movements.ts'
import { toUint } from './math.ts'
import { assetOf, type Pool, reserveOf, withUserReserve } from './pool.ts'
import { premiumDeltaOf, withDebtTaken } from './premium.ts'
import { isBorrowed, userReserves } from './state.ts'

const NOTHING_TAKEN = { drawnShares: 0n, premiumRay: 0n } as const

/** Spoke._notifyRiskPremiumUpdate: all debts get premium shares for it (bps); nothing happens while it stays zero. */
export const notifyRiskPremium = (pool: Pool, riskPremium: bigint): Pool => {
  if (riskPremium === 0n && pool.position.riskPremium === 0n) return pool
  let after: Pool = { ...pool, position: { ...pool.position, riskPremium: toUint(riskPremium, 24n) } }
  for (const [id, userReserve] of [...userReserves(pool.position)].reverse()) {
    if (!isBorrowed(userReserve)) continue
    const reserve = reserveOf(after, id)
    const { drawnIndex } = assetOf(after, reserve)
    const delta = premiumDeltaOf(userReserve, drawnIndex, riskPremium, NOTHING_TAKEN)
    after = refreshPremium(after, reserve, delta)
    after = withUserReserve(after, reserve, withDebtTaken(userReserve, delta, 0n))
  }
  return after
}
