import { expect, test } from 'vitest'
import { loanBook } from '../../test/support/loan-book.ts'
import type { Assessment } from '../model/assessment.ts'
import { distributionOf } from './distribution.ts'

const assessed = (loans: Parameters<typeof loanBook>[0]): readonly Assessment[] => {
  const { adapter, mirror, env } = loanBook(loans)
  return [...mirror.positions.values()].flatMap((position) => {
    const market = mirror.markets.get(position.id.market)
    return market ? adapter.assess(market, position, env) : []
  })
}

test('loans are counted in the band of their health, with what they owe', () => {
  const all = assessed([
    { debtDollars: 100, health: 0.9 },
    { debtDollars: 200, health: 1.02 },
    { debtDollars: 300, health: 1.02 },
    { debtDollars: 400, health: 7 },
  ])
  const { bands, largest, tenLargestPpm, weightedHealth } = distributionOf(all)
  expect(bands.map(({ count }) => count)).toEqual([1, 2, 0, 0, 0, 0, 0, 1])
  expect(bands.map(({ debtUsd }) => Math.round(debtUsd))).toEqual([100, 500, 0, 0, 0, 0, 0, 400])
  expect(
    bands.every(({ to }, index) => bands[index + 1] === undefined || bands[index + 1]?.from === to),
  ).toBe(true)
  expect([largest?.id, largest?.debtPpm]).toEqual([all[3]?.id, 400_000n])
  expect(tenLargestPpm).toBe(1_000_000n)
  expect(Number(weightedHealth) / 1e18).toBeCloseTo((90 + 204 + 306 + 2_800) / 1_000, 4)
})

test('what cannot be assessed is counted, and nothing is spread where nothing is owed', () => {
  const unassessable = { kind: 'unassessable' } as Assessment
  expect(distributionOf([unassessable])).toMatchObject({
    ...{ weightedHealth: null, largest: undefined, tenLargestPpm: null, unassessableCount: 1 },
  })
})
