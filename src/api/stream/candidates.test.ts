import { expect, test } from 'vitest'
import { healthAt, unknownAt } from '../../../test/support/assessments.ts'
import type { Assessment, Health } from '../../model/assessment.ts'
import type { Prospect } from '../../monitor/candidates.ts'
import { type CandidateNews, type CandidateStep, createCandidateWatch } from './candidates.ts'

/** A book of nothing: what is worked out of loans is given. */
const NO_BOOK = { book: { tracked: [] }, attentions: new Map() } as unknown as Pick<
  CandidateStep,
  'book' | 'attentions'
>

const prospectOf = (position: Health): Prospect => {
  const known = { position, basis: 'now' as const, incentiveUsd: '50.00' }
  return { ...known, candidate: () => ({ ...known, options: [], twoStep: null, netUsd: null }) }
}

/** Cycles of a chain: answers what was told of each, and how many loans were left out. */
const createCycles = () => {
  const watch = createCandidateWatch()
  return async (
    assessments: readonly Assessment[],
    more: Partial<CandidateStep> = {},
  ): Promise<{ readonly told: readonly CandidateNews[]; readonly leftOut: number }> => {
    const told: CandidateNews[] = []
    const known = assessments.filter((one) => one.kind === 'assessed')
    const leftOut = await watch({
      ...NO_BOOK,
      block: healthAt(100).block,
      ...{ assessments, closed: [], baseFeeWei: null, candidatesMax: 10, assessmentsMax: 10 },
      shared: new Map(known.map((one) => [one.id, prospectOf(one)])),
      ...{ isOver: () => false, isHeard: true, tell: (news) => told.push(news) },
      onError: (error) => {
        throw error
      },
      ...more,
    })
    return { told, leftOut }
  }
}

const changes = ({ told }: { readonly told: readonly CandidateNews[] }) => told.map(({ change }) => change)
const worth = (debtValue: bigint): Health => healthAt(95, 0, { debtValue })

test('a loan appears once, changes by a ten-thousandth or more, and is gone', async () => {
  const cycle = createCycles()
  expect(changes(await cycle([healthAt(105)]))).toEqual([])
  const { told } = await cycle([worth(1_000_000n)])
  expect(told).toMatchObject([{ change: 'appeared', candidate: { basis: 'now', incentiveUsd: '50.00' } }])
  expect(changes(await cycle([worth(1_000_099n)]))).toEqual([])
  expect(changes(await cycle([worth(1_000_100n)]))).toEqual(['changed'])
  expect(changes(await cycle([worth(1_000_100n)]))).toEqual([])
  const gone = await cycle([healthAt(105)])
  expect(gone.told).toMatchObject([{ change: 'gone', candidate: null, position: { isLiquidatable: false } }])
  expect(gone.told[0]?.told).toMatchObject([{ incentiveUsd: '50.00', assessment: { debtValue: 1_000_100n } }])
  expect(changes(await cycle([healthAt(105)]))).toEqual([])
})

test('what stands in the way of a liquidation is a change; a closed loan is gone', async () => {
  const cycle = createCycles()
  await cycle([healthAt(95)])
  const blocked = healthAt(95, 0, { isExecutable: false, blockedBy: ['paused'] })
  expect(changes(await cycle([blocked]))).toEqual(['changed'])
  const closed = await cycle([], { closed: [blocked.id, 'another'] })
  expect(closed.told).toMatchObject([{ change: 'gone', candidate: null, position: null }])
})

test('what becomes unknown is neither gone nor said twice, and is told anew once it is known', async () => {
  const cycle = createCycles()
  await cycle([healthAt(95)])
  const unknown = await cycle([unknownAt()])
  expect(unknown.told).toMatchObject([
    { change: 'unassessable', candidate: null, position: { kind: 'unassessable' } },
  ])
  expect(changes(await cycle([unknownAt()]))).toEqual([])
  expect(changes(await cycle([healthAt(95)]))).toEqual(['changed'])
})

test('while nobody listens changes are not worked out; the first who does hears of them', async () => {
  const cycle = createCycles()
  const alone = { isHeard: false }
  expect(changes(await cycle([worth(1_000n)], alone))).toEqual(['appeared'])
  expect(changes(await cycle([worth(2_000n)], alone))).toEqual([])
  expect(changes(await cycle([worth(2_000n)]))).toEqual(['changed'])
})

test('too many, or the next cycle: what is left is counted, and not forgotten', async () => {
  const cycle = createCycles()
  const loans = ['a', 'b', 'c'].map((name, index) => ({
    ...healthAt(95, 0, { usd: { collateral: '0.00', debt: `${index}.00`, source: 'quote' } }),
    id: `1:aave-v3:core:pool:${name}`,
  }))
  const first = await cycle(loans, { candidatesMax: 1 })
  expect([first.told.map(({ id }) => id), first.leftOut]).toEqual([['1:aave-v3:core:pool:c'], 2])
  const over = await cycle(loans, { isOver: () => true })
  expect([over.told, over.leftOut]).toEqual([[], 2])
  const last = await cycle(loans)
  expect([changes(last), last.leftOut]).toEqual([['appeared', 'appeared'], 0])
})

test('one that cannot be worked out is left out, and the others are told', async () => {
  const cycle = createCycles()
  const errors: unknown[] = []
  const [bad, good] = ['bad', 'good'].map((name) => ({ ...healthAt(95), id: `1:aave-v3:core:pool:${name}` }))
  if (!bad || !good) throw new Error('there are two')
  const candidate = (): never => {
    throw new RangeError('of this loan')
  }
  const shared = new Map<string, Prospect>([
    [bad.id, { ...prospectOf(bad), candidate }],
    [good.id, prospectOf(good)],
  ])
  const { told, leftOut } = await cycle([bad, good], { shared, onError: (error) => errors.push(error) })
  expect([told.map(({ id }) => id), leftOut, errors]).toEqual([
    [good.id],
    1,
    [new RangeError('of this loan')],
  ])
})
