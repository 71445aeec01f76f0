// What every adapter promises of what a borrower asks: when interest liquidates, what lets borrow, what repairs.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Health } from '../../src/model/assessment.ts'
import type { Action } from '../../src/model/liquidation.ts'
import { laterBy } from '../../src/risk/later.ts'
import { assessLoan, behind, type Loan } from '../../src/risk/loan.ts'
import { marginOf } from '../../src/risk/margin.ts'
import { type RepairAmount, type RepairStep, repairsOf } from '../../src/risk/repairs.ts'
import { secondsToLiquidation } from '../../src/risk/time-to-liquidation.ts'
import { PPM, UINT256_MAX, WAD } from '../../src/units/brands.ts'
import { sized } from '../support/size.ts'
import { assessIn, type Recorded, recordedSubjects, type Subject } from './recorded.ts'

const subjects = await recordedSubjects()
const RUNS = sized(10, 250)
const HORIZON_SECONDS = 3_153_600_000

const share = fc.double({ min: 0, max: 1, noNaN: true })

/** Holds a promise against the debts of worlds drawn by chance. */
const alwaysOwing = <T>(
  subject: Subject,
  drawn: fc.Arbitrary<T>,
  promise: (loan: Loan, health: Health, draw: T, name: string) => void,
): void => {
  const owing = subject.worlds.flatMap((world: Recorded) => {
    const health = assessIn(subject, world)
    const isOwing = health.kind === 'assessed' && health.debt.some(({ amount }) => amount > 0n)
    return isOwing ? [{ world, health }] : []
  })
  fc.assert(
    fc.property(fc.nat(owing.length - 1), drawn, (index, draw) => {
      const { world, health } = owing[index] as (typeof owing)[number]
      const { market, position, env } = world
      promise({ adapter: subject.adapter, market, position, env }, health, draw, world.name)
    }),
    { numRuns: RUNS },
  )
}

/** Whether it can be liquidated, at once or after what anybody may trigger. */
const isLiquidatable = (loan: Loan): boolean => {
  const assessment = assessLoan(loan)
  if (assessment.kind === 'unassessable') return false
  return assessment.isLiquidatable || assessment.refreshed?.isLiquidatable === true
}

/** Whether these actions leave a loan of such a health, or none; refused, they do not. */
const reaches = (start: Loan, actions: readonly Action[], target: bigint): boolean => {
  let loan = start
  for (const action of actions) {
    const acted = loan.adapter.act(loan.market, loan.position, loan.env, action)
    if (acted.kind === 'blocked') return false
    const next = behind(loan, acted.after)
    if (!next) return true
    loan = next
  }
  const after = assessLoan(loan)
  if (after.kind === 'unassessable' || isLiquidatable(loan)) return false
  return after.healthFactor >= target && (after.refreshed?.healthFactor ?? after.healthFactor) >= target
}

const actionOf = (kind: Action['kind'], { asset, amount, isAll }: RepairAmount, less = 0n): Action => ({
  kind,
  asset,
  amount: isAll && less === 0n ? UINT256_MAX : amount - less,
})

const expectLeast = (
  loan: Loan,
  kind: RepairStep['kind'],
  repair: RepairAmount,
  target: bigint,
  name: string,
): void => {
  expect(reaches(loan, [actionOf(kind, repair)], target), `${name}: ${kind} ${repair.amount}`).toBe(true)
  const less = reaches(loan, [actionOf(kind, repair, 1n)], target)
  expect(less, `${name}: ${kind} of a unit less than ${repair.amount}`).toBe(false)
}

const worthOf = (steps: readonly RepairStep[]): bigint => steps.reduce((sum, { value }) => sum + value, 0n)

for (const subject of subjects)
  describe(subject.protocol, () => {
    test('interest liquidates at the second that is told, not before; where none is told, at no time', () =>
      alwaysOwing(subject, fc.array(share, { minLength: 8, maxLength: 8 }), (loan, _, shares, name) => {
        const seconds = secondsToLiquidation(loan)
        const isThen = (at: number): boolean => isLiquidatable(laterBy(loan, at))
        if (seconds !== null) expect(isThen(seconds), `${name}: in ${seconds} s`).toBe(true)
        const lastSafe = (seconds ?? HORIZON_SECONDS + 1) - 1
        for (const part of lastSafe < 0 ? [] : [1, ...shares]) {
          const at = Math.floor(lastSafe * part)
          expect(isThen(at), `${name}: in ${at} s of ${seconds}`).toBe(false)
        }
      }))

    test('every repair reaches its target, and one unit less does not', () =>
      alwaysOwing(subject, fc.bigInt({ min: 1_010_000n, max: 2_500_000n }), (loan, health, ppm, name) => {
        const target = (WAD * ppm) / PPM
        for (const { repay, supply, deleverage, cheapest } of repairsOf(loan, health, [target])) {
          for (const one of repay) expectLeast(loan, 'repay', one, target, name)
          for (const one of supply) expectLeast(loan, 'supply', one, target, name)
          for (const sale of deleverage) {
            const both = [actionOf('repay', sale.repay), actionOf('withdraw', sale.withdraw)]
            expect(reaches(loan, both, target), `${name}: deleverage ${sale.repay.amount}`).toBe(true)
            expect(sale.withdraw.value >= sale.repay.value, name).toBe(true)
          }
          if (!cheapest) expect([repay, supply], name).toEqual([[], []])
          else {
            const steps = cheapest.map((step) => actionOf(step.kind, step))
            expect(reaches(loan, steps, target), `${name}: cheapest of ${cheapest.length}`).toBe(true)
            for (const one of [...repay, ...supply])
              expect(worthOf(cheapest) <= one.value + BigInt(cheapest.length), name).toBe(true)
          }
        }
      }))

    test('what one may borrow ends where the collateral’s maximum LTVs say', () =>
      alwaysOwing(subject, fc.bigInt({ min: 1n, max: 2n * PPM }), (loan, health, ppm, name) => {
        const [leg] = health.debt
        if (!leg || leg.value === 0n) return
        const amount = (leg.amount * ppm) / PPM + 1n
        const acted = loan.adapter.act(loan.market, loan.position, loan.env, {
          kind: 'borrow',
          asset: leg.asset,
          amount,
        })
        const after = acted.kind === 'acted' ? behind(loan, acted.after) : undefined
        const then = after && assessLoan(after)
        if (!after || then?.kind !== 'assessed') return
        const { initialBuffer } = marginOf(after, then)
        // Units of values that the contracts round in the borrower's favour.
        expect(initialBuffer >= -(then.debtValue / 10n ** 9n) - 10n, `${name}: ${initialBuffer}`).toBe(true)
      }))

    test('a margin beyond what keeps is health beyond 1', () =>
      alwaysOwing(subject, fc.constant(undefined), (loan, health, _, name) => {
        const { maintenanceBuffer, equity, exposure, liquidationLoss } = marginOf(loan, health)
        expect(exposure - health.debtValue, name).toBe(equity)
        if (maintenanceBuffer !== null && maintenanceBuffer < 0n)
          expect(health.healthFactor <= WAD, name).toBe(true)
        if (liquidationLoss) expect(liquidationLoss.repaid >= 0n, name).toBe(true)
      }))
  })
