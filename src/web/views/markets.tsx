// Followed markets: how complete each book is, and how healthy its loans.
import type { Market } from '../data/types.ts'
import { useAnswer } from '../data/use-answer.ts'
import { marketText, shortAddress } from '../format/loans.ts'
import { Answered } from '../parts/answered.tsx'
import { Bands } from '../parts/bands.tsx'
import { Coverage, Facts } from '../parts/market-book.tsx'
import { Empty, Note } from '../parts/notes.tsx'

const MarketCard = ({ market }: { readonly market: Market }) => {
  const { label, revision, revisionRaw, fidelity, fault } = market
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
        <span
          class="pill"
          data-tone={fidelity === 'exact' ? 'safe' : 'near'}
          title={`the contract says ${revisionRaw}`}
        >
          revision {revision} · {fidelity}
        </span>
      </header>
      {fault ? (
        <Note tone="bad">
          <strong>{fault.reason}</strong> {fault.detail}
        </Note>
      ) : null}
      <Facts market={market} />
      <div class="market-parts">
        <section>
          <h3>Debt by health</h3>
          <Bands markets={[market]} />
        </section>
        <section>
          <h3>Is the book complete?</h3>
          <Coverage market={market} />
        </section>
      </div>
    </article>
  )
}

/** `/markets`. */
export const Markets = () => {
  const answer = useAnswer(['markets', 'all'], (client, options) =>
    client.markets({ include: ['coverage', 'distribution'], limit: 500 }, options),
  )
  return (
    <div class="stack">
      <div class="head">
        <div>
          <h1>Markets</h1>
          <p>What is followed, by which revision’s maths, and whether every loan of it is known.</p>
        </div>
      </div>
      <Answered answer={answer} height={420}>
        {({ markets }) =>
          markets.length === 0 ? (
            <section class="card">
              <Empty title="No market is followed yet">
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
        }
      </Answered>
    </div>
  )
}
