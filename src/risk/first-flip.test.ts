// The first flip against a walk over every single step, in worlds so coarse that roundings make health jump.
import fc from 'fast-check'
import type { Address } from 'viem'
import { expect, test } from 'vitest'
import type { Assessment, Health } from '../model/assessment.ts'
import type { Adapter, Env } from '../protocols/adapter.ts'
import { BPS, UINT256_MAX, WAD } from '../units/brands.ts'
import { type Flip, firstFlip, type Path } from './first-flip.ts'
import { type Loan, withPrices } from './loan.ts'

type Leg = { readonly key: string; readonly amount: bigint; readonly threshold: bigint }

/** `isAverageCut`: health by an average threshold in whole basis points, as Aave until 3.4; `unit` divides every product. */
type World = {
  readonly collateral: readonly Leg[]
  readonly debt: readonly Leg[]
  readonly prices: Readonly<Record<string, bigint>>
  readonly isAverageCut: boolean
  readonly unit: bigint
}

const healthOf = ({ collateral, debt, isAverageCut, unit }: World, env: Env): Assessment => {
  const valued = ({ key, amount, threshold }: Leg) => {
    const reading = env.prices(key)
    const price = reading?.kind === 'price' ? reading.price : 0n
    return {
      ...{ asset: key as Address, symbol: key, decimals: 0, priceKey: key, amount, price },
      value: (amount * price) / unit,
      maxLtv: threshold * (WAD / BPS),
      liquidationThreshold: threshold * (WAD / BPS),
    }
  }
  const [mine, theirs] = [collateral.map(valued), debt.map(valued)]
  const sum = (values: readonly bigint[]) => values.reduce((total, value) => total + value, 0n)
  const collateralValue = sum(mine.map(({ value }) => value))
  const weighed = sum(mine.map(({ value }, index) => value * (collateral[index]?.threshold ?? 0n)))
  const debtValue = sum(theirs.map(({ value }) => value))
  const averageThreshold = collateralValue === 0n ? 0n : weighed / collateralValue
  const liquidationValue = isAverageCut ? (collateralValue * averageThreshold + 5_000n) / BPS : weighed / BPS
  const healthFactor = debtValue === 0n ? UINT256_MAX : (liquidationValue * WAD + debtValue / 2n) / debtValue
  return {
    ...{ kind: 'assessed', collateral: mine, debt: theirs, phase: 'healthy' },
    ...{ collateralValue, debtValue, liquidationValue, healthFactor },
    ...(isAverageCut ? { averageThreshold } : {}),
    isLiquidatable: healthFactor < WAD,
  } as unknown as Assessment
}

const loanOf = (world: World): Loan => ({
  adapter: { assess: (_market: unknown, _position: unknown, env: Env) => healthOf(world, env) } as Adapter,
  market: {} as Loan['market'],
  position: {} as Loan['position'],
  env: {
    prices: (key: string) => ({ kind: 'price', key, price: world.prices[key] ?? 0n, scale: 1n, source: '' }),
  } as Env,
})

/** The first key's price moves a step at a time, the others of a set in proportion. */
const pathOf = (world: World, moved: readonly string[], isRising: boolean): Path => {
  const loan = loanOf(world)
  const price = world.prices[moved[0] as string] as bigint
  const next = (step: bigint) => (isRising ? price + step : price - step)
  const moving = (current: bigint, step: bigint) => (current * next(step)) / price
  return {
    steps: isRising ? 3n * price : price - 1n,
    at: (step) =>
      withPrices(loan, (key, current) => (moved.includes(key) ? moving(current, step) : undefined)),
    isDirect: true,
    coarsestPrice: (step) =>
      moved.map((key) => moving(world.prices[key] as bigint, step)).reduce((a, b) => (a < b ? a : b)),
  }
}

/** Every step, one after the other. */
const walked = ({ at, steps }: Path): Flip | null => {
  const verdicts = Array.from({ length: Number(steps) + 1 }, (_, step) => {
    const { adapter, market, position, env } = at(BigInt(step))
    return (adapter.assess(market, position, env) as Health).isLiquidatable
  })
  const first = verdicts.indexOf(true)
  if (first < 0) return null
  if (first === 0) return { step: 0n, safeAgain: [], isProven: true }
  const safeAgain: { from: bigint; to: bigint }[] = []
  for (let at = first; at < verdicts.length; at++) {
    if (verdicts[at]) continue
    const next = verdicts.indexOf(true, at)
    const to = next < 0 ? verdicts.length - 1 : next - 1
    safeAgain.push({ from: BigInt(at), to: BigInt(to) })
    at = to
  }
  return { step: BigInt(first), safeAgain: safeAgain.slice(0, 8), isProven: true }
}

const KEYS = ['a', 'b', 'c'] as const
const leg = fc.record({
  key: fc.constantFrom(...KEYS),
  amount: fc.bigInt(1n, 400n),
  threshold: fc.bigInt(5_000n, 9_500n),
})
const price = fc.bigInt(20n, 300n)

/** Loans not far from the edge: the debt is made so that health is between 1 and about 1.6. */
const worlds = fc
  .record({
    collateral: fc.uniqueArray(leg, { selector: ({ key }) => key, minLength: 1, maxLength: 3 }),
    debt: fc.uniqueArray(leg, { selector: ({ key }) => key, minLength: 1, maxLength: 2 }),
    prices: fc.record({ a: price, b: price, c: price }),
    isAverageCut: fc.boolean(),
    unit: fc.constantFrom(1n, 7n, 100n),
    headroom: fc.integer({ min: 1_000, max: 1_600 }),
  })
  .map(({ headroom, ...world }): World => {
    const health = healthOf(world, loanOf(world).env) as Health
    const scaled = world.debt.map((one) => ({
      ...one,
      amount:
        (one.amount * (health.liquidationValue ?? 0n) * 1_000n) /
          ((health.debtValue || 1n) * BigInt(headroom)) || 1n,
    }))
    return { ...world, debt: scaled }
  })
const moves = fc.tuple(fc.shuffledSubarray([...KEYS], { minLength: 1 }), fc.boolean())

test('the first flip, and all stretches that are safe again, are those that a walk over every step meets', () => {
  let nonMonotone = 0
  let found = 0
  fc.assert(
    fc.property(worlds, moves, (world, [moved, isRising]) => {
      const path = pathOf(world, moved, isRising)
      const flip = firstFlip(path)
      expect(flip).toEqual(walked(path))
      if (flip) found++
      if (flip && flip.safeAgain.length > 0) nonMonotone++
    }),
    { numRuns: process.env['PLIMSOLL_LONG'] ? 5_000 : 80 },
  )
  expect(found).toBeGreaterThan(0)
  expect(nonMonotone).toBeGreaterThan(0)
})
