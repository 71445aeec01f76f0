// What a borrower can do for a loan, tried with the adapter's own `act` and judged by its own `assess`.
import type { DebtLeg, Health } from '../model/assessment.ts'
import type { Action, Blocked } from '../model/liquidation.ts'
import { assessLoan, behind, type Loan } from './loan.ts'
import type { Bounds, Tried } from './repairs-search.ts'
import { isLiquidatableByAnybody, leastHealthFactor } from './worst.ts'

/** Whether a loan is as healthy as is wanted (a wad), also after what anybody may trigger, and cannot be liquidated. */
export const isRepaired = (health: Health, target: bigint): boolean =>
  leastHealthFactor(health) >= target && !isLiquidatableByAnybody(health)

const judged = (loan: Loan, target: bigint): Tried => {
  const assessment = assessLoan(loan)
  if (assessment.kind === 'unassessable') return { kind: 'blocked', revert: assessment.detail }
  return { kind: isRepaired(assessment, target) ? 'enough' : 'too-little', after: loan }
}

/** The loan behind an action; undefined where nothing is left of it. */
const acted = (loan: Loan, action: Action): { readonly after: Loan | undefined } | Blocked => {
  const outcome = loan.adapter.act(loan.market, loan.position, loan.env, action)
  return outcome.kind === 'blocked' ? outcome : { after: behind(loan, outcome.after) }
}

/** What actions one after the other, in this block, come to. */
export const tryActions = (loan: Loan, actions: readonly Action[], target: bigint): Tried => {
  let current = loan
  for (const action of actions) {
    const next = acted(current, action)
    if ('kind' in next) return next
    if (!next.after) return { kind: 'enough', after: undefined }
    current = next.after
  }
  return judged(current, target)
}

/** ⌈a · b ÷ c⌉; 0 where c is 0. */
const mulDivCeil = (a: bigint, b: bigint, c: bigint): bigint => (c === 0n ? 0n : (a * b + c - 1n) / c)

/** What an amount of a leg's asset is worth by the leg's own value, rounded up. */
export const valueUp = ({ amount: whole, value }: DebtLeg, amount: bigint): bigint =>
  mulDivCeil(amount, value, whole)

/** The amount of a leg's asset that is worth so much, rounded up. */
const amountUp = ({ amount: whole, value: worth }: DebtLeg, value: bigint): bigint =>
  mulDivCeil(value, whole, worth)

/** The amount of a leg's asset that is worth so much, cut. */
export const amountDown = ({ amount: whole, value: worth }: DebtLeg, value: bigint): bigint =>
  worth === 0n ? 0n : (value * whole) / worth

/** How much of one leg's asset an amount of another's is worth, by both legs' own values; 0 where one is worth nothing. */
export const exchanged = (from: DebtLeg, to: DebtLeg, amount: bigint, rounding: 'up' | 'down'): bigint => {
  const [worth, unit] = [amount * from.value * to.amount, from.amount * to.value]
  if (unit === 0n) return 0n
  return rounding === 'up' ? mulDivCeil(worth, 1n, unit) : worth / unit
}

/** A search for an amount that is worth about `value`, up to `max`. */
export const boundsAround = (leg: DebtLeg, value: bigint, max: bigint): Bounds => {
  const guess = amountUp(leg, value > 0n ? value : 1n)
  const within = guess < 1n ? 1n : guess
  return { guess: within < max ? within : max, step: amountUp(leg, 1n) + 1n, max }
}
