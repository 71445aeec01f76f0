// Views for people who open the database with plain SQL: names as text, times in UTC, amounts as REAL and named as rounded. docs/sql.md shows them.
import { sql } from 'drizzle-orm'
import { integer, real, sqliteView, text } from 'drizzle-orm/sqlite-core'
import { SNAPSHOT_CAUSES } from '../model/snapshot.ts'

/** Hex digits of the leading bytes that a REAL is made of: more than its 53 bits. */
const DIGITS = 16

const range = (count: number): readonly number[] => [...Array(count).keys()]

/** A `u256` column as a REAL, good to 15 digits. Plain SQL of any version: there is no function from bytes to numbers. */
const realOf = (bytes: string): string => {
  const digits = `substr('${'0'.repeat(DIGITS)}' || hex(substr(${bytes}, 2, ${DIGITS / 2})), -${DIGITS})`
  const leading = range(DIGITS).map((at) => {
    const weight = 16 ** (DIGITS - 1 - at)
    return `instr('123456789ABCDEF', substr(h, ${at + 1}, 1)) * ${weight}.0`
  })
  // 256 for each byte behind the leading ones, as powers of two, which REAL has exactly.
  const behind = `max(length(${bytes}) - ${1 + DIGITS / 2}, 0)`
  const scale = range(5).map((bit) => `iif(${behind} & ${1 << bit}, ${256n ** (1n << BigInt(bit))}.0, 1.0)`)
  return `(SELECT (${leading.join(' + ')}) * ${scale.join(' * ')} FROM (SELECT ${digits} AS h LIMIT 1) WHERE ${bytes} IS NOT NULL)`
}

/** An amount in whole units: its decimals are in another column. */
const wholeOf = (bytes: string, decimals: string): string =>
  `${realOf(bytes)} / CAST('1e' || ${decimals} AS REAL)`

const timeOf = (seconds: string): string => `datetime(${seconds}, 'unixepoch')`

const POSITION = `d.chain_id || ':' || d.protocol || ':' || d.deployment || ':' || e.key`
const CAUSE = `CASE s.cause ${SNAPSHOT_CAUSES.map((cause, at) => `WHEN ${at} THEN '${cause}'`).join(' ')} END`

const OF_SNAPSHOT = `
  SELECT ${POSITION} AS position, e.owner, s.block_number, ${timeOf('s.timestamp')} AS time, ${CAUSE} AS cause,
    s.health_ppm / 1e6 AS health_rounded, s.flags & 1 AS is_liquidatable, s.reason,
    d.chain_id, d.protocol, q.label AS market_label, q.quote_symbol AS quote,
    ${wholeOf('s.collateral_value', 'q.quote_decimals')} AS collateral_rounded,
    ${wholeOf('s.debt_value', 'q.quote_decimals')} AS debt_rounded
  FROM snapshots s JOIN entries e ON e.id = s.entry_id JOIN deployments d ON d.id = e.deployment_id
    LEFT JOIN market_names q ON q.deployment_id = d.id AND q.market = substr(e.key, 1, instr(e.key, ':') - 1)`

const snapshotColumns = {
  position: text('position'),
  owner: text('owner'),
  blockNumber: integer('block_number'),
  time: text('time'),
  cause: text('cause'),
  healthRounded: real('health_rounded'),
  isLiquidatable: integer('is_liquidatable'),
  reason: text('reason'),
  chainId: integer('chain_id'),
  protocol: text('protocol'),
  marketLabel: text('market_label'),
  quote: text('quote'),
  collateralRounded: real('collateral_rounded'),
  debtRounded: real('debt_rounded'),
}

/** Every snapshot. */
export const snapshotsRounded = sqliteView('snapshots_rounded', snapshotColumns).as(sql.raw(OF_SNAPSHOT))

/** The newest snapshot of each loan that is not closed. */
export const loansRounded = sqliteView('loans_rounded', snapshotColumns).as(
  sql.raw(`${OF_SNAPSHOT}
  WHERE s.cause <> ${SNAPSHOT_CAUSES.indexOf('closed')}
    AND s.block_number = (SELECT max(n.block_number) FROM snapshots n WHERE n.entry_id = s.entry_id)`),
)

