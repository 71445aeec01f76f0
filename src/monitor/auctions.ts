// Running sales of seized collateral, with what buying or restarting one gives now.
import type { Auction, UnknownAuction } from '../model/auction.ts'
import type { BlockRef } from '../model/block.ts'
import { formatMarketId, type MarketId } from '../model/ids.ts'
import type { AssetAmount } from '../model/liquidation.ts'
import type { Market } from '../model/market.ts'
import type { AuctionHouse, Env, TransactionCall } from '../protocols/adapter.ts'
import { usdTextOf } from '../protocols/assessing.ts'
import { type Assessable, bookEnvOf } from './assessing.ts'
import { quotesOf } from './quoting.ts'

/**
 * An auction as a chance. `incentive` is what the whole of it gives now, in the market's quote: what is bought is worth
 * more than what is paid, or a restart's reward; null where neither is possible, or no oracle tells the worth.
 */
export type AuctionCandidate = MarketId & {
  readonly auction: Auction
  readonly bought: AssetAmount | null
  readonly paid: AssetAmount | null
  readonly reward: readonly AssetAmount[]
  readonly incentive: bigint | null
  readonly incentiveUsd: string | null
  readonly call: TransactionCall
}

const candidateOf = (
  house: AuctionHouse<Market>,
  market: Market,
  auction: Auction,
  env: Env,
): AuctionCandidate => {
  const calls = house.calls(market, auction)
  const isRestart = auction.status === 'restartable'
  const sale = isRestart ? undefined : house.buy(market, env, { auction: auction.id })
  const restart = isRestart ? house.restart(market, env, auction.id) : undefined
  const [bought, paid] = sale?.kind === 'sold' ? [sale.bought, sale.paid] : [null, null]
  const reward = restart?.kind === 'restarted' ? restart.reward : []
  const isPriced = bought && paid && auction.oraclePrice !== null
  const gain = isPriced ? bought.value - paid.value : null
  const incentive = restart?.kind === 'restarted' ? reward.reduce((sum, { value }) => sum + value, 0n) : gain
  return {
    ...market.id,
    ...{ auction, bought, paid, reward, incentive },
    incentiveUsd: incentive === null ? null : usdTextOf(incentive, market.quote, env),
    call: isRestart ? calls.restart : calls.buy,
  }
}

/** What could not be found out of a market's auctions; see `UnknownAuction`. */
export type AuctionFailure = MarketId & UnknownAuction

/** Every running auction of a chain's deployments, in the order of their markets, and what could not be found out. */
export const auctionsAmong = (
  deployments: readonly Assessable[],
  block: BlockRef,
): { readonly candidates: readonly AuctionCandidate[]; readonly failures: readonly AuctionFailure[] } => {
  const quotes = quotesOf(deployments)
  const candidates: AuctionCandidate[] = []
  const failures: AuctionFailure[] = []
  for (const deployment of deployments) {
    const { auctions } = deployment.adapter
    if (!auctions) continue
    const env = bookEnvOf(deployment, block, quotes)
    for (const market of deployment.mirror.markets.values()) {
      const listed = auctions.list(market, env)
      candidates.push(...listed.auctions.map((auction) => candidateOf(auctions, market, auction, env)))
      failures.push(...listed.unknown.map((unknown) => ({ ...market.id, ...unknown })))
    }
  }
  return { candidates, failures }
}

/** Names an auction across chains. */
export const auctionName = (candidate: AuctionCandidate): string =>
  `${formatMarketId(candidate)}:${candidate.auction.id}`
