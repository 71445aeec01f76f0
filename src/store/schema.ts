import { sql } from 'drizzle-orm'
import { blob, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { stateJson } from './state-json.ts'
import { u256 } from './u256.ts'

const bigint = (name: string) => integer(name, { mode: 'number' })

/**
 * How far each chain has been followed: the block whose state the database holds. `thinned_at` is the chain's time when its
 * history was last thinned; `base_fee_wei` that block's base fee a unit of gas, NULL where it has none.
 */
export const chains = sqliteTable('chains', {
  chainId: integer('chain_id').primaryKey(),
  blockNumber: bigint('block_number').notNull(),
  blockHash: text('block_hash').notNull(),
  timestamp: integer('timestamp').notNull(),
  thinnedAt: integer('thinned_at').notNull().default(0),
  baseFeeWei: u256('base_fee_wei'),
})

const SEARCH_SCOPES = ['borrowers', 'markets'] as const
export type SearchScope = (typeof SEARCH_SCOPES)[number]

/**
 * Followed deployments. Borrowers, or only markets, are searched for from `from_block` to `target_block`; `next_block` is
 * where that search goes on. `from_block` is NULL where nothing is to be searched for.
 */
export const deployments = sqliteTable(
  'deployments',
  {
    id: integer('id').primaryKey(),
    chainId: integer('chain_id').notNull(),
    protocol: text('protocol').notNull(),
    deployment: text('deployment').notNull(),
    fromBlock: bigint('from_block'),
    nextBlock: bigint('next_block').notNull(),
    targetBlock: bigint('target_block').notNull(),
    searchesFor: text('searches_for', { enum: SEARCH_SCOPES }).notNull().default('borrowers'),
  },
  (table) => [uniqueIndex('deployments_name').on(table.chainId, table.protocol, table.deployment)],
)

/** Heads of committed cycles: the blocks that history knows. */
export const blocks = sqliteTable(
  'blocks',
  {
    chainId: integer('chain_id').notNull(),
    number: bigint('number').notNull(),
    hash: text('hash').notNull(),
    timestamp: integer('timestamp').notNull(),
  },
  (table) => [primaryKey({ columns: [table.chainId, table.number] })],
)

/** Keys that each block touched: what a reorg reads again. */
export const touches = sqliteTable(
  'touches',
  {
    deploymentId: integer('deployment_id').notNull(),
    blockNumber: bigint('block_number').notNull(),
    key: text('key').notNull(),
  },
  (table) => [primaryKey({ columns: [table.deploymentId, table.blockNumber, table.key] })],
)

/** Keys that are due but not yet read: the backlog of a bootstrap, and reads that failed and are tried again (`is_retry`). */
export const pending = sqliteTable(
  'pending',
  {
    deploymentId: integer('deployment_id').notNull(),
    key: text('key').notNull(),
    isRetry: integer('is_retry', { mode: 'boolean' }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.deploymentId, table.key, table.isRetry] })],
)

/** Texts that state repeats: `state` of versions names them by number. */
export const words = sqliteTable('words', {
  id: integer('id').primaryKey(),
  text: text('text').notNull(),
})

/**
 * All that has state: a part of a market (`kind` 0, key `market field key`), a position (1, `market:account`), a price (2,
 * its own key). `owner` is that of a position.
 */
export const entries = sqliteTable(
  'entries',
  {
    id: integer('id').primaryKey(),
    deploymentId: integer('deployment_id').notNull(),
    kind: integer('kind').notNull(),
    key: text('key').notNull(),
    owner: text('owner'),
  },
  (table) => [
    uniqueIndex('entries_key').on(table.deploymentId, table.kind, table.key),
    index('entries_owner').on(table.owner).where(sql`owner IS NOT NULL`),
  ],
)

/** State of an entry from a block on, until its next version; NULL where it is gone. The newest version is the state now. */
export const versions = sqliteTable(
  'versions',
  {
    entryId: integer('entry_id').notNull(),
    validFrom: bigint('valid_from').notNull(),
    state: blob('state', { mode: 'buffer' }),
  },
  (table) => [primaryKey({ columns: [table.entryId, table.validFrom] })],
)

/** Entries whose versions or snapshots a block wrote, for `reorgDepthMax` blocks: what is deleted when it is orphaned. */
export const writes = sqliteTable(
  'writes',
  {
    chainId: integer('chain_id').notNull(),
    blockNumber: bigint('block_number').notNull(),
    entryId: integer('entry_id').notNull(),
  },
  (table) => [primaryKey({ columns: [table.chainId, table.blockNumber, table.entryId] })],
)

