// Deployments whose rates of interest differ from the stored ones from the stored block on, and debts that keep theirs.
import type { Address } from 'viem'
import type { Market } from '../model/market.ts'
import type { Adapter, Env } from '../protocols/adapter.ts'
import type { RateRise } from '../protocols/raising.ts'
import { PPM, WAD } from '../units/brands.ts'
import type { Rises } from './scenario-moves.ts'
import type { StressBook } from './stress-book.ts'
import type { Values } from './stress-values.ts'

/** How much higher a debt's yearly rate is, a wad. */
const riseOf =
  ({ everywhere, assets }: Rises): RateRise =>
  (asset) =>
    ((everywhere + (assets.get(asset) ?? 0n)) * WAD) / PPM

type Markets = ReadonlyMap<string, Market>

/**
 * Markets whose rates rise at one time and fall back at another (s), to which they are then accrued; `env` knows what else of the deployment
 * they rest on.
 */
export const afterRises = (
  { withRates }: Adapter,
  stored: Markets,
  rises: Rises,
  env: Env,
  [from, to]: readonly [from: number, to: number],
): Markets => {
  if (!withRates) return stored
  const rise = riseOf(rises)
  const changed = (markets: Markets, change: RateRise, timestamp: number): Markets => {
    const then = { ...env, timestamp, markets: (name: string) => markets.get(name) ?? env.markets(name) }
    return new Map([...markets].map(([name, market]) => [name, withRates(market, change, then)]))
  }
  return changed(changed(stored, rise, from), (asset) => -rise(asset), to)
}

/** A deployment whose rates were raised since the stored block, so many seconds later. */
export const raisedBook = (source: StressBook, rises: Rises, seconds: number): StressBook => {
  const { adapter, mirror, env } = source
  const { deployment, positions, prices, tallies } = mirror
  const span = [env.timestamp, env.timestamp + seconds] as const
  const markets = afterRises(adapter, mirror.markets, rises, env, span)
  if (markets === mirror.markets) return source
  return {
    ...source,
    mirror: { deployment, markets, positions, prices, tallies },
    env: { ...env, markets: (name) => markets.get(name) ?? env.markets(name) },
  }
}

/** Debts of one deployment that are asked to cost more, or less, and cannot: no market sets their rate. Rounded dollars at stored prices. */
export type KeptRates = {
  readonly chainId: number
  readonly protocol: string
  readonly deployment: string
  readonly symbols: readonly string[]
  readonly loans: number
  readonly debtUsd: number
}

/** By name of a market, the assets whose rates it moves; those of shared markets by none. */
const movableIn = ({ adapter, mirror, env }: StressBook): ReadonlyMap<string, ReadonlySet<Address>> => {
  const movable = new Map<string, Set<Address>>()
  for (const [name, market] of mirror.markets) {
    const key = market.isShared ? '' : name
    const assets = movable.get(key) ?? new Set()
    movable.set(key, assets)
    adapter.withRates?.(
      market,
      (asset) => {
        assets.add(asset)
        return 0n
      },
      env,
    )
  }
  return movable
}

/** Debts whose rates stay as they are though they are to rise; undefined where there are none. */
export const keptRates = (
  source: StressBook,
  { borrowers, at }: Values,
  keys: readonly string[],
  rises: Rises,
): KeptRates | undefined => {
  const rise = riseOf(rises)
  const movable = movableIn(source)
  const shared = movable.get('')
  const stored = at(source.env)
  const symbols = new Set<string>()
  let [loans, debtUsd] = [0, 0]
  for (const slot of borrowers) {
    const key = keys[slot] as string
    const own = movable.get(key.slice(0, key.indexOf(':')))
    const kept = stored
      .legsOf(slot)
      .filter(
        ({ side, asset }) => side === 'debt' && rise(asset) !== 0n && !own?.has(asset) && !shared?.has(asset),
      )
    if (kept.length === 0) continue
    loans += 1
    for (const { symbol, dollars } of kept) {
      symbols.add(symbol)
      debtUsd += dollars
    }
  }
  if (loans === 0) return undefined
  const { chainId, protocol, deployment } = source.mirror.deployment
  return { chainId, protocol, deployment, symbols: [...symbols].sort(), loans, debtUsd }
}
