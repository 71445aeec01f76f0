// StableDebtToken.burn, until 3.1: every account compounds at its own rate, all of them together at the average rate.
import { RAY, WAD } from '../../units/brands.ts'
import { checkedSub } from '../../units/mul-div.ts'
import { rayDivHalfUp, rayMulHalfUp } from './math.ts'
import { type Pool, withLeg } from './movements.ts'
import type { AccountMath } from './revisions/revision.ts'
import { type Reserve, type StableDebt, withReserve } from './state.ts'

const NONE: Omit<StableDebt, 'timestamp'> = { principal: 0n, rate: 0n }

const wadToRay = (amount: bigint): bigint => amount * (RAY / WAD)

/** The total after `amount` at `rate` was taken out of it. Totals and accounts accrue apart, so the last amounts may exceed the total. */
const totalWithout = (total: bigint, average: bigint, amount: bigint, rate: bigint) => {
  if (total <= amount) return NONE
  const left = total - amount
  const weighted = rayMulHalfUp(average, wadToRay(total))
  const taken = rayMulHalfUp(rate, wadToRay(amount))
  if (taken >= weighted) return NONE
  return { principal: left, rate: rayDivHalfUp(weighted - taken, wadToRay(left)) }
}

const burnTotal = (
  reserve: Reserve,
  math: AccountMath,
  amount: bigint,
  rate: bigint,
  timestamp: number,
): Reserve => {
  const { totals } = reserve
  if (!totals) return reserve
  const total = math.stableBalance(totals.stableDebt, timestamp)
  const stableDebt = { ...totalWithout(total, totals.stableDebt.rate, amount, rate), timestamp }
  return { ...reserve, totals: { ...totals, stableDebt } }
}

/** Repays `amount` of the account's stable debt in the reserve, at `timestamp` (s): the rest begins anew, at the same rate. */
export const burnStable = (
  pool: Pool,
  reserve: Reserve,
  math: AccountMath,
  amount: bigint,
  timestamp: number,
): Pool => {
  const { stableDebt } = pool.position.legs[reserve.asset] ?? {}
  if (!stableDebt || amount === 0n) return pool
  const left = checkedSub(math.stableBalance(stableDebt, timestamp), amount)
  return {
    market: withReserve(pool.market, burnTotal(reserve, math, amount, stableDebt.rate, timestamp)),
    position: withLeg(pool.position, reserve, ({ stableDebt: _, ...rest }) =>
      left === 0n ? rest : { ...rest, stableDebt: { principal: left, rate: stableDebt.rate, timestamp } },
    ),
  }
}
