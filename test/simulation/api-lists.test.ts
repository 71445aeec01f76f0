// Lists that are worked out little by little and remembered, against the plain way: everything assessed, every price searched.
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readPool } from '../../scripts/bench/synthetic/pool.ts'
import { listCandidates } from '../../src/api/reading/candidates.ts'
import { feedsWithin, type KnownFeed } from '../../src/api/reading/feeds.ts'
import { filterOf } from '../../src/api/reading/filters.ts'
import type { CandidatePlace } from '../../src/api/reading/prospects.ts'
import { steadily } from '../../src/api/reading/steady.ts'
import { listTriggers, type TriggerPlace } from '../../src/api/reading/triggers.ts'
import type { Assessment } from '../../src/model/assessment.ts'
import { assessAll, envOf } from '../../src/monitor/assessing.ts'
import { candidatesAmong } from '../../src/monitor/candidates.ts'
import { quotesOf } from '../../src/monitor/quoting.ts'
import { triggerPrice } from '../../src/risk/liquidation-price.ts'
import { feedsByKey } from '../../src/risk/shocked-prices.ts'
import { baseFeesOf } from '../../src/store/views.ts'
import { WAD } from '../../src/units/brands.ts'
import { type ApiBook, openApiBook } from '../support/api-book.ts'
import { sized } from '../support/size.ts'

/** Few positions, and so few searches at once that pages end early. */
const [POSITIONS, SEARCHES_MAX] = [400, 40]

let book: ApiBook
beforeAll(async () => {
  book = await openApiBook(await readPool(), POSITIONS, { candidatesPerRequestMax: SEARCHES_MAX })
}, 60_000)
afterAll(() => book?.close())

const everything = { kind: undefined } as never
const noFilter = () => filterOf(everything, book.tools)

const headOf = () => {
  const { tracked, cursor } = book.follower.book
  if (!cursor) throw new Error('nothing is read')
  return { tracked, block: cursor }
}

/** Every candidate, worked out at once; incentives are whole cents. */
const plainCandidates = (maxHealth: bigint, minCents: bigint | undefined) => {
  const { tracked, block } = headOf()
  const fee = baseFeesOf(book.tools.database).get(block.chainId) ?? null
  return candidatesAmong(tracked, block, assessAll(tracked, block), maxHealth, fee)
    .map((one) => one.candidate())
    .filter(
      ({ incentiveUsd }) => minCents === undefined || Number(incentiveUsd ?? -1) * 100 >= Number(minCents),
    )
    .sort((a, b) => {
      const [left, right] = [Number(a.incentiveUsd ?? -1e9), Number(b.incentiveUsd ?? -1e9)]
      if (left !== right) return right - left
      const [mine, theirs] = [a.position.healthFactor, b.position.healthFactor]
      if (mine !== theirs) return mine < theirs ? -1 : 1
      return a.position.id < b.position.id ? -1 : 1
    })
}

test('candidates: whatever is asked in whatever order through whatever cycles', async () => {
  let comparedCount = 0
  const asked = fc.record({
    maxHealth: fc.constantFrom(1n, 100n, 102n).map((percent) => (WAD * percent) / 100n),
    minIncentiveUsd: fc.constantFrom(undefined, 0n, 10_000n),
    limit: fc.integer({ min: 1, max: 20 }),
    moves: fc.option(fc.bigInt({ min: 9_400n, max: 10_100n }), { nil: undefined }),
    renews: fc.boolean(),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(asked, { minLength: 1, maxLength: 4 }), async (questions) => {
      for (const { maxHealth, minIncentiveUsd, limit, moves, renews } of questions) {
        if (moves !== undefined) await book.cycle(moves)
        if (renews) book.tools.rankings.renew()
        const plain = plainCandidates(maxHealth, minIncentiveUsd)
        if (plain.length > SEARCHES_MAX) continue
        const found: unknown[] = []
        for (let after: CandidatePlace | undefined, isFirst = true; isFirst || after; isFirst = false) {
          const page = await listCandidates(book.tools, {
            ...{ chains: book.chains, filter: noFilter, minHealth: undefined, executable: undefined },
            ...{ maxHealth, minIncentiveUsd, limit, after, words: `${maxHealth} ${minIncentiveUsd}` },
          })
          found.push(...page.candidates)
          after = page.next
        }
        expect(found).toEqual(plain)
        comparedCount += plain.length
      }
    }),
    { numRuns: sized(8, 60) },
  )
  expect(comparedCount).toBeGreaterThan(POSITIONS / 10)
})

/** Every loan that a price makes liquidatable on its way, nearest first. */
const plainTriggers = ({ tracked, key, reading }: KnownFeed, last: bigint) => {
  const { block } = headOf()
  const { adapter, mirror } = tracked
  const env = envOf(mirror, block, quotesOf([tracked]))
  const feeds = feedsByKey(adapter.feeds(mirror).filter((feed) => feed.key === key))
  const isFall = reading?.kind === 'price' && last < reading.price
  return assessAll([tracked], block)
    .flatMap((health: Assessment) => {
      const position = mirror.positions.get(`${health.market}:${health.owner}`)
      const market = mirror.markets.get(health.market)
      if (health.kind !== 'assessed' || !position || !market) return []
      const found = triggerPrice({ adapter, market, position, env }, health, { key, last }, feeds)
      return found ? [{ id: health.id, ...found }] : []
    })
    .sort((a, b) => {
      if (a.price === b.price) return a.id < b.id ? -1 : 1
      return a.price > b.price === isFall ? -1 : 1
    })
}

test('triggers: pages come to every loan that the price makes liquidatable, nearest first, by the exact price', async () => {
  const scope = { chains: book.chains, protocol: undefined, deployment: undefined, market: undefined }
  let comparedCount = 0
  const names = ['WETH', 'wstETH', 'WBTC', 'USDC', 'DAI', 'LINK']
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...names),
      fc.constantFrom(-900n, -300n, -50n, -3n, 40n, 800n),
      fc.integer({ min: 1, max: 60 }),
      fc.option(fc.bigInt({ min: 9_000n, max: 10_300n }), { nil: undefined }),
      async (symbol, permille, limit, moves) => {
        if (moves !== undefined) await book.cycle(moves)
        const feed = feedsWithin(scope).find(({ assets }) => assets.some((one) => one.symbol === symbol))
        if (feed?.reading?.kind !== 'price') throw new Error(`no price of ${symbol}`)
        const last = feed.reading.price + (feed.reading.price * permille) / 1_000n
        const found: unknown[] = []
        for (let after: TriggerPlace | undefined, isFirst = true; isFirst || after; isFirst = false) {
          const page = await steadily(
            () => '',
            (pause) =>
              listTriggers(
                book.tools,
                {
                  ...{ feed, last, filter: noFilter, minHealth: undefined, maxHealth: undefined },
                  ...{ after, limit, wantsOptions: false },
                },
                pause,
              ),
          )
          found.push(
            ...page.triggers.map(({ position, ways: _ways, ...rest }) => ({ id: position.id, ...rest })),
          )
          after = page.next
        }
        expect(found).toEqual(plainTriggers(feed, last))
        comparedCount += found.length
      },
    ),
    { numRuns: sized(6, 60), examples: [['WETH', -300n, 7, undefined]] },
  )
  expect(comparedCount).toBeGreaterThan(0)
})
