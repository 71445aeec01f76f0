// What brings a loan's health to a target: the least of each thing that its borrower can do, rounded to the safe side.
import type { Address } from 'viem'
import type { CollateralLeg, DebtLeg, Health } from '../model/assessment.ts'
import { UINT256_MAX, WAD } from '../units/brands.ts'
import { assessLoan, type Loan } from './loan.ts'
import { amountDown, boundsAround, exchanged, isRepaired, tryActions, valueUp } from './repairs-actions.ts'
import { type Least, leastAmount } from './repairs-search.ts'
import { leastHealthFactor } from './worst.ts'

/** `amount` in units of the asset, `value` in the market's quote by the oracle, rounded up. `isAll`: the whole debt is repaid, which the contract takes as 2^256 − 1. */
export type RepairAmount = {
  readonly asset: Address
  readonly symbol: string
  readonly decimals: number
  readonly amount: bigint
  readonly value: bigint
  readonly isAll?: true
}

export type RepairStep = RepairAmount & { readonly kind: 'repay' | 'supply' }

/** Collateral that is taken out and sold, at the oracle's price and without costs, to repay: no new money, and a flash loan if need be. */
export type Deleverage = { readonly repay: RepairAmount; readonly withdraw: RepairAmount }

/** Why an asset alone does not do it: the contract's own error, or that no amount is enough. */
export type UnfitRepair = {
  readonly kind: 'repay' | 'supply' | 'deleverage'
  readonly symbol: string
  readonly asset: Address
  readonly reason: string
}

/**
 * For one target (a wad): the least that is enough of each debt to `repay` or of each collateral to `supply` alone, cheapest first;
 * `cheapest` is what costs least in all, several steps where no part of a debt alone does it, null where nothing does.
 */
export type Repair = {
  readonly targetHealthFactor: bigint
  readonly repay: readonly RepairAmount[]
  readonly supply: readonly RepairAmount[]
  readonly deleverage: readonly Deleverage[]
  readonly cheapest: readonly RepairStep[] | null
  readonly unfit: readonly UnfitRepair[]
}

/** The health at which the built-in warning starts, and two that leave room. */
const TARGETS: readonly bigint[] = [(11n * WAD) / 10n, (5n * WAD) / 4n, (3n * WAD) / 2n]

/** A supply may multiply what is there by this. */
const SUPPLY_FACTOR_MAX = 2n ** 20n

type Found<T> = { readonly kind: 'found'; readonly repair: T; readonly after: Loan | undefined }
type Limited = Extract<Least, { readonly kind: 'limited' }>

const NOT_ENOUGH: Limited = { kind: 'limited', most: 0n, after: undefined, refusal: 'no amount is enough' }

const amountOf = (leg: DebtLeg, amount: bigint): RepairAmount => {
  const { asset, symbol, decimals } = leg
  return { asset, symbol, decimals, amount, value: valueUp(leg, amount) }
}

/** A loan, its health, and the health that is wanted. */
type Wish = { readonly loan: Loan; readonly health: Health; readonly target: bigint }

/** About what has to be repaid, in the quote: where the search begins. */
const missingDebt = ({ health, target }: Wish): bigint => {
  const kept = (health.debtValue * leastHealthFactor(health)) / target
  return health.debtValue > kept ? health.debtValue - kept : 0n
}

const repayLeast = (wish: Wish, leg: DebtLeg, mayBeAll = true): Found<RepairAmount> | Limited => {
  const { loan, target } = wish
  const repay = (amount: bigint) => tryActions(loan, [{ kind: 'repay', asset: leg.asset, amount }], target)
  const part =
    leg.amount > 1n ? leastAmount(repay, boundsAround(leg, missingDebt(wish), leg.amount - 1n)) : NOT_ENOUGH
  if (part.kind === 'found') return { kind: 'found', repair: amountOf(leg, part.amount), after: part.after }
  if (!mayBeAll) return part
  const all = repay(UINT256_MAX)
  if (all.kind === 'enough')
    return { kind: 'found', repair: { ...amountOf(leg, leg.amount), isAll: true }, after: all.after }
  return all.kind === 'too-little' ? { ...part, most: UINT256_MAX, after: all.after } : part
}

