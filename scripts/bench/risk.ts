// How fast the questions of src/risk are answered, without any I/O.
import { setImmediate } from 'node:timers/promises'
import { envOf } from '../../src/monitor/assessing.ts'
import { groupingOf } from '../../src/risk/groups.ts'
import { liquidationsOf, offersOf } from '../../src/risk/liquidation-options.ts'
import { liquidationPrices } from '../../src/risk/liquidation-price.ts'
import { type Loan, withPrices } from '../../src/risk/loan.ts'
import { pricesOf } from '../../src/risk/prices.ts'
import { feedsByKey } from '../../src/risk/shocked-prices.ts'
import { spread, timed } from './measure.ts'
import type { Report } from './report.ts'
import { followAll, type World } from './world.ts'

const ROUNDS = 8
const PRICE_ROUNDS = 6
/** Prices above this many dollars (8 decimals) fall to a half: half of all loans are liquidatable then. */
const VOLATILE = 2n * 10n ** 8n

/** Every loan of a book, and what its prices are of; each asset for itself. */
const bookOf = async (world: World) => {
  const { book } = await followAll(world)
  const [tracked] = book.tracked
  const { cursor } = book
  if (!tracked || !cursor) throw new Error('nothing is followed')
  const { adapter, mirror } = tracked
  const env = envOf(mirror, cursor, () => null)
  const loans = [...mirror.positions.values()].flatMap((position) => {
    const market = mirror.markets.get(position.id.market)
    const health = market && adapter.assess(market, position, env)
    if (!market || health?.kind !== 'assessed' || health.phase === 'no-debt') return []
    return [{ loan: { adapter, market, position, env } satisfies Loan, health }]
  })
  const feeds = adapter.feeds(mirror)
  const grouping = groupingOf({ feeds, settings: [], wiring: new Map(), usdPriceOf: () => undefined })
  return { loans, groups: { ...grouping, feeds: feedsByKey(feeds) } }
}

/** Liquidation prices of every feed of each loan, then with the common shock and those of groups besides. */
export const benchPrices = async (world: World): Promise<Report> => {
  const { loans, groups } = await bookOf(world)
  const count = loans.reduce(
    (sum, { loan, health }) => sum + liquidationPrices(loan, health, groups).length,
    0,
  )
  const questions = [
    ['liquidation prices', liquidationPrices],
    ['with shocks', pricesOf],
  ] as const
  const rows = []
  for (const [what, ask] of questions) {
    const rounds: number[] = []
    for (let round = 0; round < PRICE_ROUNDS; round++) {
      const started = performance.now()
      for (const { loan, health } of loans) ask(loan, health, groups)
      rounds.push(((performance.now() - started) * 1_000) / count)
      await setImmediate()
    }
    const { median, p95 } = spread(rounds.slice(1))
    rows.push([what, Math.round(1_000_000 / median), median, p95])
  }
  return {
    name: 'prices',
    title: `${count} liquidation prices of ${loans.length} loans, ${PRICE_ROUNDS} rounds`,
    columns: ['what', 'prices/s', 'µs each', 'µs each p95'],
    rows,
  }
}

/** Loans that can be liquidated once all volatile prices have fallen to a half. */
const fallenLoans = async (world: World): Promise<readonly Loan[]> => {
  const { loans } = await bookOf(world)
  const halved = (_key: string, price: bigint) => (price > VOLATILE ? price / 2n : undefined)
  return loans
    .map(({ loan }) => withPrices(loan, halved))
    .filter(({ adapter, market, position, env }) => adapter.terms(market, position, env).length > 0)
}

/** Every way to liquidate each loan of a book in a crash, by the repayment that earns most; then all that `candidates` shows of it, two steps included. */
export const benchOptions = async (world: World): Promise<Report> => {
  const loans = await fallenLoans(world)
  const count = loans.reduce((sum, loan) => sum + offersOf(loan).length, 0)
  const perOption = async (what: string, ask: (loan: Loan) => unknown): Promise<Report['rows'][number]> => {
    const [clock, processor]: [number[], number[]] = [[], []]
    for (let round = 0; round < ROUNDS; round++) {
      const { ms, processorMs } = await timed(() => loans.forEach(ask))
      clock.push((ms * 1_000) / count)
      processor.push((processorMs * 1_000) / count)
      await setImmediate()
    }
    const [ours, used] = [clock, processor].map((rounds) => spread(rounds.slice(ROUNDS / 4)).median)
    return [what, Math.round(1_000_000 / (used ?? 1)), used ?? 0, ours ?? 0]
  }
  return {
    name: 'options',
    title: `${count} liquidation options of ${loans.length} loans in a crash, ${ROUNDS} rounds`,
    columns: ['what', 'options/s of processor', 'processor µs each', 'µs each'],
    rows: [
      await perOption('the repayment that earns most', offersOf),
      await perOption('with what it leaves, and two steps', (loan) => liquidationsOf(loan, offersOf(loan))),
    ],
  }
}
