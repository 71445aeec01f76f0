// How the loans of a market are spread over health.
import type { Assessment, Health } from '../model/assessment.ts'
import { PPM, UINT256_MAX, WAD } from '../units/brands.ts'

/** Loans whose health factor, a wad, is at least `from` and below `to`; dollars are rounded, and of loans with a known USD price. */
export type Band = {
  readonly from: bigint
  readonly to: bigint
  readonly count: number
  readonly debtUsd: number
  readonly collateralUsd: number
}

/**
 * Loans of one market with debt, by health. `weightedHealth`: the mean of health factors, each weighing as its debt does, a wad; shares
 * of the market's debt in parts per million. Null and undefined without any debt.
 */
export type Distribution = {
  readonly bands: readonly Band[]
  readonly weightedHealth: bigint | null
  readonly largest: { readonly id: string; readonly debtPpm: bigint } | undefined
  readonly tenLargestPpm: bigint | null
  readonly unassessableCount: number
}

const hundredths = (value: bigint): bigint => (value * WAD) / 100n

const EDGES = [0n, ...[100n, 105n, 110n, 125n, 150n, 200n, 300n].map(hundredths), UINT256_MAX]

const LARGEST_COUNT = 10

const bandsOf = (loans: readonly Health[]): readonly Band[] =>
  EDGES.slice(0, -1).map((from, index) => {
    const to = EDGES[index + 1] as bigint
    const inside = loans.filter(({ healthFactor }) => healthFactor >= from && healthFactor < to)
    return {
      ...{ from, to, count: inside.length },
      debtUsd: inside.reduce((sum, { usd }) => sum + Number(usd?.debt ?? 0), 0),
      collateralUsd: inside.reduce((sum, { usd }) => sum + Number(usd?.collateral ?? 0), 0),
    }
  })

/** The spread of one market's assessments. */
export const distributionOf = (assessments: readonly Assessment[]): Distribution => {
  const loans = assessments.filter(
    (one): one is Health =>
      one.kind === 'assessed' && one.phase !== 'no-debt' && one.healthFactor < UINT256_MAX,
  )
  const debt = loans.reduce((sum, { debtValue }) => sum + debtValue, 0n)
  const weighed = loans.reduce((sum, { healthFactor, debtValue }) => sum + healthFactor * debtValue, 0n)
  const inOrder = [...loans].sort((a, b) =>
    a.debtValue < b.debtValue ? 1 : a.debtValue > b.debtValue ? -1 : 0,
  )
  const [largest] = inOrder
  const ten = inOrder.slice(0, LARGEST_COUNT).reduce((sum, { debtValue }) => sum + debtValue, 0n)
  return {
    bands: bandsOf(loans),
    weightedHealth: debt > 0n ? weighed / debt : null,
    largest: largest && debt > 0n ? { id: largest.id, debtPpm: (largest.debtValue * PPM) / debt } : undefined,
    tenLargestPpm: debt > 0n ? (ten * PPM) / debt : null,
    unassessableCount: assessments.filter(({ kind }) => kind === 'unassessable').length,
  }
}

/** All loans of some markets together: each band of all of them, lowest health first. */
export const bandsTogether = (distributions: readonly Distribution[]): readonly Band[] =>
  EDGES.slice(0, -1).map((from, index) => {
    const same = distributions.flatMap(({ bands }) => bands[index] ?? [])
    const sum = (field: 'count' | 'debtUsd' | 'collateralUsd'): number =>
      same.reduce((all, one) => all + one[field], 0)
    return {
      ...{ from, to: EDGES[index + 1] as bigint, count: sum('count') },
      ...{ debtUsd: sum('debtUsd'), collateralUsd: sum('collateralUsd') },
    }
  })
