// What is known of all loans of a market together.
import type { Market } from '../data/types.ts'
import { countText, healthText, ppmText, usdShort } from '../format/numbers.ts'
import { Bands } from './bands.tsx'
import { Amount } from './exact.tsx'

const debtOf = ({ distribution }: Market): number =>
  (distribution?.bands ?? []).reduce((sum, { debtUsd }) => sum + Number(debtUsd), 0)

/** How much of the market's own debt the known loans are. */
const Coverage = ({ market }: { readonly market: Market }) => {
  const rows = market.coverage
  if (!rows) return <p class="soft">Its loans have not been looked at yet.</p>
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

/** A market in a few numbers. */
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
        <dd>{distribution ? usdShort(debtOf(market)) : '–'}</dd>
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
        <dd>{distribution ? countText(distribution.unassessableCount) : '–'}</dd>
      </div>
      <div>
        <dt>Quoted in</dt>
        <dd>{market.quote.symbol}</dd>
      </div>
    </dl>
  )
}

/** All that a look at every loan of a market tells. */
export const MarketBook = ({ market }: { readonly market: Market }) => (
  <>
    <Facts market={market} />
    <div class="market-parts">
      <section>
        <h3>Debt by health</h3>
        {market.distribution ? (
          <Bands bands={market.distribution.bands} />
        ) : (
          <p class="soft">Its loans have not been looked at yet.</p>
        )}
      </section>
      <section>
        <h3>Is the book complete?</h3>
        <Coverage market={market} />
      </section>
    </div>
  </>
)
