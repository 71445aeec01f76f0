// Writing a loan down with all that it rests on: what is asked of its env while it is assessed, liquidated and acted on.
import { formatPositionId } from '../model/ids.ts'
import { toJson } from '../model/json.ts'
import type { Market, Quote } from '../model/market.ts'
import type { PriceKey, PriceReading } from '../model/price.ts'
import { encodeState } from '../model/state-text.ts'
import type { UsdPrice } from '../protocols/adapter.ts'
import type { Groups } from './groups.ts'
import { laterBy } from './later.ts'
import { offerOf } from './liquidation-offer.ts'
import { assessLoan, type Loan, withPrices } from './loan.ts'
import { type LoanState, outcomeOf, quoteKey } from './loan-state.ts'

/** What may be asked beyond the loan as it stands: prices of what could be added to it, markets that others share. */
export type AlsoKnown = {
  readonly prices?: Iterable<PriceReading>
  readonly markets?: Iterable<Market>
  readonly groups?: Groups
}

type Recorded = {
  readonly loan: Loan
  readonly prices: Map<PriceKey, PriceReading>
  readonly markets: Map<string, Market>
  readonly quotes: Map<string, { readonly quote: Quote; readonly usd: UsdPrice | null }>
}

/** The same loan, writing down what is asked of its env. */
const recording = (loan: Loan, also: AlsoKnown): Recorded => {
  const { env, market } = loan
  const prices = new Map([...(also.prices ?? [])].map((one) => [one.key, one]))
  const markets = new Map([...(also.markets ?? [])].map((one) => [one.id.market, one]))
  const quotes: Recorded['quotes'] = new Map()
  const recorded: Loan = {
    ...loan,
    env: {
      ...env,
      prices: (key) => {
        const reading = env.prices(key)
        if (reading) prices.set(key, reading)
        return reading
      },
      markets: (name) => {
        const found = env.markets(name)
        if (found && name !== market.id.market) markets.set(name, found)
        return found
      },
      quotes: (quote) => {
        const usd = env.quotes(quote)
        quotes.set(quoteKey(quote), { quote, usd })
        return usd
      },
    },
  }
  return { loan: recorded, prices, markets, quotes }
}

/** Far enough down for every way to liquidate to be open. */
const CRASH_DIVISOR = 1_000n
/** Late enough for interest to show. */
const LATER_SECONDS = 86_400
const ACTIONS = ['supply', 'withdraw', 'borrow', 'repay'] as const

/** Does with a loan what programs do with one, so that all is asked which they may ask. */
const exercise = (loan: Loan): void => {
  const { adapter, market, position, env } = loan
  const health = assessLoan(loan)
  if (health.kind === 'unassessable') return
  for (const asset of new Set([...health.collateral, ...health.debt].map((leg) => leg.asset)))
    for (const kind of ACTIONS) adapter.act(market, position, env, { kind, asset, amount: 1n })
  const debts = new Set(health.debt.map(({ priceKey }) => priceKey))
  const fallen = withPrices(loan, (key, price) => (debts.has(key) ? undefined : price / CRASH_DIVISOR))
  const then = health.isLiquidatable ? loan : fallen
  for (const { request, payer } of adapter.terms(market, position, then.env)) offerOf(then, request, payer)
  assessLoan(laterBy(loan, LATER_SECONDS))
}

const plain = (state: unknown): Record<string, unknown> => JSON.parse(encodeState(state))

/** A loan as JSON, for `loanOf`; with `groups`, also for `groupsIn`. Asset prices and markets that nothing asked for are left out. */
export const stateOf = (loan: Loan, also: AlsoKnown = {}): LoanState => {
  const { market, position, env } = loan
  const recorded = recording(loan, also)
  exercise(recorded.loan)
  const debtInFront = env.debtInFront(position)
  return {
    format: 1,
    id: formatPositionId(position.id),
    block: toJson(env.block) as LoanState['block'],
    timestamp: env.timestamp,
    assessment: outcomeOf(assessLoan(loan)),
    market: plain(market),
    markets: [...recorded.markets.values()].map(plain),
    position: plain(position),
    prices: toJson([...recorded.prices.values()]) as LoanState['prices'],
    quotes: toJson([...recorded.quotes.values()]) as LoanState['quotes'],
    debtInFront: debtInFront === null ? null : String(debtInFront),
    groups: toJson(also.groups?.groups ?? []) as LoanState['groups'],
    feeds: toJson([...(also.groups?.feeds.values() ?? [])].flat()) as LoanState['feeds'],
  }
}
