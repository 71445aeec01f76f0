// What goes beyond health, of loans that were read on demand.
import type { Chain } from '../chain/chain.ts'
import type { Assessment } from '../model/assessment.ts'
import type { BlockRef } from '../model/block.ts'
import { messageOf } from '../model/errors.ts'
import type { Feed } from '../model/feed.ts'
import type { Mirror } from '../protocols/adapter.ts'
import { askedPrices } from '../risk/asked-prices.ts'
import type { GroupSetting } from '../risk/groups.ts'
import { assessLoan, type Loan } from '../risk/loan.ts'
import { type Risk, riskOf } from '../risk/risk.ts'
import { feedsByKey } from '../risk/shocked-prices.ts'
import { type Assessable, envOf } from './assessing.ts'
import { groupAssets } from './grouping.ts'
import type { KnownLoan } from './loan-states.ts'
import { type Quotes, quotesOf } from './quoting.ts'
import { readWiring, type Wiring } from './wiring.ts'

/** Loans of one deployment whose market is there, and the feeds of the prices that they rest on. */
type Loans = {
  readonly loans: readonly { readonly loan: Loan; readonly assessment: Assessment }[]
  readonly mirror: Mirror
  readonly feeds: readonly Feed[]
}

const loansOf = ({ adapter, mirror }: Assessable, block: BlockRef, quotes: Quotes): Loans => {
  const env = envOf(mirror, block, quotes)
  const loans = [...mirror.positions.values()].flatMap((position) => {
    const market = mirror.markets.get(position.id.market)
    if (!market) return []
    const loan = { adapter, market, position, env }
    return [{ loan, assessment: assessLoan(loan) }]
  })
  const assessed = loans.filter(({ assessment }) => assessment.kind === 'assessed')
  if (assessed.length === 0) return { loans, mirror, feeds: [] }
  const asked = new Set(assessed.flatMap(({ loan }) => [...askedPrices(loan)]))
  return { loans, mirror, feeds: adapter.feeds(mirror).filter(({ key }) => asked.has(key)) }
}

/** Risks of loans that could be assessed, and all loans, by position id; `unread` says why it is not known what the oracles rest on, null where it is. */
export type Risks = {
  readonly risks: ReadonlyMap<string, Risk>
  readonly loans: ReadonlyMap<string, KnownLoan>
  readonly unread: string | null
}

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
  const risks = new Map<string, Risk>()
  const known = new Map<string, KnownLoan>()
  for (const { loans, mirror, feeds: own } of all) {
    const groups = { ...grouping, feeds: feedsByKey(own) }
    for (const { loan, assessment } of loans) {
      known.set(assessment.id, { loan, groups, mirror })
      if (assessment.kind === 'assessed') risks.set(assessment.id, riskOf(loan, assessment, groups))
    }
  }
  return { risks, loans: known, unread }
}
