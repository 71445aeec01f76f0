// What every adapter promises of a market's totals: the same debt that its book is measured against.
import { expect, test } from 'vitest'
import { formatMarketId } from '../../src/model/ids.ts'
import { registry } from '../../src/protocols/registry.ts'
import { type Recorded, recordedSubjects, type Subject } from './recorded.ts'
import { bookOf } from './stressed.ts'

const subjects = await recordedSubjects()

/**
 * Not to be held against coverage: Morpho's values all borrow shares at their own price, which is rounded, where the market counts assets; recorded
 * worlds of Aave v3 have no totals. What both tell is held against contracts on a local chain.
 */
const OTHERWISE = ['morpho-blue', 'aave-v3']

test('every protocol tells totals', () =>
  expect(registry.filter((one) => !one.totals).map(({ protocol }) => protocol)).toEqual([]))

/** So many totals were compared. */
const compared = (subject: Subject, world: Recorded): number => {
  const { mirror } = bookOf(subject, world)
  const totals = subject.adapter.totals?.(world.market, world.env) ?? []
  const { block, timestamp } = world.env
  const id = formatMarketId(world.market.id)
  const rows = subject.adapter.coverage(mirror, { ...block, timestamp }).filter(({ market }) => market === id)
  for (const { supplied, borrowed, utilization } of totals) {
    expect([supplied ?? 0n, borrowed ?? 0n, utilization ?? 0n].every((one) => one >= 0n)).toBe(true)
    if (borrowed === 0n) expect(utilization ?? 0n).toBe(0n)
  }
  for (const { asset, totalDebt } of rows)
    expect([world.name, totals.filter((one) => one.asset === asset).map(({ borrowed }) => borrowed)]).toEqual(
      [world.name, expect.arrayContaining([totalDebt])],
    )
  return rows.length
}

test.each(subjects.filter(({ protocol }) => !OTHERWISE.includes(protocol)))('$protocol', (subject) => {
  const count = subject.worlds.reduce((sum, world) => sum + compared(subject, world), 0)
  expect(count).toBeGreaterThan(0)
})
