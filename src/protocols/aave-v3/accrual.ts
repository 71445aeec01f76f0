// Interest: a reserve's indices at a time, and its state once it is updated.

import { decodeConfiguration } from './configuration.ts'
import { percentMulHalfUp } from './math.ts'
import type { AccountMath, Revision } from './revisions/revision.ts'
import type { Reserve } from './state.ts'

/** The liquidity index and the variable borrow index (rays) accrued to `timestamp` (s). */
export type Indices = { readonly timestamp: number; readonly income: bigint; readonly debt: bigint }

const lastIndices = new WeakMap<Reserve, { readonly math: AccountMath; readonly indices: Indices }>()

/** A reserve's indices at a time: the same for every position of the market, so computed once. */
export const indicesOf = (reserve: Reserve, math: AccountMath, timestamp: number): Indices => {
  const last = lastIndices.get(reserve)
  if (last?.indices.timestamp === timestamp && last.math === math) return last.indices
  const income = math.normalizedIncome(reserve, timestamp)
  const indices = { timestamp, income, debt: math.normalizedDebt(reserve, timestamp) }
  lastIndices.set(reserve, { math, indices })
  return indices
}

/** ReserveLogic._accrueToTreasury: the reserve factor's share of the interest, in scaled aTokens. */
const treasuryShare = (reserve: Reserve, { account, tokens }: Revision, indices: Indices): bigint => {
  const { totals, variableBorrowIndex, lastUpdateTimestamp } = reserve
  const { reserveFactor } = decodeConfiguration(reserve.configuration)
  if (!totals || reserveFactor === 0n) return 0n
  const { scaledVariableDebt, stableDebt } = totals
  const stableInterest =
    stableDebt.principal === 0n
      ? 0n
      : account.stableBalance(stableDebt, indices.timestamp) -
        account.stableBalance(stableDebt, lastUpdateTimestamp)
  const interest =
    account.debtInterest(scaledVariableDebt, variableBorrowIndex, indices.debt) + stableInterest
  return tokens.collateralMintScaled(percentMulHalfUp(interest, reserveFactor), indices.income)
}

const lastAccrued = new WeakMap<Reserve, { readonly revision: Revision; readonly reserve: Reserve }>()

/**
 * ReserveLogic.updateState: the reserve accrued to `timestamp` (s). Rates stay as they are: what the interest rate strategy
 * makes of the new balances is not modelled, and counts from the next second on only. The same for everybody, so computed once.
 */
export const accrued = (reserve: Reserve, revision: Revision, timestamp: number): Reserve => {
  if (reserve.lastUpdateTimestamp === timestamp) return reserve
  const last = lastAccrued.get(reserve)
  if (last?.reserve.lastUpdateTimestamp === timestamp && last.revision === revision) return last.reserve
  const indices = indicesOf(reserve, revision.account, timestamp)
  const next: Indices = {
    timestamp,
    income: reserve.liquidityRate === 0n ? reserve.liquidityIndex : indices.income,
    debt: reserve.totals?.scaledVariableDebt === 0n ? reserve.variableBorrowIndex : indices.debt,
  }
  const updated: Reserve = {
    ...reserve,
    liquidityIndex: next.income,
    variableBorrowIndex: next.debt,
    lastUpdateTimestamp: timestamp,
    accruedToTreasury: reserve.accruedToTreasury + treasuryShare(reserve, revision, next),
  }
  lastAccrued.set(reserve, { revision, reserve: updated })
  return updated
}
