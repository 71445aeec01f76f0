// One market: what is set, what is lent and owed, where its prices come from, how its loans stand.
import { useRoute } from 'preact-iso'
import type { WholeMarket } from '../../client/client.ts'
import { useAnswer } from '../data/use-answer.ts'
import { marketText } from '../format/loans.ts'
import { Answered } from '../parts/answered.tsx'
import { Copy } from '../parts/copy.tsx'
import { MarketBook } from '../parts/market-book.tsx'
import { MarketFault, MarketPill } from '../parts/market-state.tsx'
import { Oracles } from '../parts/oracles.tsx'
import { SettingChanges } from '../parts/setting-changes.tsx'
import { Settings } from '../parts/settings.tsx'
import { Totals } from '../parts/totals.tsx'

/** What looks at every loan is asked for so often. */
const BOOK_EVERY_MS = 60_000

/** What takes a look at every loan: it comes later than the rest, and less often. */
const Book = ({ id }: { readonly id: string }) => {
  const answer = useAnswer(
    ['market', id, 'book'],
    (client, options) => client.market(id, { include: ['coverage', 'distribution'] }, options),
    { everyMs: BOOK_EVERY_MS },
  )
  return (
    <section class="card">
      <header>
        <h2>Its loans</h2>
      </header>
      <Answered answer={answer.isOld ? { ...answer, data: undefined } : answer} height={320}>
        {({ market }) => <MarketBook market={market} />}
      </Answered>
    </section>
  )
}

const Head = ({ market, id }: { readonly market: WholeMarket; readonly id: string }) => {
  const { label } = market
  return (
    <>
      <div class="head">
        <div class="grow">
          <h1 class="cut">{label}</h1>
          <p class="account">
            <span class="cut">
              {marketText(market)} · chain {market.chainId}
            </span>
            <Copy text={id} what="the id of the market" />
          </p>
        </div>
        <MarketPill market={market} />
      </div>
      <MarketFault market={market} />
    </>
  )
}

/** `/markets/:id`. */
export const Market = () => {
  const { params } = useRoute()
  const id = params['id'] ?? ''
  const answer = useAnswer(['market', id], (client, options) => client.market(id, {}, options))
  return (
    <div class="stack">
      <p class="small">
        <a href="/markets">All markets</a>
      </p>
      <Answered answer={answer.isOld ? { ...answer, data: undefined } : answer} height={420}>
        {({ market }) => (
          <>
            <Head market={market} id={id} />
            <section class="card">
              <header>
                <h2>Lent and owed</h2>
                <span class="soft small">interest included, to the block</span>
              </header>
              <Totals totals={market.totals} />
            </section>
            <section class="card">
              <header>
                <h2>Prices</h2>
                <span class="soft small">what each rests on, and how old that is</span>
              </header>
              <Oracles oracles={market.oracles} failure={market.oracleFailure} />
            </section>
            <Book id={id} />
            <section class="card">
              <header>
                <h2>Parameters</h2>
                <span class="soft small">exactly on hover</span>
              </header>
              <Settings parameters={market.parameters} />
            </section>
            <section class="card">
              <header>
                <h2>What has changed</h2>
                <span class="soft small">and what that alone did, at the prices of its block</span>
              </header>
              <SettingChanges market={id} />
            </section>
          </>
        )}
      </Answered>
    </div>
  )
}
