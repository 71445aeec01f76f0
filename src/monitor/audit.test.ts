import { expect, test } from 'vitest'
import type { Assessment } from '../model/assessment.ts'
import type { Tracked } from '../store/book.ts'
import { createAuditor } from './audit.ts'

const ACCOUNTS = ['a', 'b', 'c']

/** What the contract would answer is put in its place: `audit` compares with `differing`. */
const auditorOf = (differing: ReadonlySet<string>, unanswered: ReadonlySet<string> = new Set()) => {
  const positions = ACCOUNTS.map((account) => {
    const id = { chainId: 1, protocol: 'p', deployment: 'd', market: 'm', account }
    return [`m:${account}`, { id }] as const
  })
  const tracked = {
    mirror: { markets: new Map([['m', {}]]), positions: new Map(positions) },
    adapter: {
      audit: (_market: unknown, position: { id: { account: string } }) => ({
        calls: [{}],
        compare: () => {
          const { account } = position.id
          if (unanswered.has(account)) return undefined
          return differing.has(account) ? ['ours 1, theirs 2'] : []
        },
      }),
    },
  } as unknown as Tracked
  const auditor = createAuditor([tracked])
  const idOf = (account: string): string => `1:p:d:m:${account}`
  return (gone: readonly string[] = []) => {
    const plans = auditor.plans(2)
    const assessments = ACCOUNTS.filter((account) => !gone.includes(account)).map(
      (account) => ({ id: idOf(account) }) as Assessment,
    )
    auditor.compare(plans, [], [], ACCOUNTS.map(idOf))
    const outcome = auditor.compare(plans, [], assessments, gone.map(idOf))
    outcome.accept()
    const { auditCount, mismatches, disputes } = outcome
    const names = (list: readonly { position: string }[]) => list.map(({ position }) => position.slice(-1))
    return { audited: names(plans), auditCount, mismatches: names(mismatches), disputes: names(disputes) }
  }
}

test('every position has its turn', () => {
  const audit = auditorOf(new Set())
  expect([audit(), audit(), audit()].map(({ audited }) => audited.join(''))).toEqual(['ab', 'ca', 'bc'])
})

test('a position that differs is in dispute, and audited at every head, until it agrees', () => {
  const differing = new Set(['b'])
  const audit = auditorOf(differing)
  expect(audit()).toMatchObject({ audited: ['a', 'b'], mismatches: ['b'], disputes: ['b'] })
  expect(audit()).toMatchObject({ audited: ['b', 'c'], mismatches: ['b'], disputes: ['b'] })
  differing.clear()
  expect(audit()).toMatchObject({ audited: ['b', 'a'], mismatches: [], disputes: [] })
})

test('a position that is gone is in dispute no longer', () => {
  const audit = auditorOf(new Set(['a']))
  expect(audit().disputes).toEqual(['a'])
  expect(audit(['a']).disputes).toEqual([])
})

test('without an answer nothing was audited, and nothing differs', () => {
  expect(auditorOf(new Set(['a']), new Set(['a', 'b']))()).toMatchObject({ auditCount: 0, disputes: [] })
})
