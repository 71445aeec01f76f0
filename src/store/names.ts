// What markets and assets are called, beside their encoded state, for those who read the database without the adapters.
import type { Assessment } from '../model/assessment.ts'
import type { Market } from '../model/market.ts'
import type { Tracked } from './book.ts'
import type { Database } from './database.ts'
import { preparedFor } from './statements.ts'

/** What an asset is called, and the decimals of its amounts. */
export type AssetName = {
  readonly asset: string
  readonly symbol: string
  readonly decimals: number
}

const statementsOf = preparedFor({
  market: `INSERT INTO market_names (deployment_id, market, label, revision, fidelity, quote_symbol, quote_decimals)
    VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (deployment_id, market) DO UPDATE SET label = excluded.label,
    revision = excluded.revision, fidelity = excluded.fidelity, quote_symbol = excluded.quote_symbol, quote_decimals = excluded.quote_decimals`,
  asset: `INSERT INTO asset_names (chain_id, asset, symbol, decimals) VALUES (?, ?, ?, ?)
    ON CONFLICT (chain_id, asset) DO UPDATE SET symbol = excluded.symbol, decimals = excluded.decimals`,
  assetName: 'SELECT symbol, decimals FROM asset_names WHERE chain_id = ? AND asset = ?',
})

const isNamedAlike = (one: Market | undefined, other: Market): boolean =>
  one !== undefined &&
  one.label === other.label &&
  one.revision === other.revision &&
  one.fidelity === other.fidelity &&
  one.quote.symbol === other.quote.symbol &&
  one.quote.decimals === other.quote.decimals

/** Deployments whose markets are all written down. */
const written = new WeakSet<Tracked>()

/**
 * Writes down names of a deployment's markets where they are new or others than in its mirror, the first time of all. Runs
 * inside the caller's transaction; the answer makes it lasting, to be called once that is durable.
 */
export const writeMarketNames = (
  database: Database,
  tracked: Tracked,
  changed: ReadonlyMap<string, Market | undefined>,
): (() => void) => {
  const { market: write } = statementsOf(database)
  const known = tracked.mirror.markets
  const all = written.has(tracked) ? changed : new Map([...known, ...changed])
  for (const [name, market] of all) {
    if (!market || (written.has(tracked) && isNamedAlike(known.get(name), market))) continue
    const { label, revision, fidelity, quote } = market
    write.run(tracked.id, name, label, revision, fidelity, quote.symbol, quote.decimals)
  }
  return () => {
    written.add(tracked)
  }
}

/** Names of the assets of assessed loans. */
export const assetNamesOf = (assessments: readonly Assessment[]): ReadonlyMap<string, AssetName> => {
  const names = new Map<string, AssetName>()
  for (const one of assessments)
    if (one.kind === 'assessed')
      for (const legs of [one.collateral, one.debt]) for (const leg of legs) names.set(leg.asset, leg)
  return names
}

/** What an asset of a chain is called; undefined where no assessed loan has named it. */
export const assetNamed = (
  database: Database,
  chainId: number,
  asset: string,
): Pick<AssetName, 'symbol' | 'decimals'> | undefined =>
  statementsOf(database).assetName.get(chainId, asset) as AssetName | undefined

/** Names of assets of a chain that are written down, by database. */
const assetsWritten = new WeakMap<Database, Map<string, string>>()

/** Writes down names of a chain's assets where they are new or others. Runs inside the caller's transaction; the answer as above. */
export const writeAssetNames = (
  database: Database,
  chainId: number,
  names: ReadonlyMap<string, AssetName>,
): (() => void) => {
  const known = assetsWritten.get(database) ?? new Map<string, string>()
  const fresh: [string, string][] = []
  for (const { asset, symbol, decimals } of names.values()) {
    const key = `${chainId} ${asset}`
    const text = `${decimals} ${symbol}`
    if (known.get(key) === text) continue
    statementsOf(database).asset.run(chainId, asset, symbol, decimals)
    fresh.push([key, text])
  }
  return () => {
    for (const [key, text] of fresh) known.set(key, text)
    assetsWritten.set(database, known)
  }
}
