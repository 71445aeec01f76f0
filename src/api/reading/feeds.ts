// Price feeds of followed deployments: which there are, which one is meant, and how far each is from what its move brings about.
import type { DaemonChain } from '../../app/face.ts'
import type { Feed } from '../../model/feed.ts'
import { formatDeploymentId } from '../../model/ids.ts'
import type { PriceKey, PriceReading } from '../../model/price.ts'
import type { FeedTrigger } from '../../monitor/feed-triggers.ts'
import type { Tracked } from '../../store/book.ts'
import { ProblemError } from '../problem.ts'
import { isWithinMarket } from './filters.ts'
import type { Pause } from './steady.ts'

/** One price of one deployment, as it was read at the last cycle. `assets` are what it is a price of. */
export type KnownFeed = {
  readonly id: string
  readonly chain: DaemonChain
  readonly tracked: Tracked
  readonly key: PriceKey
  readonly assets: readonly Pick<Feed, 'asset' | 'symbol'>[]
  readonly quote: Feed['quote']
  readonly source: Feed['source']
  readonly reading: PriceReading | undefined
}

/** Which deployments are looked at. */
export type FeedScope = {
  readonly chains: readonly DaemonChain[]
  readonly protocol: string | undefined
  readonly deployment: string | undefined
  /** An id of a market, or the beginning of one. */
  readonly market: string | undefined
}

const isWithin = ({ deployment }: Tracked['mirror'], scope: FeedScope): boolean => {
  const id = formatDeploymentId(deployment)
  return (
    (scope.protocol === undefined || scope.protocol === deployment.protocol) &&
    (scope.deployment === undefined || scope.deployment === deployment.deployment) &&
    (scope.market === undefined || isWithinMarket(id, scope.market) || isWithinMarket(scope.market, id))
  )
}

const feedsOf = (chain: DaemonChain, tracked: Tracked): readonly KnownFeed[] => {
  const { mirror, adapter } = tracked
  const byKey = new Map<PriceKey, Feed[]>()
  for (const feed of adapter.feeds(mirror)) byKey.set(feed.key, [...(byKey.get(feed.key) ?? []), feed])
  return [...byKey].flatMap(([key, feeds]): readonly KnownFeed[] => {
    const [first] = feeds
    if (!first) return []
    const assets = new Map(feeds.map(({ asset, symbol }) => [asset, { asset, symbol }]))
    return [
      {
        ...{ id: `${formatDeploymentId(mirror.deployment)}:${key}`, chain, tracked, key },
        ...{ assets: [...assets.values()], quote: first.quote, source: first.source },
        reading: mirror.prices.get(key),
      },
    ]
  })
}

/** Every feed of the deployments of a scope that are read. */
export const feedsWithin = (scope: FeedScope): readonly KnownFeed[] =>
  scope.chains.flatMap((chain) =>
    (chain.state.follower?.book.tracked ?? []).flatMap((tracked) =>
      isWithin(tracked.mirror, scope) ? feedsOf(chain, tracked) : [],
    ),
  )

const NAMED_MAX = 8

/** By id or key; else by its source, or an asset that it is a price of. */
const meant = (feeds: readonly KnownFeed[], text: string): readonly KnownFeed[] => {
  const exact = feeds.filter(({ id, key }) => id === text || key === text)
  if (exact.length > 0) return exact
  const lower = text.toLowerCase()
  return feeds.filter(
    ({ source, assets }) =>
      source?.toLowerCase() === lower ||
      assets.some(({ asset, symbol }) => asset.toLowerCase() === lower || symbol.toLowerCase() === lower),
  )
}

/** The one feed that a text means. Throws `ProblemError` where there is none, or more than one. */
export const feedNamed = (scope: FeedScope, text: string): KnownFeed => {
  const found = meant(feedsWithin(scope), text)
  const [first, ...others] = found
  if (!first)
    throw new ProblemError('not-found', `no feed that is followed here is called ${text}`, {
      remedy: 'Name one that /v1/triggers without a feed lists: by its id, its key, its source or its asset.',
    })
  if (others.length === 0) return first
  const ids = found.slice(0, NAMED_MAX).map(({ id }) => id)
  const more = found.length > ids.length ? ` and ${found.length - ids.length} more` : ''
  throw new ProblemError('invalid-request', `feed ${text} may be ${ids.join(', ')}${more}`, {
    remedy: 'Name one of them by its id, or narrow it by chain, protocol, deployment or market.',
    faults: [{ in: 'query', path: 'feed', message: `may be ${ids.join(', ')}${more}` }],
  })
}

/** Nearest first, then by id. */
const compareRows = (a: FeedRow, b: FeedRow): number => {
  const [left, right] = [distanceOf(a), distanceOf(b)]
  if (left !== right) return left < right ? -1 : 1
  return a.feed.id < b.feed.id ? -1 : a.feed.id > b.feed.id ? 1 : 0
}

const distanceOf = ({ trigger }: FeedRow): number =>
  Math.min(Math.abs(trigger.fallPpm ?? Number.MAX_SAFE_INTEGER), trigger.risePpm ?? Number.MAX_SAFE_INTEGER)

export type FeedRow = {
  readonly feed: KnownFeed
  readonly trigger: Pick<FeedTrigger, 'fallPpm' | 'risePpm' | 'nearCount'>
}

const NOTHING: FeedRow['trigger'] = { fallPpm: null, risePpm: null, nearCount: 0 }

/** Feeds of a scope with their triggers, nearest first; those that bring about nothing come last. */
export const feedRows = async (scope: FeedScope, pause: Pause): Promise<readonly FeedRow[]> => {
  const feeds = feedsWithin(scope)
  const triggers = new Map<string, FeedTrigger>()
  for (const tracked of new Set(feeds.map((feed) => feed.tracked))) {
    const chain = feeds.find((feed) => feed.tracked === tracked)?.chain
    const attention = chain?.state.follower?.attentions.get(tracked)
    for (const one of attention?.triggers() ?? []) triggers.set(`${one.deployment}:${one.priceKey}`, one)
    await pause()
  }
  return feeds
    .map((feed) => {
      const { fallPpm, risePpm, nearCount } = triggers.get(feed.id) ?? NOTHING
      return { feed, trigger: { fallPpm, risePpm, nearCount } }
    })
    .sort(compareRows)
}

/** Throws `ProblemError` where the screen is not at the block of the book: a cycle did not end. */
export const attentionOf = ({ chain, tracked }: Pick<KnownFeed, 'chain' | 'tracked'>) => {
  const { follower } = chain.state
  const attention = follower?.attentions.get(tracked)
  const block = follower?.book.cursor
  if (attention && block && attention.chosenAt() === block.hash) return { attention, block }
  throw new ProblemError('unavailable', `chain ${chain.chain.id} is between two blocks`, {
    headers: { 'retry-after': '1' },
  })
}
