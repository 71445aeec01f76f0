// Followed markets: how complete each book is, and how healthy its loans.
import type { Market } from '../data/types.ts'
import { useAnswer } from '../data/use-answer.ts'
import { marketText, shortAddress } from '../format/loans.ts'
import { countText, healthText, ppmText, usdShort } from '../format/numbers.ts'
import { Answered } from '../parts/answered.tsx'
import { Bands } from '../parts/bands.tsx'
import { Amount } from '../parts/exact.tsx'
import { Empty, Note } from '../parts/notes.tsx'

const debtOf = ({ distribution }: Market): number =>
  (distribution?.bands ?? []).reduce((sum, { debtUsd }) => sum + Number(debtUsd), 0)

const Coverage = ({ market }: { readonly market: Market }) => {
  const rows = market.coverage ?? []
  if (rows.length === 0) return <p class="soft">The market tells no total to compare with.</p>
  return (
    <table class="plain-table">
      <thead>
        <tr>
          <th>Asset</th>
          <th class="right">Debt of known loans</th>
          <th class="right">Of the market’s total</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ asset, symbol, decimals, trackedDebt, totalDebt, ppm }) => (
          <tr key={asset}>
            <td title={asset}>{symbol}</td>
            <td class="right">
              <Amount amount={trackedDebt} decimals={decimals} />
            </td>
            <td class="right" title={`of ${totalDebt}`}>
              {ppmText(String(ppm))}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

const Facts = ({ market }: { readonly market: Market }) => {
  const { positionCount, distribution } = market
  const tenLargest = distribution?.tenLargestPpm
  return (
    <dl class="facts">
      <div>
        <dt>Loans</dt>
        <dd>{countText(positionCount)}</dd>
      </div>
      <div>
        <dt>Owed</dt>
        <dd>{usdShort(debtOf(market))}</dd>
      </div>
      <div>
        <dt>Health by debt</dt>
        <dd>
          {distribution?.weightedHealth ? healthText(distribution.weightedHealth) : '–'}
          <small>weighted mean</small>
        </dd>
      </div>
      <div>
        <dt>Ten largest</dt>
        <dd>
          {tenLargest ? ppmText(tenLargest) : '–'}
          <small>of all debt</small>
        </dd>
      </div>
      <div>
        <dt>Not known</dt>
        <dd>{countText(distribution?.unassessableCount ?? 0)}</dd>
      </div>
      <div>
        <dt>Quoted in</dt>
        <dd>{market.quote.symbol}</dd>
      </div>
    </dl>
  )
}

const MarketCard = ({ market }: { readonly market: Market }) => {
  const { label, revision, revisionRaw, fidelity, fault } = market
  return (
    <article
      class="card market"
      id={`${market.chainId}:${market.protocol}:${market.deployment}:${market.market}`}
    >
      <header>
        <div>
          <h2>{label}</h2>
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
