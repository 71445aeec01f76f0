// How near a loan is, when, and what repairs it: in a few words, for people.
import type { JsonOf } from '../model/json.ts'
import type { Repair, RepairAmount } from '../risk/repairs.ts'
import type { Risk } from '../risk/risk.ts'
import { formatAmountRoundedUp, formatFixed } from '../units/format.ts'
import { plain } from '../units/plain.ts'
import { spanText } from '../units/span.ts'

/** A percent, in parts per million. */
const PERCENT_PPM = 10_000n

type RiskTold = JsonOf<Risk>

/** A signed share (ppm) as percent, its distance cut, so that it never reads as farther than it is: −38_199 → `−3.8 %`. */
const changeText = (changePpm: bigint): string => {
  const distance = changePpm < 0n ? -changePpm : changePpm
  return `${changePpm > 0n ? '+' : '−'}${formatFixed(distance, 4, distance < PERCENT_PPM ? 2 : 1)} %`
}

type Move = { readonly name: string; readonly changePpm: bigint }

const nearer = (a: Move, b: Move): Move => {
  const [first, second] = [a, b].map(({ changePpm }) => (changePpm < 0n ? -changePpm : changePpm))
  return (second ?? 0n) < (first ?? 0n) ? b : a
}

const namesText = (names: readonly string[]): string =>
  names.length > 3 ? 'all collateral' : names.map(plain).join(' and ')

/**
 * The smallest price move that makes the loan liquidatable, as `ETH −3.8 %`: all volatile collateral together, or one price.
 * What is meant to be worth a dollar counts only where nothing else does it. Undefined where no move does.
 */
export const nearestText = ({ shock, shocks, liquidationPrices }: RiskTold): string | undefined => {
  const volatile = shocks.filter(({ isStable }) => !isStable)
  const stable = new Set(shocks.filter(({ isStable }) => isStable).flatMap(({ symbols }) => symbols))
  const together = shock
    ? [{ name: namesText(volatile.map(({ group }) => group)), changePpm: BigInt(shock.changePpm) }]
    : []
  const single = liquidationPrices.flatMap(({ symbol, changePpm }) =>
    changePpm === null ? [] : [{ symbol, name: plain(symbol), changePpm: BigInt(changePpm) }],
  )
  const moves: readonly Move[] = [...together, ...single.filter(({ symbol }) => !stable.has(symbol))]
  const [first, ...others] = moves.length > 0 ? moves : single
  if (!first) return undefined
  const { name, changePpm } = others.reduce(nearer, first)
  return `${name} ${changeText(changePpm)}`
}

/** As risk has it, or its JSON. */
type Amount = Pick<RepairAmount, 'decimals' | 'symbol' | 'isAll'> & { readonly amount: bigint | string }

/** An amount with its symbol, rounded up: what is told is enough. */
export const enoughText = ({ amount, decimals, symbol }: Amount): string =>
  `${formatAmountRoundedUp(BigInt(amount), decimals)} ${plain(symbol)}`

/** `repay 1,200 USDC`, or all of it. */
export const repayText = (amount: Amount): string =>
  amount.isAll ? `repay all ${plain(amount.symbol)}` : `repay ${enoughText(amount)}`

/** `add 0.5 WETH`. */
export const addText = (amount: Amount): string => `add ${enoughText(amount)}`

/** Steps that only do it together: `repay 1,200 USDC and add 0.5 WETH`. */
export const togetherText = (steps: readonly (Amount & { readonly kind: 'repay' | 'supply' })[]): string =>
  steps.map((step) => (step.kind === 'repay' ? repayText(step) : addText(step))).join(' and ')

const stepsText = ({ repay: [repay], supply: [supply], cheapest }: JsonOf<Repair>): string | undefined => {
  const ways = [...(repay ? [repayText(repay)] : []), ...(supply ? [addText(supply)] : [])]
  return ways.length > 0 ? ways.join(' or ') : cheapest ? togetherText(cheapest) : undefined
}

/** What brings the loan to the nearest target, as `repay 1,200 USDC or add 0.5 WETH`; undefined where nothing is needed or nothing does. */
export const repairText = ({ repairs: [nearest] }: RiskTold): string | undefined =>
  nearest && stepsText(nearest)

/** When interest alone liquidates: `3.5 days`, `now`, `never`; where the search of an inexact loan found no time, nobody knows. */
export const timeText = ({ secondsToLiquidation }: RiskTold, isExact: boolean): string => {
  if (secondsToLiquidation === null) return isExact ? 'never' : 'unknown'
  return secondsToLiquidation === 0 ? 'now' : spanText(secondsToLiquidation)
}
