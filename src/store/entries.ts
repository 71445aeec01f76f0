// Names in the database: who or what a version or a snapshot speaks of.
import type { Address } from 'viem'
import type { PositionId } from '../model/ids.ts'
import type { Database } from './database.ts'
import { preparedFor } from './statements.ts'

/** What an entry is: a part of a market, a position, a price. */
export const KIND = { market: 0, position: 1, price: 2 } as const

export type Kind = (typeof KIND)[keyof typeof KIND]

const statementsOf = preparedFor({
  open: `INSERT INTO entries (deployment_id, kind, key, owner) VALUES (?, ?, ?, ?)
    ON CONFLICT (deployment_id, kind, key) DO UPDATE SET owner = coalesce(excluded.owner, owner) RETURNING id`,
  find: 'SELECT id FROM entries WHERE deployment_id = ? AND kind = ? AND key = ?',
  owned: `SELECT d.chain_id || ':' || d.protocol || ':' || d.deployment || ':' || e.key AS id
    FROM entries e JOIN deployments d ON d.id = e.deployment_id WHERE e.owner = ? ORDER BY e.id`,
  owner: `SELECT e.owner FROM entries e JOIN deployments d ON d.id = e.deployment_id
    WHERE d.chain_id = ? AND d.protocol = ? AND d.deployment = ? AND e.kind = ? AND e.key = ?`,
})

type Id<T> = { readonly id: T }

/** The number of an entry, made where there is none. */
export const openEntry = (
  database: Database,
  deploymentId: number,
  kind: Kind,
  key: string,
  owner: Address | null = null,
): number => (statementsOf(database).open.get(deploymentId, kind, key, owner) as Id<number>).id

/** The number of an entry; undefined where there is none. */
export const findEntry = (
  database: Database,
  deploymentId: number,
  kind: Kind,
  key: string,
): number | undefined =>
  (statementsOf(database).find.get(deploymentId, kind, key) as Id<number> | undefined)?.id

/** Ids of all positions that an account has had. */
export const positionIdsOf = (database: Database, owner: string): readonly string[] =>
  (statementsOf(database).owned.all(owner) as Id<string>[]).map(({ id }) => id)

/** Whose a position is or was; undefined where the database has never had it. */
export const ownerOf = (database: Database, id: PositionId): Address | undefined => {
  const { chainId, protocol, deployment, market, account } = id
  const row = statementsOf(database).owner.get(
    ...[chainId, protocol, deployment, KIND.position, `${market}:${account}`],
  ) as { owner: Address } | undefined
  return row?.owner
}
