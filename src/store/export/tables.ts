// What can be exported. Names, order and units of columns are relied on by others: columns are only ever added, at the end.
import { SNAPSHOT_CAUSES } from '../../model/snapshot.ts'
import { type ColumnType, type ExportColumn, type ExportTable, exportTable } from './table.ts'

const column = (name: string, type: ColumnType, sql: string, unit = ''): ExportColumn => ({
  ...{ name, type, sql, unit },
})

/** A column of a table under the same name. */
const same = (table: string, name: string, type: ColumnType, unit = ''): ExportColumn =>
  column(name, type, `${table}.${name}`, unit)

const POSITION = `d.chain_id || ':' || d.protocol || ':' || d.deployment || ':' || e.key`
const CAUSE = `CASE s.cause ${SNAPSHOT_CAUSES.map((cause, at) => `WHEN ${at} THEN '${cause}'`).join(' ')} END`
const QUOTE = '10^-quote_decimals quote'

const snapshots = exportTable({
  name: 'snapshots',
  about: 'health of loans as it was noted, by position and block',
  columns: [
    column('position', 'text', POSITION),
    same('d', 'chain_id', 'integer'),
    same('d', 'protocol', 'text'),
    same('d', 'deployment', 'text'),
    column('market', 'text', `substr(e.key, 1, instr(e.key, ':') - 1)`),
    column('account', 'text', `substr(e.key, instr(e.key, ':') + 1)`),
    same('e', 'owner', 'text'),
    same('s', 'block_number', 'integer'),
    same('s', 'timestamp', 'integer', 's'),
    column('cause', 'text', CAUSE),
    same('s', 'health_factor', 'uint256', '10^-18'),
    same('s', 'health_ppm', 'integer', '10^-6, cut, at most 2^46'),
    same('s', 'collateral_value', 'uint256', QUOTE),
    same('s', 'debt_value', 'uint256', QUOTE),
    column('quote_symbol', 'text', 'q.quote_symbol'),
    column('quote_decimals', 'integer', 'q.quote_decimals'),
    column('is_liquidatable', 'boolean', 'CASE WHEN s.health_factor IS NULL THEN NULL ELSE s.flags & 1 END'),
    same('s', 'reason', 'text'),
  ],
  // Rows of one key lie side by side: the order of the joins keeps it, so that nothing has to be sorted.
  from: `snapshots s CROSS JOIN entries e ON e.id = s.entry_id CROSS JOIN deployments d ON d.id = e.deployment_id
    LEFT JOIN market_names q ON q.deployment_id = d.id AND q.market = substr(e.key, 1, instr(e.key, ':') - 1)`,
  key: ['s.entry_id', 's.block_number'],
  time: 's.timestamp',
  ofAccounts: 's.entry_id IN (SELECT id FROM entries WHERE owner IN (SELECT value FROM json_each(?)))',
  id: POSITION,
})

/** Liquidations as they stand in logs. */
export const liquidations = exportTable({
  name: 'liquidations',
  about: 'liquidations seen in logs, by chain, block and log',
  columns: [
    same('l', 'chain_id', 'integer'),
    same('l', 'block_number', 'integer'),
    same('l', 'log_index', 'integer'),
    same('l', 'block_hash', 'text'),
    same('l', 'transaction_hash', 'text'),
    same('l', 'seen_at', 'integer', 's, time of the head at which it was seen'),
    same('l', 'position', 'text'),
    same('l', 'owner', 'text'),
    same('l', 'liquidator', 'text'),
    same('l', 'debt_asset', 'text'),
    column('debt_symbol', 'text', 'da.symbol'),
    column('debt_decimals', 'integer', 'da.decimals'),
    same('l', 'repaid', 'uint256', '10^-debt_decimals debt_symbol'),
    same('l', 'collateral_asset', 'text'),
    column('collateral_symbol', 'text', 'ca.symbol'),
    column('collateral_decimals', 'integer', 'ca.decimals'),
    same('l', 'seized', 'uint256', '10^-collateral_decimals collateral_symbol'),
  ],
  from: `liquidations l LEFT JOIN asset_names da ON da.chain_id = l.chain_id AND da.asset = l.debt_asset
    LEFT JOIN asset_names ca ON ca.chain_id = l.chain_id AND ca.asset = l.collateral_asset`,
  key: ['l.chain_id', 'l.block_number', 'l.log_index'],
  time: 'l.seen_at',
  ofAccounts: 'l.owner IN (SELECT value FROM json_each(?))',
  id: 'l.position',
})

