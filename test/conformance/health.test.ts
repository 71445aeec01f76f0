// What every adapter promises of health, held against states of real contracts.
import fc from 'fast-check'
import { isAddress } from 'viem'
import { describe, expect, test } from 'vitest'
import type { Health } from '../../src/model/assessment.ts'
import { formatPositionId, parsePositionId } from '../../src/model/ids.ts'
import type { Fault } from '../../src/model/market.ts'
import type { PriceKey } from '../../src/model/price.ts'
import type { Env } from '../../src/protocols/adapter.ts'
import { assessLoan } from '../../src/risk/loan.ts'
import { PPM, UINT256_MAX } from '../../src/units/brands.ts'
import { askedOf } from '../support/asked.ts'
import { withPrice } from '../support/prices.ts'
import { marketStored, positionStored } from '../support/stored.ts'
import { testParameters } from './parameters.ts'
import { drawn, holdPrices, loanOf } from './prices.ts'
import { always, assessIn, type Recorded, recordedSubjects, roundingOf } from './recorded.ts'

const subjects = await recordedSubjects()
const nothing = fc.constant(undefined)

const withoutPrice = (env: Env, key: PriceKey): Env => ({
  ...env,
  prices: (wanted) => (wanted === key ? { kind: 'failed', key, error: 'reverted' } : env.prices(wanted)),
})

/** Prices that only collateral rests on; where an asset is also owed, its price moves both sides. */
const collateralPrices = ({ collateral, debt }: Health): readonly { key: PriceKey; price: bigint }[] =>
  collateral
    .filter((leg) => leg.amount > 0n && leg.price > 1n && !debt.some((one) => one.priceKey === leg.priceKey))
    .map(({ priceKey, price }) => ({ key: priceKey, price }))

const expectNoRise = (before: Health, after: Health, world: Recorded): void => {
  const rounding = roundingOf(world, before)
  const message = `${world.name}: from ${before.healthFactor} to ${after.healthFactor}`
  expect(after.healthFactor <= before.healthFactor + rounding, message).toBe(true)
  if (before.isLiquidatable && rounding === 0n) expect(after.isLiquidatable, message).toBe(true)
}