/**
 * Health at observed blocks. `cause` indexes SNAPSHOT_CAUSES; `health_ppm` is the health factor in parts per million,
 * clamped, NULL when unassessable; `flags` bit 0 says liquidatable; `reason` says why it was unassessable.
 */
export const snapshots = sqliteTable(
  'snapshots',
  {
    entryId: integer('entry_id').notNull(),
    blockNumber: bigint('block_number').notNull(),
    timestamp: integer('timestamp').notNull(),
    cause: integer('cause').notNull(),
    flags: integer('flags').notNull(),
    healthPpm: bigint('health_ppm'),
    healthFactor: u256('health_factor'),
    collateralValue: u256('collateral_value'),
    debtValue: u256('debt_value'),
    reason: text('reason'),
  },
  (table) => [primaryKey({ columns: [table.entryId, table.blockNumber] })],
)

/** Liquidations from logs. `seen_at` is the chain's time at the head with which it was seen, NULL where that is not known any more. */
export const liquidations = sqliteTable(
  'liquidations',
  {
    chainId: integer('chain_id').notNull(),
    blockNumber: bigint('block_number').notNull(),
    logIndex: integer('log_index').notNull(),
    blockHash: text('block_hash').notNull(),
    transactionHash: text('transaction_hash').notNull(),
    position: text('position').notNull(),
    owner: text('owner').notNull(),
    liquidator: text('liquidator').notNull(),
    debtAsset: text('debt_asset').notNull(),
    repaid: u256('repaid').notNull(),
    collateralAsset: text('collateral_asset').notNull(),
    seized: u256('seized').notNull(),
    seenAt: integer('seen_at'),
  },
  (table) => [primaryKey({ columns: [table.chainId, table.blockNumber, table.logIndex] })],
)

/**
 * What governance changed of a market, as it was noticed at a block. `before` and `after` are values of the adapter's
 * parameters, NULL where there was or is none; `effect` is what the change alone does to positions.
 */
export const parameterChanges = sqliteTable(
  'parameter_changes',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    chainId: integer('chain_id').notNull(),
    blockNumber: bigint('block_number').notNull(),
    timestamp: integer('timestamp').notNull(),
    market: text('market').notNull(),
    parameter: text('parameter').notNull(),
    asset: text('asset'),
    before: stateJson<unknown>()('before'),
    after: stateJson<unknown>()('after'),
    effect: stateJson<unknown>()('effect').notNull(),
  },
  (table) => [
    index('parameter_changes_block').on(table.chainId, table.blockNumber),
    index('parameter_changes_market').on(table.market),
  ],
)

/** Feeds that a price source rests on, as they were read at a block: `feeds` in the order of the source. */
export const oracleWiring = sqliteTable(
  'oracle_wiring',
  {
    chainId: integer('chain_id').notNull(),
    source: text('source').notNull(),
    blockNumber: bigint('block_number').notNull(),
    feeds: stateJson<unknown>()('feeds').notNull(),
  },
  (table) => [primaryKey({ columns: [table.chainId, table.source] })],
)

/** What markets are called and value things in, for those who read the database without the adapters. */
export const marketNames = sqliteTable(
  'market_names',
  {
    deploymentId: integer('deployment_id').notNull(),
    market: text('market').notNull(),
    label: text('label').notNull(),
    revision: text('revision').notNull(),
    fidelity: text('fidelity').notNull(),
    quoteSymbol: text('quote_symbol').notNull(),
    quoteDecimals: integer('quote_decimals').notNull(),
  },
  (table) => [primaryKey({ columns: [table.deploymentId, table.market] })],
)

/** What assets of loans are called, and the decimals of their amounts. */
export const assetNames = sqliteTable(
  'asset_names',
  {
    chainId: integer('chain_id').notNull(),
    asset: text('asset').notNull(),
    symbol: text('symbol').notNull(),
    decimals: integer('decimals').notNull(),
  },
  (table) => [primaryKey({ columns: [table.chainId, table.asset] })],
)

/** Where our numbers and the contracts' own differed. */
export const auditMismatches = sqliteTable('audit_mismatches', {
  id: integer('id').primaryKey({ autoIncrement: true }),
  chainId: integer('chain_id').notNull(),
  blockNumber: bigint('block_number').notNull(),
  position: text('position').notNull(),
  differences: text('differences').notNull(),
})
