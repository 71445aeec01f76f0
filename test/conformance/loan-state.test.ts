// What every adapter promises of a loan that went out as JSON: whoever makes it again computes what we compute, to the unit.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { groupingOf } from '../../src/risk/groups.ts'
import { loanOf } from '../../src/risk/known-loan.ts'
import { laterBy } from '../../src/risk/later.ts'
import { liquidationsOf, offersOf } from '../../src/risk/liquidation-options.ts'
import { assessLoan, behind, type Loan, withPrices } from '../../src/risk/loan.ts'
import { groupsIn, LoanStateError, loanWith } from '../../src/risk/loan-state.ts'
import { riskOf } from '../../src/risk/risk.ts'
import { feedsByKey } from '../../src/risk/shocked-prices.ts'
import { stateOf } from '../../src/risk/stating.ts'
import { sized } from '../support/size.ts'
import { always, type Recorded, recordedSubjects, type Subject } from './recorded.ts'

const subjects = await recordedSubjects()

const loanIn = ({ adapter }: Subject, { market, position, env }: Recorded): Loan => ({
  ...{ adapter, market, position },
  env: { ...env, quotes: (quote) => (quote.asset ? { price: 3n, scale: 2n, source: 'test' } : null) },
})

/** As it arrives after a way over the wire. */
const sent = (state: unknown): unknown => JSON.parse(JSON.stringify(state))

const noGroups = {
  ...groupingOf({ feeds: [], settings: [], wiring: new Map(), usdPriceOf: () => undefined }),
}

/** All that somebody may compute of a loan: liquidations and risk now, at other prices, later, and behind what its owner does. */
const computed = (loan: Loan, percent: bigint, seconds: number): unknown => {
  const health = assessLoan(loan)
  const debts = new Set(health.kind === 'assessed' ? health.debt.map(({ priceKey }) => priceKey) : [])
  const other = withPrices(loan, (key, price) => (debts.has(key) ? undefined : (price * percent) / 100n))
  const legs = health.kind === 'assessed' ? [...health.collateral, ...health.debt] : []
  const acted = legs.flatMap(({ asset, amount }) =>
    (['supply', 'withdraw', 'borrow', 'repay'] as const).map((kind) => {
      const outcome = loan.adapter.act(loan.market, loan.position, loan.env, {
        ...{ kind, asset, amount: amount / 7n + 1n },
      })
      const after = outcome.kind === 'acted' ? behind(loan, outcome.after) : undefined
      return after ? assessLoan(after) : outcome
    }),
  )
  return {
    health,
    acted,
    later: assessLoan(laterBy(loan, seconds)),
    shocked: assessLoan(other),
    liquidations: [loan, other].map((one) => liquidationsOf(one, offersOf(one))),
    risk:
      health.kind === 'assessed' ? riskOf(loan, health, { ...noGroups, feeds: feedsByKey([]) }) : undefined,
  }
}

for (const subject of subjects)
  describe(subject.protocol, () => {
    test('a loan made again of its state has the same health, to the unit', () =>
      always(
        subject,
        fc.constant(undefined),
        (world) => {
          const loan = loanIn(subject, world)
          const again = loanOf(sent(stateOf(loan)))
          expect(again.adapter).toBe(subject.adapter)
          expect(assessLoan(again), world.name).toEqual(assessLoan(loan))
        },
        sized(20, 400),
      ))

    test('so has it everything else that is computed of a loan', () =>
      always(
        subject,
        fc.tuple(fc.bigInt({ min: 1n, max: 300n }), fc.nat(100_000_000)),
        (world, [percent, seconds]) => {
          const loan = loanIn(subject, world)
          const again = loanWith(subject.adapter, sent(stateOf(loan)))
          expect(computed(again, percent, seconds), world.name).toEqual(computed(loan, percent, seconds))
        },
        sized(4, 150),
      ))

    test('a state that was changed, cut or is of something else is refused with what is wrong', () =>
      always(
        subject,
        fc.nat(),
        (world, draw) => {
          const state = sent(stateOf(loanIn(subject, world))) as Record<string, unknown>
          const names = Object.keys(state)
          const name = names[draw % names.length] as string
          const { [name]: _gone, ...rest } = state
          expect(() => loanOf(rest), name).toThrow(LoanStateError)
          expect(() => loanOf({ ...state, position: {} })).toThrow(LoanStateError)
          expect(() => loanOf({ ...state, market: { id: { chainId: 'n:x' } } })).toThrow(LoanStateError)
          expect(() => loanOf({ ...state, id: '1:nobody:a:b:c' })).toThrow('the protocol nobody is not known')
          const other = { ...(state['assessment'] as object), kind: 'unassessable', reason: 'stale-head' }
          expect(() => loanOf({ ...state, assessment: other })).toThrow('was written down')
          for (const nonsense of [undefined, null, 1, 'x', [], { format: 2 }])
            expect(() => loanOf(nonsense)).toThrow(LoanStateError)
        },
        sized(3, 20),
      ))
  })

test('what moves together goes with it', () => {
  const [subject] = subjects
  const [world] = subject?.worlds ?? []
  if (!subject || !world) throw new Error('there is no recorded world')
  const loan = loanIn(subject, world)
  const asset = '0x00000000000000000000000000000000000000AA' as const
  const quote = { symbol: 'USD', decimals: 8 }
  const feeds = [{ key: 'price', asset, symbol: 'AA', quote, source: null }]
  const grouping = groupingOf({ feeds, settings: [], wiring: new Map(), usdPriceOf: () => undefined })
  const groups = { ...grouping, feeds: feedsByKey(feeds) }
  const told = groupsIn(sent(stateOf(loan, { groups })))
  expect(told.groups).toEqual(groups.groups)
  expect(told.groupOf(asset)).toBe(told.groups[0])
  expect(told.feeds).toEqual(groups.feeds)
})
