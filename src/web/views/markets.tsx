// Followed markets: how complete each book is, and how healthy its loans.
import type { Market } from '../data/types.ts'
import { useFilters } from '../data/use-filters.ts'
import { usePages } from '../data/use-pages.ts'
import { marketText, shortAddress } from '../format/loans.ts'
import { Answered } from '../parts/answered.tsx'
import { MarketBook } from '../parts/market-book.tsx'
import { MarketFault, MarketPill } from '../parts/market-state.tsx'
import { More } from '../parts/more.tsx'
import { Empty, Unread } from '../parts/notes.tsx'

const MarketCard = ({ market }: { readonly market: Market }) => {
  const { label } = market
  const id = `${market.chainId}:${market.protocol}:${market.deployment}:${market.market}`
  return (
    <article class="card market" id={id}>
      <header>
        <div>
          <h2>
            <a href={`/markets/${id}`}>{label}</a>
          </h2>
          <p class="soft small">
            {marketText(market)} · chain {market.chainId}
            {market.market.startsWith('0x') ? ` · ${shortAddress(market.market)}` : ''}
          </p>
        </div>
        <MarketPill market={market} />
      </header>
      <MarketFault market={market} />
      <MarketBook market={market} />
    </article>
  )
}

const PAGE = 25
/** What looks at every loan is asked for so often. */
const EVERY_MS = 60_000

/** `/markets`. */
export const Markets = () => {
  const { values, set } = useFilters()
  const hasAll = values['all'] === 'true'
  const answer = usePages(
    ['markets', hasAll],
    (client, cursor, options) =>
      client.markets(
        {
          ...{ include: ['coverage', 'distribution'], limit: PAGE, ...cursor },
          ...(hasAll ? {} : { hasLoans: true }),
        },
        options,
      ),
    { everyMs: EVERY_MS },
  )
  return (
    <div class="stack">
      <div class="head">
        <div class="grow">
          <h1>Markets</h1>
          <p>What is followed, by which revision’s maths, and whether every loan of it is known.</p>
        </div>
        <div class="filters">
          <label class="check">
            <input
              type="checkbox"
              checked={hasAll}
              onChange={({ currentTarget }) => set('all', currentTarget.checked ? 'true' : '')}
            />
            Also those without a loan
          </label>
        </div>
      </div>
      <Answered answer={answer} height={420}>
        {(pages) => {
          const markets = pages.flatMap((page) => page.markets)
          const unread = pages[0]?.unread ?? []
          if (markets.length === 0 && unread.length > 0)
            return (
              <section class="card">
                <Unread unread={unread} />
              </section>
            )
          return markets.length === 0 ? (
            <section class="card">
              <Empty title={hasAll ? 'No market is followed yet' : 'No loan is followed yet'}>
                List chains and markets in plimsoll.yaml; <code>plimsoll init</code> writes one.
              </Empty>
            </section>
          ) : (
            <div class="stack">
              {markets.map((market) => (
                <MarketCard
                  key={`${market.chainId}${market.protocol}${market.deployment}${market.market}`}
                  market={market}
                />
              ))}
            </div>
          )
        }}
      </Answered>
      <More pages={answer} />
    </div>
  )
}
