// Sums over positions, in rounded dollars.
import type { Valued } from './stress-values.ts'

/** `badDebtUsd`: debt beyond collateral, where that is more than nothing. */
export type Sum = {
  readonly count: number
  readonly debtUsd: number
  readonly collateralUsd: number
  readonly badDebtUsd: number
}

export const NO_SUM: Sum = { count: 0, debtUsd: 0, collateralUsd: 0, badDebtUsd: 0 }

export const sumOf = (slots: Iterable<number>, valued: Valued): Sum => {
  let [count, debtUsd, collateralUsd, badDebtUsd] = [0, 0, 0, 0]
  for (const slot of slots) {
    const { collateral, debt } = valued.of(slot)
    count += 1
    debtUsd += debt
    collateralUsd += collateral
    badDebtUsd += Math.max(debt - collateral, 0)
  }
  return { count, debtUsd, collateralUsd, badDebtUsd }
}

export const added = (sums: readonly Sum[]): Sum =>
  sums.reduce(
    (a, b) => ({
      count: a.count + b.count,
      debtUsd: a.debtUsd + b.debtUsd,
      collateralUsd: a.collateralUsd + b.collateralUsd,
      badDebtUsd: a.badDebtUsd + b.badDebtUsd,
    }),
    NO_SUM,
  )
