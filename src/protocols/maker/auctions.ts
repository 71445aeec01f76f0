// Running auctions: their prices now, what a bid or a restart would move, and the transactions.
import { encodeFunctionData, zeroAddress } from 'viem'
import { clipAbi } from '../../../abis/maker.ts'
import type {
  Auction,
  AuctionList,
  Bid,
  Restart,
  Sale as SaleOutcome,
  UnknownAuction,
} from '../../model/auction.ts'
import type { Blocked } from '../../model/liquidation.ts'
import { RAY, UINT256_MAX } from '../../units/brands.ts'
import type { AuctionHouse, Env } from '../adapter.ts'
import { RefusedError, unlessRefused } from '../refusing.ts'
import { daiAmount, gemAmount } from './amounts.ts'
import { clipOf, feedPriceOf, redo, statusAfter, statusOf, take } from './clipper.ts'
import { type IlkState, stateOf, systemAfter } from './pool.ts'
import type { Clip, MakerMarket, Sale } from './state.ts'

/** The first second at which a sale has run out: found on the contract's own predicate, as the price only falls. */
const endsAt = (clip: Clip, sale: Sale): number => {
  let [running, over] = [-1n, clip.tail + 1n]
  while (over - running > 1n) {
    const middle = (running + over) / 2n
    if (statusAfter(clip, sale, middle).needsRedo) over = middle
    else running = middle
  }
  return sale.tic + Number(over)
}

const statusIn = (clip: Clip, needsRedo: boolean): Auction['status'] => {
  if (needsRedo) return clip.stopped < 2n ? 'restartable' : 'stopped'
  return clip.stopped < 3n ? 'running' : 'stopped'
}

/** A ray of DAI by the clip's price source; null where that has no valid price. */
const oraclePriceOf = (state: IlkState): bigint | null => {
  const feedPrice = unlessRefused(() => ({ value: feedPriceOf(state) }))
  return 'kind' in feedPrice ? null : feedPrice.value
}

const auctionOf = (state: IlkState, id: string, sale: Sale, timestamp: number): Auction => {
  const { market } = state
  const clip = clipOf(state)
  const { needsRedo, price } = statusOf(clip, sale, timestamp)
  const oraclePrice = oraclePriceOf(state)
  return {
    id,
    market: market.id.market,
    owner: sale.usr,
    lot: gemAmount(market, sale.lot, oraclePrice ?? price),
    debt: daiAmount(market, sale.tab),
    price,
    oraclePrice,
    priceScale: RAY,
    status: statusIn(clip, needsRedo),
    startedAt: sale.tic,
    endsAt: endsAt(clip, sale),
  }
}

/** Auctions of an ilk, oldest first. Of one whose price curve is of an unknown make no price can be told. */
const list = (market: MakerMarket, env: Env): AuctionList => {
  if (market.isShared) return { auctions: [], unknown: [] }
  const state = unlessRefused(() => stateOf(market, env))
  if ('kind' in state) return { auctions: [], unknown: [{ auction: null, detail: state.revert }] }
  const auctions: Auction[] = []
  const unknown: UnknownAuction[] = []
  for (const [id, sale] of Object.entries(market.sales)) {
    const auction = unlessRefused(() => auctionOf(state, id, sale, env.timestamp))
    if ('kind' in auction)
      unknown.push({ auction: id, detail: auction.revert || 'its price cannot be computed' })
    else auctions.push(auction)
  }
  return { auctions, unknown }
}

/** Clipper.take: the amount asked for, or as much as raises what is left to raise. */
const buy = (market: MakerMarket, env: Env, bid: Bid): SaleOutcome<MakerMarket> | Blocked =>
  unlessRefused(() => {
    const { auction, amount = UINT256_MAX, priceMax = UINT256_MAX } = bid
    const taken = take(stateOf(market, env), auction, { amount, priceMax }, env.timestamp)
    const { state, slice, owe, price, returned, sale } = taken
    const worth = oraclePriceOf(state) ?? price
    return {
      kind: 'sold',
      bought: gemAmount(state.market, slice, worth),
      paid: daiAmount(state.market, owe),
      returned: gemAmount(state.market, returned, worth),
      after: {
        market: state.market,
        markets: systemAfter(state),
        auction: sale && auctionOf(state, auction, sale, env.timestamp),
      },
    }
  })

/** Clipper.redo. */
const restart = (market: MakerMarket, env: Env, auction: string): Restart<MakerMarket> | Blocked =>
  unlessRefused(() => {
    const { state, sale, coin } = redo(stateOf(market, env), auction, env.timestamp)
    return {
      kind: 'restarted',
      reward: coin === 0n ? [] : [daiAmount(state.market, coin)],
      after: {
        market: state.market,
        markets: systemAfter(state),
        auction: auctionOf(state, auction, sale, env.timestamp),
      },
    }
  })

/** Who gets the lot is the buyer's to fill in: until then a take calls back nobody, and reverts rather than give the lot away. */
const TAKER_TO_BE_NAMED = { who: zeroAddress, data: '0x00' } as const

/** The clip's take, of everything at no more than the price now, and its redo, whose keeper is to be named too. */
const calls: AuctionHouse<MakerMarket>['calls'] = (market, auction) => {
  if (market.isShared || !market.dog) throw new RefusedError('the ilk has no auctions')
  const { clip: to } = market.dog
  const id = BigInt(auction.id)
  return {
    buy: {
      to,
      data: encodeFunctionData({
        abi: clipAbi,
        functionName: 'take',
        args: [id, auction.lot.amount, auction.price, TAKER_TO_BE_NAMED.who, TAKER_TO_BE_NAMED.data],
      }),
    },
    restart: {
      to,
      data: encodeFunctionData({ abi: clipAbi, functionName: 'redo', args: [id, zeroAddress] }),
    },
  }
}

export const auctions: AuctionHouse<MakerMarket> = { list, buy, restart, calls }
