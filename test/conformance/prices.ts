// What every adapter's liquidation prices and shocks promise: the first flip, to the tick, by its own predicate.
import fc from 'fast-check'
import { expect } from 'vitest'
import type { Health } from '../../src/model/assessment.ts'
import type { PriceKey } from '../../src/model/price.ts'
import { type Groups, groupingOf } from '../../src/risk/groups.ts'
import { type LiquidationPrice, liquidationPrices } from '../../src/risk/liquidation-price.ts'
import { assessLoan, type Loan, withPrices } from '../../src/risk/loan.ts'
import { shocksOf } from '../../src/risk/shock.ts'
import { feedsByKey, shockedPrices } from '../../src/risk/shocked-prices.ts'
import { PPM } from '../../src/units/brands.ts'
import { askedOf } from '../support/asked.ts'
import { sized } from '../support/size.ts'
import { always, type Recorded, type Subject } from './recorded.ts'

/** Ticks next to a liquidation price, towards the current one, that are looked at one by one. */
const TICKS = 40n
const SAMPLES = 40n

/** Prices of so few digits that every one of them is looked at. */
const COARSE_PRICE_MAX = 400n

/** What all prices are multiplied by first, in ppm, each by a share of its own; and whether all assets are one group. */
export const drawn = fc.record({
  shares: fc.array(fc.bigInt({ min: 300_000n, max: 3_000_000n }), { minLength: 5, maxLength: 5 }),
  isTogether: fc.boolean(),
})

export type Drawn = typeof drawn extends fc.Arbitrary<infer D> ? D : never

const shareOf = ({ shares }: Drawn, key: PriceKey): bigint =>
  shares[[...key].reduce((sum, one) => sum + one.charCodeAt(0), 0) % shares.length] ?? PPM

/** A recorded loan with other prices. Prices that an announced one follows move with it. */
export const loanOf = ({ adapter }: Subject, { market, position, env }: Recorded, draw: Drawn): Loan =>
  withPrices({ adapter, market, position, env }, (key, price) => (price * shareOf(draw, key)) / PPM || 1n)

const groupsFor = (loan: Loan, isTogether: boolean): Groups => {
  const feeds = loan.adapter.feeds(askedOf(loan.adapter, loan).mirror)
  const settings = isTogether ? [{ name: 'all', assets: feeds.map(({ asset }) => asset), stable: false }] : []
  const grouping = groupingOf({ feeds, settings, wiring: new Map(), usdPriceOf: () => undefined })
  return { ...grouping, feeds: feedsByKey(feeds) }
}

/** How a price moves with another: as that does where its asset is of the same group, the other way round where only what it is quoted in is. */
const leadOf = ({ feeds, groupOf }: Groups, key: PriceKey, by: PriceKey): 'with' | 'against' | undefined => {
  const groups = (feeds.get(by) ?? []).flatMap(({ isRate, asset }) => (isRate ? [] : [groupOf(asset)]))
  for (const { isRate, asset, quote } of feeds.get(key) ?? []) {
    const own = groups.includes(groupOf(asset))
    const other = quote.asset !== undefined && groups.includes(groupOf(quote.asset))
    if (!isRate && own !== other) return own ? 'with' : 'against'
  }
  return undefined
}

/** A loan where one price is another, and prices of its group move in proportion; one within its group moves alone. */
const at = (loan: Loan, key: PriceKey, price: bigint, next: bigint, groups: Groups): Loan =>
  withPrices(loan, (other, current) => {
    if (other === key) return next
    const lead = leadOf(groups, key, key) === 'with' ? leadOf(groups, other, key) : undefined
    if (!lead) return undefined
    return lead === 'with' ? (current * next) / price : (current * price) / next
  })

const isLiquidatable = (loan: Loan): boolean => {
  const health = assessLoan(loan)
  return health.kind === 'assessed' && health.isLiquidatable
}

/** The price that a row is of: several may be of one asset. */
const keyOf = (
  { asset, price, scale }: LiquidationPrice,
  { env }: Loan,
  health: Health,
  groups: Groups,
): PriceKey | undefined => {
  const legs = [...health.collateral, ...health.debt].filter((leg) => leg.asset === asset && leg.amount > 0n)
  const fed = [...groups.feeds].filter(([, feeds]) => feeds.some((feed) => feed.asset === asset))
  const keys = [...legs.map(({ priceKey }) => priceKey), ...fed.map(([key]) => key)]
  const isOf = (key: PriceKey): boolean => {
    const reading = env.prices(key)
    return reading?.kind === 'price' && reading.price === price && reading.scale === scale
  }
  return keys.find(isOf) ?? keys[0]
}

export type Count = { rows: number; found: number; already: number; never: number; nonMonotone: number }

/** Ticks on the way to a liquidation price, its last ones all of them: none is liquidatable. */
const expectFirst = (
  row: LiquidationPrice,
  to: bigint,
  isAt: (price: bigint) => boolean,
  name: string,
): void => {
  const { price } = row
  const step = to < price ? 1n : -1n
  const distance = (to - price) * -step
  for (let tick = 1n; tick <= TICKS && tick < distance; tick++)
    if (isAt(to + step * tick))
      expect.fail(`${name}: ${row.symbol} is liquidatable at ${to + step * tick} already`)
  for (let sample = 0n; sample < SAMPLES; sample++) {
    const between = price - step * ((distance * sample) / SAMPLES)
    if (between !== to && isAt(between))
      expect.fail(`${name}: ${row.symbol} is liquidatable at ${between} already`)
  }
}

