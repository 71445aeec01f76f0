// The health of a position at an observed block, by the same assess as at the head.
import type { Assessment } from '../model/assessment.ts'
import type { BlockRef } from '../model/block.ts'
import type { PositionId } from '../model/ids.ts'
import type { Position, Quote } from '../model/market.ts'
import type { Adapter, Deployment, Env, UsdPrice } from '../protocols/adapter.ts'
import type { Database } from '../store/database.ts'
import {
  type ObservedBlock,
  observedBlock,
  type PastState,
  pastState,
  storedDeployments,
} from '../store/history.ts'
import { assessOne } from './assessing.ts'
import { quotesOf } from './quoting.ts'

/** `unknown-position`: the block was observed, the position was not there or not yet read. */
export type Past =
  | { readonly kind: 'assessed'; readonly assessment: Assessment }
  | { readonly kind: 'unknown-position'; readonly block: BlockRef }
  | Extract<ObservedBlock, { kind: 'unobserved' }>

const USD_QUOTE: Quote = { symbol: 'USD', decimals: 0 }

/** USD prices by all deployments of the chain at that block, worked out when a quote other than the dollar is first asked for. */
export const pastQuotes = (
  database: Database,
  registry: readonly Adapter[],
  block: BlockRef,
): Env['quotes'] => {
  const plain = quotesOf([])
  let all: ((quote: Quote) => UsdPrice | null) | undefined
  return (quote) => {
    if (!quote.asset) return plain(quote.symbol === 'USD' ? USD_QUOTE : quote)
    all ??= quotesOf(
      storedDeployments(database, block.chainId).flatMap(({ id, deployment }) => {
        const adapter = registry.find(({ protocol }) => protocol === deployment.protocol)
        const past = pastState(database, id, deployment, block.number).whole()
        return adapter
          ? [{ adapter, mirror: { deployment, positions: new Map(), tallies: new Map(), ...past } }]
          : []
      }),
    )
    return all(quote)
  }
}

/** A deployment as it was at one block. */
type PastDeployment = { readonly adapter: Adapter; readonly deployment: Deployment; readonly past: PastState }

/** The health of a position of a deployment as it was at a block. */
export const assessPast = (
  { adapter, deployment, past }: PastDeployment,
  position: Position,
  block: BlockRef,
  quotes: Env['quotes'],
): Assessment => {
  const market = past.market(position.id.market)
  const env: Env = {
    block,
    timestamp: block.timestamp,
    prices: past.price,
    markets: past.market,
    debtInFront: () => null,
    quotes,
  }
  const mirror = {
    deployment,
    markets: new Map(market ? [[position.id.market, market]] : []),
    positions: new Map(),
    prices: new Map(),
    tallies: new Map(),
  }
  return assessOne({ adapter, mirror }, position, env)
}

/** A position's health at a block of its chain. Debt in front of it is not recomputed: it needs the whole book. */
export const assessAt = (
  database: Database,
  registry: readonly Adapter[],
  id: PositionId,
  blockNumber: bigint,
): Past => {
  const observed = observedBlock(database, id.chainId, blockNumber)
  if (observed.kind === 'unobserved') return observed
  const { block } = observed
  const adapter = registry.find(({ protocol }) => protocol === id.protocol)
  const stored = storedDeployments(database, id.chainId).find(
    ({ deployment: { protocol, deployment } }) => protocol === id.protocol && deployment === id.deployment,
  )
  if (!adapter || !stored) return { kind: 'unknown-position', block }
  const { deployment } = stored
  const past = pastState(database, stored.id, deployment, block.number)
  const position = past.position(`${id.market}:${id.account}`)
  if (!position) return { kind: 'unknown-position', block }
  const quotes = pastQuotes(database, registry, block)
  const assessment = assessPast({ adapter, deployment, past }, position, block, quotes)
  return { kind: 'assessed', assessment }
}
