// Where the prices of a market come from, and when what they rest on spoke last.
import { setTimeout } from 'node:timers/promises'
import type { Address } from 'viem'
import type { DaemonChain } from '../../app/face.ts'
import type { BlockRef } from '../../model/block.ts'
import { messageOf } from '../../model/errors.ts'
import type { Feed, Leaf } from '../../model/feed.ts'
import type { LatestRound } from '../../monitor/feed-rounds.ts'
import { configuredFor } from '../../monitor/heartbeats.ts'
import { feedOfSubject } from '../../monitor/oracle-age.ts'
import { firingAlerts } from '../../store/alerts.ts'
import { loadWiring } from '../../store/wiring.ts'
import type { OracleKind } from '../schemas/market.ts'
import type { Tools } from '../tools.ts'
import { staleness } from './chains.ts'
import { feedsWithin, type KnownFeed } from './feeds.ts'
import type { MarketRow } from './markets.ts'

/** An answer does not wait for longer for feeds to be read. */
const ROUNDS_MS_MAX = 5_000

type Resting = { readonly known: KnownFeed; readonly kind: OracleKind; readonly leaves: readonly Leaf[] }

const feedText = ({ key, asset }: Feed): string => `${key} ${asset}`

/** Keys of the prices of one market: those of a mirror that has no other, but what is shared. */
const keysOf = ({ part: { tracked }, market }: MarketRow): ReadonlySet<string> => {
  const { mirror, adapter } = tracked
  const own = [...mirror.markets].filter(([, one]) => one === market || one.isShared)
  const alone = new Set(adapter.feeds({ ...mirror, markets: new Map(own) }).map(feedText))
  return new Set(adapter.feeds(mirror).flatMap((feed) => (alone.has(feedText(feed)) ? [feed.key] : [])))
}

const restingOf = (
  known: KnownFeed,
  isRate: boolean,
  wiring: ReadonlyMap<Address, readonly Leaf[]>,
): Resting => {
  const { source } = known
  if (isRate) return { known, kind: 'rate', leaves: [] }
  if (source === null) return { known, kind: 'named', leaves: [] }
  const leaves = wiring.get(source)
  if (!leaves) return { known, kind: 'unread', leaves: [] }
  const isItself = leaves.length === 1 && leaves[0]?.feed === source
  return { known, kind: isItself ? 'feed' : 'composed', leaves }
}

/** What the prices of a market rest on, as of the block of its row. */
export const restingOn = (
  { database }: Pick<Tools, 'database'>,
  chain: DaemonChain,
  row: MarketRow,
): readonly Resting[] => {
  const { adapter, mirror } = row.part.tracked
  const wiring = loadWiring(database, chain.chain.id)
  const rates = new Set(adapter.feeds(mirror).flatMap(({ key, isRate }) => (isRate ? [key] : [])))
  const { protocol, deployment } = row.market.id
  const keys = keysOf(row)
  return feedsWithin({ chains: [chain], protocol, deployment, market: undefined })
    .filter(({ tracked, key }) => tracked === row.part.tracked && keys.has(key))
    .map((known) => restingOf(known, rates.has(known.key), wiring))
}

type Rounds =
  | { readonly rounds: ReadonlyMap<Address, LatestRound>; readonly failure: null }
  | { readonly rounds: undefined; readonly failure: string }

const unknown = (failure: string): Rounds => ({ rounds: undefined, failure })

/** When the feeds behind spoke last, at a block; or why that could not be found out. */
export const roundsOf = async (
  { live, daemon }: Pick<Tools, 'live' | 'daemon'>,
  chain: DaemonChain,
  resting: readonly Resting[],
  block: BlockRef,
): Promise<Rounds> => {
  const feeds = [...new Set(resting.flatMap(({ leaves }) => leaves.map(({ feed }) => feed)))].sort()
  if (feeds.length === 0) return { rounds: new Map(), failure: null }
  const why = staleness(chain, daemon.nowMs())
  if (why !== undefined) return unknown(why)
  const late = setTimeout(ROUNDS_MS_MAX, unknown('the endpoint takes too long'), { ref: false })
  const read = live.rounds(chain, feeds, block).then(
    (rounds): Rounds => ({ rounds, failure: null }),
    (error: unknown) => unknown(messageOf(error)),
  )
  return Promise.race([read, late])
}

/** Feeds of a chain of which an alert says that they are silent for too long. */
const staleFeeds = ({ database }: Pick<Tools, 'database'>, chainId: number): ReadonlySet<Address> =>
  new Set(
    firingAlerts(database)
      .filter(({ rule, subject }) => rule === 'OracleStale' && subject.startsWith(`${chainId}:`))
      .flatMap(({ subject }) => feedOfSubject(subject) ?? []),
  )

/** Oracles as they are told; ages in seconds at the block. */
export const oraclesJson = (
  tools: Pick<Tools, 'database' | 'daemon'>,
  resting: readonly Resting[],
  { rounds }: Rounds,
  { chainId, timestamp }: BlockRef,
) => {
  const stale = staleFeeds(tools, chainId)
  return resting.map(({ known, kind, leaves }) => {
    const { key, assets, quote, source, reading } = known
    const feeds = leaves.map(({ feed, description, isInverse }) => {
      const updatedAt = rounds?.get(feed)?.updatedAt ?? null
      return {
        ...{ feed, description, isInverse, updatedAt },
        ageSeconds: updatedAt === null ? null : timestamp - updatedAt,
        heartbeatSeconds: configuredFor(tools.daemon.config.oracles, feed, assets) ?? null,
        isStale: stale.has(feed),
      }
    })
    const ages = feeds.flatMap(({ ageSeconds }) => ageSeconds ?? [])
    return {
      ...{ key, assets, quote, kind, source, feeds },
      ...(reading?.kind === 'price'
        ? { price: reading.price, scale: reading.scale, error: null }
        : { price: null, scale: null, error: reading?.error ?? null }),
      ageSeconds: ages.length === 0 ? null : Math.max(...ages),
    }
  })
}