const inAlert = (path: string): string => `json_extract(a.alert, '$.${path}')`

const alerts = exportTable({
  name: 'alerts',
  about: 'episodes of alerts, pending, firing and over',
  columns: [
    same('a', 'fingerprint', 'text'),
    same('a', 'active_at', 'integer', 's'),
    same('a', 'chain_id', 'integer'),
    same('a', 'rule', 'text'),
    column('severity', 'text', inAlert('severity')),
    same('a', 'subject', 'text'),
    same('a', 'state', 'text'),
    same('a', 'starts_at', 'integer', 's'),
    same('a', 'ends_at', 'integer', 's'),
    column('block_number', 'integer', `CAST(substr(${inAlert('block.number')}, 3) AS INTEGER)`),
    column('labels', 'json', inAlert('labels')),
    column('annotations', 'json', inAlert('annotations')),
  ],
  from: 'alerts a',
  key: ['a.fingerprint', 'a.active_at'],
  time: 'a.active_at',
  ofAccounts: `${inAlert('labels.account')} IN (SELECT value FROM json_each(?))`,
  id: 'a.subject',
})

const decisions = exportTable({
  name: 'decisions',
  about: 'what was told to whom, what was not, and why',
  columns: [
    same('x', 'id', 'integer'),
    same('x', 'at_ms', 'integer', 'ms'),
    same('x', 'chain_id', 'integer'),
    same('x', 'fingerprint', 'text'),
    same('x', 'active_at', 'integer', 's'),
    same('x', 'receiver', 'text'),
    same('x', 'is_sent', 'boolean'),
    same('x', 'reason', 'text'),
    same('x', 'detail', 'text'),
    same('x', 'notification_id', 'text'),
  ],
  from: 'decisions x',
  key: ['x.id'],
  time: 'x.at_ms / 1000',
})

const told = (side: 'before' | 'after'): ExportColumn => column(side, 'json', `p.${side} -> '$.value'`)
const eitherTold = (path: string): string => `json_extract(coalesce(p.after, p.before), '$.${path}')`
const inEffect = (path: string): string => `json_extract(p.effect, '$.${path}')`

const parameterChanges = exportTable({
  name: 'parameter-changes',
  about: 'what governance changed, and what that alone did to loans',
  columns: [
    same('p', 'id', 'integer'),
    same('p', 'chain_id', 'integer'),
    same('p', 'block_number', 'integer'),
    same('p', 'timestamp', 'integer', 's'),
    same('p', 'market', 'text'),
    same('p', 'parameter', 'text'),
    same('p', 'asset', 'text'),
    column('symbol', 'text', eitherTold('symbol')),
    column('unit', 'text', eitherTold('unit'), 'of before and after'),
    column('decimals', 'integer', eitherTold('decimals'), 'of before and after, where unit is amount'),
    told('before'),
    told('after'),
    column('position_count', 'integer', inEffect('positionCount')),
    column('moved_count', 'integer', inEffect('movedCount')),
    column('newly_liquidatable_count', 'integer', inEffect('newlyLiquidatable.count')),
    column('no_longer_liquidatable_count', 'integer', inEffect('noLongerLiquidatable.count')),
    same('p', 'effect', 'json'),
  ],
  from: 'parameter_changes p',
  key: ['p.id'],
  time: 'p.timestamp',
  id: 'p.market',
})

const blocks = exportTable({
  name: 'blocks',
  about: 'heads that were observed: blocks at which any loan can be recomputed',
  columns: [
    same('b', 'chain_id', 'integer'),
    same('b', 'number', 'integer'),
    same('b', 'hash', 'text'),
    same('b', 'timestamp', 'integer', 's'),
  ],
  from: 'blocks b',
  key: ['b.chain_id', 'b.number'],
  time: 'b.timestamp',
  id: 'b.chain_id',
})

const mismatches = exportTable({
  name: 'audit-mismatches',
  about: 'where our numbers and the contracts’ own differed',
  columns: [
    same('m', 'id', 'integer'),
    same('m', 'chain_id', 'integer'),
    same('m', 'block_number', 'integer'),
    same('m', 'position', 'text'),
    same('m', 'differences', 'text'),
  ],
  from: 'audit_mismatches m',
  key: ['m.id'],
  id: 'm.position',
})

/** Tables of the store that can be exported as they are. */
export const storedTables: readonly ExportTable[] = [
  snapshots,
  liquidations,
  alerts,
  decisions,
  parameterChanges,
  blocks,
  mismatches,
]