const supplyLeast = (wish: Wish, leg: CollateralLeg): Found<RepairAmount> | Limited => {
  const { loan, target } = wish
  const { liquidationThreshold } = leg
  if (liquidationThreshold === 0n)
    return { kind: 'limited', most: 0n, after: undefined, refusal: 'it does not count as collateral' }
  const missing = (missingDebt(wish) * target) / liquidationThreshold
  const bounds = boundsAround(leg, missing, leg.amount * SUPPLY_FACTOR_MAX)
  const least = leastAmount(
    (amount) => tryActions(loan, [{ kind: 'supply', asset: leg.asset, amount }], target),
    bounds,
  )
  if (least.kind === 'limited') return least
  return { kind: 'found', repair: amountOf(leg, least.amount), after: least.after }
}

/** What is sold and what it pays for: whole units of the coarser of the two assets, so that more of it always does more. */
const saleOf = (collateral: CollateralLeg, debt: DebtLeg) => {
  const isDebtCoarser = debt.value * collateral.amount >= collateral.value * debt.amount
  const [coarse, fine] = isDebtCoarser ? [debt, collateral] : [collateral, debt]
  const most = amountDown(coarse, fine.value)
  return {
    leg: coarse,
    max: most < coarse.amount ? most : coarse.amount,
    amounts: (amount: bigint) =>
      isDebtCoarser
        ? { repaid: amount, withdrawn: exchanged(debt, collateral, amount, 'up') }
        : { repaid: exchanged(collateral, debt, amount, 'down'), withdrawn: amount },
  }
}

/** Where the collateral counts for as much as the health that is wanted, selling it does not help. */
const deleverageLeast = (
  wish: Wish,
  collateral: CollateralLeg,
  debt: DebtLeg,
): Found<Deleverage> | Limited => {
  const { loan, target } = wish
  const { liquidationThreshold } = collateral
  const { leg, max, amounts } = saleOf(collateral, debt)
  if (liquidationThreshold >= target || max === 0n) return NOT_ENOUGH
  const attempt = (amount: bigint) => {
    const { repaid, withdrawn } = amounts(amount)
    return tryActions(
      loan,
      [
        { kind: 'repay', asset: debt.asset, amount: repaid },
        { kind: 'withdraw', asset: collateral.asset, amount: withdrawn },
      ],
      target,
    )
  }
  const missing = (missingDebt(wish) * target) / (target - liquidationThreshold)
  const least = leastAmount(attempt, boundsAround(leg, missing, max))
  if (least.kind === 'limited') return least
  const { repaid, withdrawn } = amounts(least.amount)
  const repair = { repay: amountOf(debt, repaid), withdraw: amountOf(collateral, withdrawn) }
  return { kind: 'found', repair, after: least.after }
}

const held = <Leg extends DebtLeg>(legs: readonly Leg[]): readonly Leg[] =>
  legs.filter(({ amount }) => amount > 0n)

const byValueUp = (a: { readonly value: bigint }, b: { readonly value: bigint }): number =>
  a.value === b.value ? 0 : a.value < b.value ? -1 : 1

const byThresholdDown = (a: CollateralLeg, b: CollateralLeg): number =>
  a.liquidationThreshold === b.liquidationThreshold
    ? 0
    : a.liquidationThreshold > b.liquidationThreshold
      ? -1
      : 1

/** The loan after as much as the contract takes of one thing that is not enough alone; undefined where it takes nothing. */
const afterMost = ({ target }: Wish, { most, after }: Limited): Wish | undefined => {
  const health = after && most > 0n ? assessLoan(after) : undefined
  return after && health?.kind === 'assessed' ? { loan: after, health, target } : undefined
}

const stepOfMost = (kind: RepairStep['kind'], leg: DebtLeg, { most }: Limited): RepairStep =>
  most === UINT256_MAX
    ? { kind, ...amountOf(leg, leg.amount), isAll: true }
    : { kind, ...amountOf(leg, most) }

/**
 * Repayments first, for a unit of value repaid does more than one supplied: it counts in full and for the target, a supply by its
 * threshold; then supplies, those that count for most first. `mayBeAll`: debts may be repaid whole where less leaves too little.
 */