for (const subject of subjects)
  describe(subject.protocol, () => {
    testParameters(subject)

    test('the same state gives the same assessment, also after a round trip through the store', () =>
      always(subject, nothing, (world) => {
        const assessment = assessIn(subject, world)
        expect(assessIn(subject, world), world.name).toEqual(assessment)
        const [market, position] = [marketStored(world.market), positionStored(world.position)]
        expect({ market, position }, world.name).toStrictEqual({
          market: world.market,
          position: world.position,
        })
        if (!market || !position) return
        expect(assessIn(subject, { ...world, market, position }), world.name).toEqual(assessment)
      }))

    test('ids name the position and can stand in a URL', () =>
      always(subject, nothing, (world) => {
        const { id } = assessIn(subject, world)
        expect(id, world.name).toBe(formatPositionId(world.position.id))
        expect(parsePositionId(id), world.name).toEqual(world.position.id)
      }))

    test('a feed says of every price that is asked for what it is of', () =>
      always(subject, nothing, (world) => {
        const { prices, mirror } = askedOf(subject.adapter, world)
        const feeds = subject.adapter.feeds(mirror)
        const keys = new Set(feeds.map(({ key }) => key))
        const unknown = [...prices].filter((key) => !keys.has(key))
        expect(unknown, world.name).toEqual([])
        for (const { asset, symbol, source } of feeds) {
          expect(isAddress(asset) && (source === null || isAddress(source)), world.name).toBe(true)
          expect(symbol, world.name).not.toBe('')
        }
      }))

    test('liquidation prices and shocks are the first that liquidate, to the tick and to the ppm', () => {
      const { rows, found, already, never, nonMonotone } = holdPrices(subject)
      console.info(
        `${subject.protocol}: ${rows} liquidation prices, ${found} found, ${never} that no price reaches, ${already} of loans that are liquidatable, ${nonMonotone} not monotone`,
      )
      expect(rows).toBeGreaterThan(0)
    })

    test('where an adapter says so, sums decide, or nothing that prices change', () =>
      always(subject, fc.tuple(drawn, drawn), (world, draws) => {
        if (!subject.adapter.comparesSums) return
        const healths = draws.map((draw) => assessLoan(loanOf(subject, world, draw)))
        const known = healths.filter((health) => health.kind === 'assessed')
        const isShort = ({ liquidationValue, debtValue }: Health): boolean =>
          (liquidationValue ?? 0n) < debtValue
        for (const health of known) if (isShort(health)) expect(health.isLiquidatable, world.name).toBe(true)
        const verdicts = known.filter((one) => !isShort(one)).map(({ isLiquidatable }) => isLiquidatable)
        expect(new Set(verdicts).size, world.name).toBeLessThanOrEqual(1)
      }))

    test('without debt nothing is found', () =>
      always(subject, nothing, (world) => {
        const health = assessIn(subject, world)
        if (health.kind === 'unassessable' || health.phase !== 'no-debt') return
        expect(health, world.name).toMatchObject({
          healthFactor: UINT256_MAX,
          isLiquidatable: false,
          isExecutable: false,
        })
        expect(subject.adapter.terms(world.market, world.position, world.env), world.name).toEqual([])
      }))

    test('what is blocked is not executable, and what is executable is liquidatable and has terms', () =>
      always(subject, nothing, (world) => {
        const health = assessIn(subject, world)
        if (health.kind === 'unassessable') return
        const { isLiquidatable, isExecutable, blockedBy } = health
        expect(isExecutable, world.name).toBe(isLiquidatable && blockedBy.length === 0)
        if (!isExecutable) return
        const terms = subject.adapter.terms(world.market, world.position, world.env)
        expect(terms.length, world.name).toBeGreaterThan(0)
      }))

    test('health never rises when the price of a collateral falls', () =>
      always(subject, fc.bigInt({ min: 1n, max: PPM - 1n }), (world, ppm) => {
        const before = assessIn(subject, world)
        if (before.kind === 'unassessable') return
        for (const { key, price } of collateralPrices(before))
          for (const lower of new Set([price - 1n, (price * ppm) / PPM, 0n])) {
            const after = assessIn(subject, { ...world, env: withPrice(world.env, key, lower) })
            if (after.kind === 'assessed') expectNoRise(before, after, world)
          }
      }))

    test('a price beyond all bounds throws nothing', () =>
      always(subject, fc.constantFrom(0n, 1n, 2n ** 128n, UINT256_MAX), (world, price) => {
        const before = assessIn(subject, world)
        if (before.kind === 'unassessable') return
        for (const { priceKey } of [...before.collateral, ...before.debt]) {
          const env = withPrice(world.env, priceKey, price)
          expect(() => assessIn(subject, { ...world, env }), world.name).not.toThrow()
          expect(() => subject.adapter.terms(world.market, world.position, env), world.name).not.toThrow()
        }
      }))

    test('a price that fails is never healthy: unassessable, or beyond where the contract itself stops reading', () =>
      always(subject, nothing, (world) => {
        const before = assessIn(subject, world)
        if (before.kind === 'unassessable' || before.phase === 'no-debt') return
        const priced = [...before.collateral, ...before.debt].filter(
          ({ value, priceKey }) => value > 0n && world.env.prices(priceKey) !== undefined,
        )
        for (const leg of priced) {
          const env = withoutPrice(world.env, leg.priceKey)
          const after = assessIn(subject, { ...world, env })
          if (after.kind === 'assessed')
            expect(after.liquidationValue, `${world.name} ${leg.symbol}`).toBeNull()
          else expect(after.reason, world.name).toBe('price-failed')
        }
      }))

    test('a market or a position with a fault is unassessable for its reason, and has no terms', () =>
      always(subject, fc.constantFrom('market', 'position'), (world, which) => {
        const fault: Fault = { reason: 'read-failed', detail: 'the node did not answer' }
        const faulty = { ...world, [which]: { ...world[which as 'market' | 'position'], fault } }
        expect(assessIn(subject, faulty), world.name).toMatchObject({ kind: 'unassessable', ...fault })
        expect(subject.adapter.terms(faulty.market, faulty.position, faulty.env), world.name).toEqual([])
      }))

    test('an audit asks the contract, and takes no answer for no difference', () =>
      always(subject, nothing, (world) => {
        const { calls, compare } = subject.adapter.audit(world.market, world.position)
        expect(calls.length, world.name).toBeGreaterThan(0)
        const results = calls.map(() => ({ ok: false, data: '0x', error: 'reverted' }) as const)
        const assessment = assessIn(subject, world)
        if (assessment.kind === 'assessed') expect(compare(results, assessment), world.name).toBeUndefined()
      }))
  })
