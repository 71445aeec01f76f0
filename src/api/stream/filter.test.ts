import { describe, expect, test } from 'vitest'
import { assessmentOwner, healthAt } from '../../../test/support/assessments.ts'
import type { Alert } from '../../model/alert.ts'
import { streamRoute } from '../routes/stream.ts'
import { type About, type StreamQuery, wants } from './filter.ts'
import { createRing, type Topic } from './ring.ts'

const queryOf = (given: Readonly<Record<string, string>>): StreamQuery =>
  Object.fromEntries(
    Object.entries(streamRoute.queryFields).map(([key, schema]) => [key, schema.parse(given[key])]),
  ) as StreamQuery

/** Whether a query wants an event of chain 1. */
const isWanted = (given: Readonly<Record<string, string>>, topic: Topic, about: About = {}): boolean => {
  const ring = createRing(1_000)
  ring.publish({ topic, chainId: 1, block: null, about, data: {} })
  const event = ring.after(0)
  if (!event || event === 'lost') throw new Error('there is none')
  return wants(queryOf(given), (owner) => owner === assessmentOwner)(event)
}

const loan = healthAt(105)
const about = (percent: number, incentiveUsd: string | null = null): About => ({
  loan: { id: loan.id, owner: loan.owner },
  told: [{ assessment: healthAt(percent), incentiveUsd }],
})
const alert = {
  severity: 'warning',
  state: 'firing',
  rule: 'Near',
  labels: { label: 'own' },
} as unknown as Alert

test('topics and chains', () => {
  expect(isWanted({}, 'head')).toBe(true)
  expect(isWanted({ topics: 'alert,candidate' }, 'head')).toBe(false)
  expect(isWanted({ topics: 'head', chain: '1' }, 'head')).toBe(true)
  expect(isWanted({ chain: '2' }, 'head')).toBe(false)
  expect(isWanted({ owner: loan.owner, severity: 'critical' }, 'status')).toBe(true)
})

test.each([
  [{ protocol: loan.protocol }, true],
  [{ protocol: 'other' }, false],
  [{ deployment: loan.deployment }, true],
  [{ deployment: 'other' }, false],
  [{ market: `1:${loan.protocol}` }, true],
  [{ market: `1:${loan.protocol.slice(0, -1)}` }, false],
  [{ owner: loan.owner }, true],
  [{ owner: '0x0000000000000000000000000000000000000009' }, false],
  [{ position: loan.id }, true],
  [{ position: '1:a:b:c:d' }, false],
  [{ watched: 'true' }, true],
  [{ watched: 'false' }, false],
])('whose loan and where: %j is %s of assessments, candidates and alerts alike', (query, is) => {
  const event = about(105)
  expect(isWanted(query, 'assessment', event)).toBe(is)
  expect(isWanted(query, 'candidate', event)).toBe(is)
  expect(isWanted(query, 'alert', { alert, ...(event.loan ? { loan: event.loan } : {}) })).toBe(is)
  expect(isWanted(query, 'alert', { alert })).toBe(false)
})

describe('what a loan is like', () => {
  test.each([
    [{ minHealth: '1.05' }, true],
    [{ minHealth: '1.06' }, false],
    [{ maxHealth: '1.05' }, true],
    [{ maxHealth: '1.04' }, false],
    [{ liquidatable: 'true' }, false],
    [{ kind: 'unassessable' }, false],
    [{ asset: 'no such asset' }, false],
  ])('%j is %s of one at 1.05', (query, is) => {
    expect(isWanted(query, 'assessment', about(105))).toBe(is)
  })

  test('what a candidate earns', () => {
    expect(isWanted({ minIncentiveUsd: '10' }, 'candidate', about(95, '10.00'))).toBe(true)
    expect(isWanted({ minIncentiveUsd: '10' }, 'candidate', about(95, '9.99'))).toBe(false)
    expect(isWanted({ minIncentiveUsd: '10' }, 'candidate', about(95))).toBe(false)
    expect(isWanted({ minIncentiveUsd: '10' }, 'candidate', { told: [{ assessment: healthAt(95) }] })).toBe(
      true,
    )
    expect(isWanted({ minIncentiveUsd: '10' }, 'assessment', about(95))).toBe(true)
  })

  test('who was told of a loan hears of its end, who was not does not', () => {
    const told = [...(about(105).told ?? []), ...(about(95, '20.00').told ?? [])]
    const gone = { ...about(105), told }
    expect(isWanted({ liquidatable: 'true', maxHealth: '1' }, 'candidate', gone)).toBe(true)
    expect(isWanted({ minIncentiveUsd: '30' }, 'candidate', gone)).toBe(false)
    expect(isWanted({ maxHealth: '1' }, 'assessment', { ...about(95), told: [] })).toBe(true)
  })
})

test.each([
  [{ severity: 'warning', state: 'firing', rule: 'Near', label: 'own' }, true],
  [{ severity: 'critical' }, false],
  [{ state: 'resolved' }, false],
  [{ rule: 'Far' }, false],
  [{ label: 'other' }, false],
  [{ maxHealth: '1', asset: 'WETH' }, true],
])('alerts: %j is %s', (query, is) => {
  expect(isWanted(query, 'alert', { alert })).toBe(is)
})