/** Liquidations with amounts in whole units of their assets; NULL where no loan in the store has told the asset's decimals. */
export const liquidationsRounded = sqliteView('liquidations_rounded', {
  chainId: integer('chain_id'),
  blockNumber: integer('block_number'),
  logIndex: integer('log_index'),
  time: text('time'),
  position: text('position'),
  owner: text('owner'),
  liquidator: text('liquidator'),
  debtSymbol: text('debt_symbol'),
  repaidRounded: real('repaid_rounded'),
  collateralSymbol: text('collateral_symbol'),
  seizedRounded: real('seized_rounded'),
  transactionHash: text('transaction_hash'),
}).as(
  sql.raw(`
  SELECT l.chain_id, l.block_number, l.log_index, ${timeOf('l.seen_at')} AS time, l.position, l.owner, l.liquidator,
    da.symbol AS debt_symbol, ${wholeOf('l.repaid', 'da.decimals')} AS repaid_rounded,
    ca.symbol AS collateral_symbol, ${wholeOf('l.seized', 'ca.decimals')} AS seized_rounded, l.transaction_hash
  FROM liquidations l LEFT JOIN asset_names da ON da.chain_id = l.chain_id AND da.asset = l.debt_asset
    LEFT JOIN asset_names ca ON ca.chain_id = l.chain_id AND ca.asset = l.collateral_asset`),
)

const inAlert = (path: string): string => `json_extract(a.alert, '$.${path}')`

/** Episodes of alerts. */
export const alertEpisodes = sqliteView('alert_episodes', {
  rule: text('rule'),
  severity: text('severity'),
  state: text('state'),
  subject: text('subject'),
  activeTime: text('active_time'),
  startTime: text('start_time'),
  endTime: text('end_time'),
  seconds: integer('seconds'),
  label: text('label'),
  summary: text('summary'),
  fingerprint: text('fingerprint'),
}).as(
  sql.raw(`
  SELECT a.rule, ${inAlert('severity')} AS severity, a.state, a.subject, ${timeOf('a.active_at')} AS active_time,
    ${timeOf('a.starts_at')} AS start_time, ${timeOf('a.ends_at')} AS end_time, a.ends_at - a.starts_at AS seconds,
    ${inAlert('labels.label')} AS label, ${inAlert('annotations.summary')} AS summary, a.fingerprint
  FROM alerts a`),
)

/** A stored value of a parameter as text: what marks big integers and texts in JSON is cut off. */
const textOf = (side: string): string => {
  const value = `json_extract(p.${side}, '$.value')`
  return `iif(substr(${value}, 1, 2) IN ('n:', 's:'), substr(${value}, 3), CAST(${value} AS TEXT))`
}

/** What governance changed. */
export const parameterChangesPlain = sqliteView('parameter_changes_plain', {
  chainId: integer('chain_id'),
  blockNumber: integer('block_number'),
  time: text('time'),
  market: text('market'),
  parameter: text('parameter'),
  symbol: text('symbol'),
  unit: text('unit'),
  valueBefore: text('value_before'),
  valueAfter: text('value_after'),
  movedCount: integer('moved_count'),
  newlyLiquidatableCount: integer('newly_liquidatable_count'),
}).as(
  sql.raw(`
  SELECT p.chain_id, p.block_number, ${timeOf('p.timestamp')} AS time, p.market, p.parameter,
    json_extract(coalesce(p.after, p.before), '$.symbol') AS symbol,
    json_extract(coalesce(p.after, p.before), '$.unit') AS unit,
    ${textOf('before')} AS value_before, ${textOf('after')} AS value_after,
    json_extract(p.effect, '$.movedCount') AS moved_count,
    json_extract(p.effect, '$.newlyLiquidatable.count') AS newly_liquidatable_count
  FROM parameter_changes p`),
)
