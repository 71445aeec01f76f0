// Changes of parameters, as they were noticed.
import { and, asc, desc, eq, gt, gte, lt, lte, or, sql } from 'drizzle-orm'
import type { Address } from 'viem'
import type { ChangeEffect, ParameterChange, ParameterUnit, ParameterValue } from '../model/parameter.ts'
import type { Database } from './database.ts'
import { parameterChanges as table } from './schema.ts'

/** A value with what it takes to read it. */
type Told = {
  readonly value: ParameterValue
  readonly unit: ParameterUnit
  readonly symbol?: string
  readonly decimals?: number
}

/** Writes changes down. Runs inside the caller's transaction. */
export const writeParameterChanges = (database: Database, changes: readonly ParameterChange[]): void => {
  for (const { name, asset, symbol, unit, decimals, before, after, effect, ...change } of changes) {
    const told = (value: ParameterValue | null): Told | null =>
      value === null
        ? null
        : {
            ...{ value, unit },
            ...(symbol === undefined ? {} : { symbol }),
            ...(decimals === undefined ? {} : { decimals }),
          }
    database
      .insert(table)
      .values({
        ...change,
        blockNumber: Number(change.blockNumber),
        parameter: name,
        ...{ asset, before: told(before), after: told(after), effect },
      })
      .run()
  }
}

const above = (chainId: number, block: bigint) =>
  and(eq(table.chainId, chainId), gt(table.blockNumber, Number(block)))

/** Forgets what blocks above one told. Runs inside the caller's transaction. */
export const removeParameterChanges = (database: Database, chainId: number, block: bigint): void => {
  database.delete(table).where(above(chainId, block)).run()
}

/** Markets of which blocks above one told something. */
export const marketsChangedAbove = (database: Database, chainId: number, block: bigint): readonly string[] =>
  database
    .selectDistinct({ market: table.market })
    .from(table)
    .where(above(chainId, block))
    .all()
    .map(({ market }) => market)

const changeOf = (row: typeof table.$inferSelect): ParameterChange => {
  const [before, after] = [row.before as Told | null, row.after as Told | null]
  const { value: _value, ...told } = after ?? before ?? { value: '', unit: 'text' as const }
  return {
    chainId: row.chainId,
    blockNumber: BigInt(row.blockNumber),
    timestamp: row.timestamp,
    market: row.market,
    name: row.parameter,
    asset: row.asset as Address | null,
    ...told,
    before: before?.value ?? null,
    after: after?.value ?? null,
    effect: row.effect as ChangeEffect,
  }
}

/** Ids of markets that are one or begin with it up to a colon. */
const isWithin = (market: string) =>
  or(eq(table.market, market), sql`substr(${table.market}, 1, ${market.length + 1}) = ${`${market}:`}`)

/** Changes since a time (s), newest first, each block's in the order in which they were told; `market` is an id, or the beginning of ids. */
export const listParameterChanges = (
  database: Database,
  { since, market }: { readonly since: number; readonly market: string | undefined },
): readonly ParameterChange[] =>
  database
    .select()
    .from(table)
    .where(and(gte(table.timestamp, since), market === undefined ? undefined : isWithin(market)))
    .orderBy(desc(table.timestamp), asc(table.id))
    .all()
    .map(changeOf)

/** Where a page ended: seconds, and the number of the change. */
export type ChangePlace = readonly [timestamp: number, id: number]

export type ChangeQuery = {
  readonly chain?: number | undefined
  /** An id, or the beginning of ids. */
  readonly market?: string | undefined
  readonly parameter?: string | undefined
  readonly asset?: string | undefined
  /** Seconds, both ends among them. */
  readonly since: number
  readonly until: number
  readonly after?: ChangePlace | undefined
  readonly limit: number
}

/** One page, newest first, each block's changes in the order in which they were told; `next` is undefined on the last one. */
export const parameterChangePage = (
  database: Database,
  { chain, market, parameter, asset, since, until, after, limit }: ChangeQuery,
): { readonly changes: readonly ParameterChange[]; readonly next: ChangePlace | undefined } => {
  const lower = asset?.toLowerCase()
  const rows = database
    .select()
    .from(table)
    .where(
      and(
        gte(table.timestamp, since),
        lte(table.timestamp, until),
        chain === undefined ? undefined : eq(table.chainId, chain),
        market === undefined ? undefined : isWithin(market),
        parameter === undefined ? undefined : eq(table.parameter, parameter),
        lower === undefined
          ? undefined
          : or(
              sql`lower(${table.asset}) = ${lower}`,
              sql`lower(json_extract(coalesce(${table.after}, ${table.before}), '$.symbol')) = ${lower}`,
            ),
        after &&
          or(lt(table.timestamp, after[0]), and(eq(table.timestamp, after[0]), gt(table.id, after[1]))),
      ),
    )
    .orderBy(desc(table.timestamp), asc(table.id))
    .limit(limit + 1)
    .all()
  const last = rows[limit - 1]
  return {
    changes: rows.slice(0, limit).map(changeOf),
    next: last && rows.length > limit ? [last.timestamp, last.id] : undefined,
  }
}

/** Changes on a chain above one block up to another, oldest first. */
export const parameterChangesWithin = (
  database: Database,
  chainId: number,
  aboveBlock: bigint,
  upTo: bigint,
): readonly ParameterChange[] =>
  database
    .select()
    .from(table)
    .where(and(above(chainId, aboveBlock), lte(table.blockNumber, Number(upTo))))
    .orderBy(asc(table.blockNumber), asc(table.id))
    .all()
    .map(changeOf)