const expectRow = (loan: Loan, health: Health, row: LiquidationPrice, groups: Groups, name: string): void => {
  const key = keyOf(row, loan, health, groups)
  if (key === undefined) return
  const isAt = (next: bigint): boolean => isLiquidatable(at(loan, key, row.price, next, groups))
  const { price, liquidationPrice, flips = [] } = row
  expect(row.unproven, name).toBeUndefined()
  if (liquidationPrice === null) {
    if (health.collateral.some((leg) => leg.priceKey === key && leg.amount > 0n))
      expectFirst(row, price / 1_000_000n || 1n, isAt, name)
    return
  }
  expect(isAt(liquidationPrice), `${name}: ${row.symbol} at ${liquidationPrice}`).toBe(true)
  if (liquidationPrice !== price) expectFirst(row, liquidationPrice, isAt, name)
  const away = liquidationPrice < price ? -1n : 1n
  for (const { from, to } of flips)
    expect([isAt(from - away), isAt(from), isAt(to)], `${name}: ${row.symbol} is safe again`).toEqual([
      true,
      false,
      false,
    ])
}

/** Liquidation prices of a recorded loan at other prices. */
const expectPrices = (subject: Subject, world: Recorded, draw: Drawn, count: Count): void => {
  const loan = loanOf(subject, world, draw)
  const health = assessLoan(loan)
  if (health.kind === 'unassessable') return
  const groups = groupsFor(loan, draw.isTogether)
  for (const row of liquidationPrices(loan, health, groups)) {
    if (row.price === 0n || !loan.env.prices(keyOf(row, loan, health, groups) ?? '')) continue
    expectRow(loan, health, row, groups, world.name)
    count.rows++
    count.nonMonotone += Number(row.nonMonotone ?? false)
    if (row.liquidationPrice === null) count.never++
    else if (row.liquidationPrice === row.price) count.already++
    else count.found++
  }
}

/** The same where prices have few digits: against a walk over every one of them. */
const expectWalked = (subject: Subject, world: Recorded, draw: Drawn): void => {
  const fine = loanOf(subject, world, draw)
  const loan = withPrices(fine, (key, price) => {
    const share = shareOf(draw, key)
    return price > COARSE_PRICE_MAX ? 1n + (COARSE_PRICE_MAX * share) / (3n * PPM) : price
  })
  const health = assessLoan(loan)
  if (health.kind === 'unassessable' || health.isLiquidatable) return
  const groups = groupsFor(loan, draw.isTogether)
  const legs = health.collateral.filter(({ amount, priceKey }) => amount > 0n && loan.env.prices(priceKey))
  for (const row of liquidationPrices(loan, health, groups)) {
    const key = legs.find(({ asset }) => asset === row.asset)?.priceKey
    if (key === undefined || row.price > COARSE_PRICE_MAX + 1n) continue
    let first = row.price
    while (first > 0n && !isLiquidatable(at(loan, key, row.price, first, groups))) first--
    const found =
      row.liquidationPrice !== null && row.liquidationPrice < row.price ? row.liquidationPrice : 0n
    expect(found, `${world.name}: ${row.symbol} from ${row.price}`).toBe(first)
  }
}

/** The common fall liquidates, and one ppm less does not. */
const expectShock = (subject: Subject, world: Recorded, draw: Drawn): void => {
  const loan = loanOf(subject, world, draw)
  const health = assessLoan(loan)
  if (health.kind === 'unassessable') return
  const groups = groupsFor(loan, draw.isTogether)
  const { shock } = shocksOf(loan, health, groups)
  if (!shock) return
  const behind = new Set(
    health.collateral
      .filter(({ amount }) => amount > 0n)
      .flatMap(({ priceKey }) =>
        (groups.feeds.get(priceKey) ?? []).map(({ asset }) => groups.groupOf(asset)),
      ),
  )
  const fallen = (ppm: bigint): boolean =>
    isLiquidatable(
      withPrices(
        loan,
        shockedPrices(groups.feeds, (asset) => (behind.has(groups.groupOf(asset)) ? -ppm : undefined)),
      ),
    )
  const ppm = -shock.changePpm
  expect(fallen(ppm), world.name).toBe(true)
  for (let less = 1n; less <= 8n && less < ppm; less++)
    expect(fallen(ppm - less), `${world.name} at ${ppm - less} of ${ppm} ppm`).toBe(false)
}

/** Holds all of it against recorded loans, as many as `always` takes, and says how many prices that were. */
export const holdPrices = (subject: Subject): Count => {
  const count: Count = { rows: 0, found: 0, already: 0, never: 0, nonMonotone: 0 }
  const hold = (world: Recorded, draw: Drawn): void => {
    expectPrices(subject, world, draw, count)
    expectWalked(subject, world, draw)
    expectShock(subject, world, draw)
  }
  always(subject, drawn, hold, sized(4, 250))
  return count
}
