// What goes beyond health, of loans that were read on demand.
import type { Chain } from '../chain/chain.ts'
import type { Health } from '../model/assessment.ts'
import type { BlockRef } from '../model/block.ts'
import { messageOf } from '../model/errors.ts'
import type { Feed } from '../model/feed.ts'
import { askedPrices } from '../risk/asked-prices.ts'
import type { GroupSetting } from '../risk/groups.ts'
import { assessLoan, type Loan } from '../risk/loan.ts'
import { type Risk, riskOf } from '../risk/risk.ts'
import { feedsByKey } from '../risk/shocked-prices.ts'
import { type Assessable, envOf } from './assessing.ts'
import { groupAssets } from './grouping.ts'
import { type Quotes, quotesOf } from './quoting.ts'
import { readWiring, type Wiring } from './wiring.ts'

/** Loans of one deployment that could be assessed, and the feeds of the prices that they rest on. */
type Loans = {
  readonly loans: readonly { readonly loan: Loan; readonly health: Health }[]
  readonly feeds: readonly Feed[]
}

const loansOf = ({ adapter, mirror }: Assessable, block: BlockRef, quotes: Quotes): Loans => {
  const env = envOf(mirror, block, quotes)
  const loans = [...mirror.positions.values()].flatMap((position) => {
    const market = mirror.markets.get(position.id.market)
    if (!market) return []
    const loan = { adapter, market, position, env }
    const health = assessLoan(loan)
    return health.kind === 'assessed' ? [{ loan, health }] : []
  })
  if (loans.length === 0) return { loans, feeds: [] }
  const asked = new Set(loans.flatMap(({ loan }) => [...askedPrices(loan)]))
  return { loans, feeds: adapter.feeds(mirror).filter(({ key }) => asked.has(key)) }
}

/** Risks by position id; `unread` says why it is not known what the oracles rest on, null where it is. */
export type Risks = { readonly risks: ReadonlyMap<string, Risk>; readonly unread: string | null }

const NO_WIRING: Wiring = new Map()

/**
 * Risks of all loans of some deployments at a block. What the prices' sources rest on is read from the chain, in a few requests;
 * where that fails, assets are grouped by configuration and by their sources alone.
 */
export const readRisks = async (
  chain: Pick<Chain, 'readCached'>,
  block: BlockRef,
  deployments: readonly Assessable[],
  settings: readonly GroupSetting[],
): Promise<Risks> => {
  const quotes = quotesOf(deployments)
  const all = deployments.map((one) => loansOf(one, block, quotes))
  const feeds = all.flatMap((one) => one.feeds)
  const sources = feeds.flatMap(({ source }) => source ?? [])
  const { wiring, unread } = await readWiring(chain.readCached, block, sources).then(
    (known) => ({ wiring: known, unread: null }),
    (error: unknown) => ({ wiring: NO_WIRING, unread: messageOf(error) }),
  )
  const grouping = groupAssets(deployments, feeds, settings, wiring)
  const risks = new Map(
    all.flatMap(({ loans, feeds: own }) => {
      const groups = { ...grouping, feeds: feedsByKey(own) }
      return loans.map(({ loan, health }) => [health.id, riskOf(loan, health, groups)] as const)
    }),
  )
  return { risks, unread }
}