const mixOf = (wish: Wish, mayBeAll: boolean): readonly RepairStep[] | null => {
  const steps: RepairStep[] = []
  let current = wish
  const tries = [
    ...[...held(wish.health.debt)]
      .sort((a, b) => byValueUp(b, a))
      .map((leg) => ({ kind: 'repay' as const, leg, least: () => repayLeast(current, leg, mayBeAll) })),
    ...[...held(wish.health.collateral)]
      .sort(byThresholdDown)
      .map((leg) => ({ kind: 'supply' as const, leg, least: () => supplyLeast(current, leg) })),
  ]
  for (const { kind, leg, least: search } of tries) {
    const least = search()
    if (least.kind === 'found') return [...steps, { kind, ...least.repair }]
    const next = afterMost(current, least)
    if (!next) continue
    steps.push(stepOfMost(kind, leg, least))
    current = next
  }
  return null
}

const costOf = (steps: readonly RepairStep[]): bigint => steps.reduce((sum, { value }) => sum + value, 0n)

/** What costs least of one step; and of several, where no part of one debt is enough. A part may cost more than a supply where the contract takes no less, or by a rounding. */
const cheapestOf = (
  wish: Wish,
  [repayment]: readonly RepairAmount[],
  [supply]: readonly RepairAmount[],
): readonly RepairStep[] | null => {
  const repay = repayment && ([{ kind: 'repay', ...repayment }] as const)
  const isPart = repayment !== undefined && !repayment.isAll
  const ways: readonly (readonly RepairStep[] | null | undefined)[] = [
    repay,
    supply && [{ kind: 'supply', ...supply }],
    ...(isPart ? [] : [mixOf(wish, true), mixOf(wish, false)]),
  ]
  return ways.reduce<readonly RepairStep[] | null>(
    (best, way) => (way && (!best || costOf(way) < costOf(best)) ? way : best),
    null,
  )
}

type Searched<T> = { readonly repairs: readonly T[]; readonly unfit: readonly UnfitRepair[] }

const searchEach = <Leg extends DebtLeg, T>(
  kind: UnfitRepair['kind'],
  legs: readonly Leg[],
  search: (leg: Leg) => Found<T> | Limited,
): Searched<T> => {
  const repairs: T[] = []
  const unfit: UnfitRepair[] = []
  for (const leg of held(legs)) {
    const least = search(leg)
    const { asset, symbol } = leg
    if (least.kind === 'found') repairs.push(least.repair)
    else unfit.push({ kind, symbol, asset, reason: least.refusal })
  }
  return { repairs, unfit }
}

const repairFor = (wish: Wish): Repair => {
  const { health, target } = wish
  const repay = searchEach('repay', health.debt, (leg) => repayLeast(wish, leg))
  const supply = searchEach('supply', health.collateral, (leg) => supplyLeast(wish, leg))
  const [largest] = [...held(health.debt)].sort((a, b) => byValueUp(b, a))
  const deleverage = searchEach('deleverage', largest ? health.collateral : [], (leg) =>
    deleverageLeast(wish, leg, largest as DebtLeg),
  )
  const repayments = [...repay.repairs].sort(byValueUp)
  const supplies = [...supply.repairs].sort(byValueUp)
  return {
    targetHealthFactor: target,
    repay: repayments,
    supply: supplies,
    deleverage: [...deleverage.repairs].sort((a, b) => byValueUp(a.repay, b.repay)),
    cheapest: cheapestOf(wish, repayments, supplies),
    unfit: [...repay.unfit, ...supply.unfit, ...deleverage.unfit],
  }
}

/**
 * What brings the loan to each of the targets (wads) that it does not reach, the contract's limits, minimum debts, caps and
 * pauses included. Every amount is enough, and one unit less is not, or is refused.
 */
export const repairsOf = (
  loan: Loan,
  health: Health,
  targets: readonly bigint[] = TARGETS,
): readonly Repair[] =>
  held(health.debt).length === 0
    ? []
    : targets
        .filter((target) => !isRepaired(health, target))
        .map((target) => repairFor({ loan, health, target }))
