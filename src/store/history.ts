// State as it was at an observed block, read from versions when it is asked for.
import { and, asc, desc, eq, gte, lte } from 'drizzle-orm'
import type { Hash } from 'viem'
import type { BlockRef } from '../model/block.ts'
import type { Market, Position } from '../model/market.ts'
import type { PriceKey, PriceReading } from '../model/price.ts'
import type { Deployment } from '../protocols/adapter.ts'
import type { Database } from './database.ts'
import { stateFromBytes } from './decode-state.ts'
import { findEntry, KIND } from './entries.ts'
import { marketsOfRows } from './market-parts.ts'
import { positionOfBytes } from './packed-positions.ts'
import { blocks, deployments } from './schema.ts'
import { preparedFor } from './statements.ts'
import { wordsOf } from './stored-words.ts'
import { versionAt } from './versions.ts'

/** What a deployment was at one block, one thing at a time; undefined where it was not known then. */
export type PastState = {
  position(key: string): Position | undefined
  market(name: string): Market | undefined
  price(key: PriceKey): PriceReading | undefined
  /** Everything but positions. */
  whole(): {
    readonly markets: ReadonlyMap<string, Market>
    readonly prices: ReadonlyMap<PriceKey, PriceReading>
  }
}

type NamedState = readonly [key: string, state: Buffer | null]

const ALL = `SELECT e.key, (SELECT v.state FROM versions v WHERE v.entry_id = e.id AND v.valid_from <= ?
    ORDER BY v.valid_from DESC LIMIT 1) FROM entries e
  WHERE e.deployment_id = ? AND e.kind = ?`

const statementsOf = preparedFor({
  all: ALL,
  /** Keys from the first up to, not including, the second: parts of one market lie side by side. */
  within: `${ALL} AND e.key >= ? AND e.key < ?`,
})

const AFTER_SPACE = '!'

/** The state of a followed deployment at an observed block. `deploymentId` is its number in the database. */
export const pastState = (
  database: Database,
  deploymentId: number,
  deployment: Deployment,
  blockNumber: bigint,
): PastState => {
  const at = Number(blockNumber)
  const words = wordsOf(database)
  const statements = statementsOf(database)
  const [all, within] = [statements.all.raw(), statements.within.raw()]

  const newest = (kind: typeof KIND.position | typeof KIND.price, key: string) => {
    const entryId = findEntry(database, deploymentId, kind, key)
    const version = entryId === undefined ? undefined : versionAt(database, entryId, at)
    return version?.state ? { validFrom: version.validFrom, bytes: version.state } : undefined
  }
  const marketsOf = (rows: readonly NamedState[]) => marketsOfRows(deployment, words, rows)
  const markets = new Map<string, Market | undefined>()

  return {
    position: (key) => {
      const found = newest(KIND.position, key)
      return found && positionOfBytes(deployment, words, key, found.bytes, found.validFrom)
    },
    market: (name) => {
      if (!markets.has(name)) {
        const rows = within.all(at, deploymentId, KIND.market, `${name} `, `${name}${AFTER_SPACE}`)
        markets.set(name, marketsOf(rows as NamedState[]).get(name))
      }
      return markets.get(name)
    },
    price: (key) => {
      const found = newest(KIND.price, key)
      return found && (stateFromBytes(found.bytes, words) as PriceReading)
    },
    whole: () => {
      const prices = all.all(at, deploymentId, KIND.price) as NamedState[]
      return {
        markets: marketsOf(all.all(at, deploymentId, KIND.market) as NamedState[]),
        prices: new Map(
          prices.flatMap(([key, bytes]) =>
            bytes ? [[key, stateFromBytes(bytes, words) as PriceReading] as const] : [],
          ),
        ),
      }
    },
  }
}

const blockOf = ({ chainId, number, hash, timestamp }: typeof blocks.$inferSelect): BlockRef => ({
  chainId,
  number: BigInt(number),
  hash: hash as Hash,
  timestamp,
})

/** The observed block of a number; else the observed ones next to it, where there are any. */
export type ObservedBlock =
  | { readonly kind: 'observed'; readonly block: BlockRef }
  | {
      readonly kind: 'unobserved'
      readonly before: BlockRef | undefined
      readonly after: BlockRef | undefined
    }

/** Looks a block up among the heads of committed cycles. */
export const observedBlock = (database: Database, chainId: number, number: bigint): ObservedBlock => {
  const ofChain = eq(blocks.chainId, chainId)
  const at = Number(number)
  const find = (side: 'before' | 'after'): BlockRef | undefined => {
    const [row] = database
      .select()
      .from(blocks)
      .where(and(ofChain, side === 'before' ? lte(blocks.number, at) : gte(blocks.number, at)))
      .orderBy(side === 'before' ? desc(blocks.number) : asc(blocks.number))
      .limit(1)
      .all()
    return row && blockOf(row)
  }
  const before = find('before')
  if (before?.number === number) return { kind: 'observed', block: before }
  return { kind: 'unobserved', before, after: find('after') }
}

/** Deployments that the database has of a chain, with their numbers. */
export const storedDeployments = (
  database: Database,
  chainId: number,
): readonly { readonly id: number; readonly deployment: Deployment }[] =>
  database
    .select()
    .from(deployments)
    .where(eq(deployments.chainId, chainId))
    .all()
    .map(({ id, protocol, deployment }) => ({ id, deployment: { chainId, protocol, deployment } }))
