import type { Liquidation } from '../model/liquidation.ts'
import type { Market, Position } from '../model/market.ts'
import type { PriceReading } from '../model/price.ts'
import type { Adapter, Change, Deployment, Key, Mirror } from '../protocols/adapter.ts'
import { type LayeredMap, layeredMap } from './layered-map.ts'
import { createPackedPositions, type PackedPositions } from './packed-positions.ts'
import { createWords, type Words } from './words.ts'

/** The committed state of one deployment in memory. Changed only by a commit: a draft merged, markets that a search found. */
export type MirrorBase = {
  readonly deployment: Deployment
  readonly markets: Map<string, Market>
  readonly positions: PackedPositions
  readonly prices: Map<Key, PriceReading>
  readonly tallies: Map<string, bigint>
  /** What a position adds to the tallies; undefined where there are none. */
  readonly talliesOf: Adapter['tallies']
}

/** A mirror of nothing yet, with the tallies of an adapter. `words` are those of the database that it is stored in. */
export const emptyMirror = (
  deployment: Deployment,
  { tallies }: Pick<Adapter, 'tallies'> = {},
  words: Words = createWords(),
): MirrorBase => ({
  deployment,
  markets: new Map(),
  positions: createPackedPositions(deployment, words),
  prices: new Map(),
  tallies: new Map(),
  talliesOf: tallies,
})

/** Adds what positions that were loaded, not drafted, add to the tallies. */
export const tallyLoaded = ({ positions, tallies, talliesOf }: MirrorBase): void => {
  if (!talliesOf) return
  for (const position of positions.values())
    for (const { name, amount } of talliesOf(position)) tallies.set(name, (tallies.get(name) ?? 0n) + amount)
}

/** Changes on top of a mirror that become part of it all at once, or not at all. */
export type Draft = {
  /** The mirror as it will be. */
  readonly mirror: Mirror
  readonly markets: LayeredMap<string, Market>
  readonly positions: LayeredMap<string, Position>
  readonly prices: LayeredMap<Key, PriceReading>
  /** Applies changes and answers the keys that they make due. */
  apply(changes: readonly Change[]): readonly Key[]
  /** Keys that could not be read and want to be with the next head. */
  readonly retries: ReadonlySet<Key>
  /** Liquidations among the changes so far. */
  readonly liquidations: readonly Liquidation[]
  /** Makes the changes part of the mirror, positions by `writePosition` where that is given. */
  merge(writePosition?: (key: string, position: Position) => void): void
}

/** Starts a draft over a mirror. */
export const draftOf = (base: MirrorBase): Draft => {
  const markets = layeredMap(base.markets)
  const positions = layeredMap(base.positions)
  const prices = layeredMap(base.prices)
  const tallies = layeredMap(base.tallies)
  const liquidations: Liquidation[] = []
  const retries = new Set<Key>()

  const put = <V>(map: LayeredMap<string, V>, key: string, value: V | undefined): void => {
    if (value !== undefined) map.set(key, value)
    else if (map.has(key)) map.delete(key)
  }

  const tally = (position: Position | undefined, sign: bigint): void => {
    for (const { name, amount } of (position && base.talliesOf?.(position)) ?? [])
      put(tallies, name, (tallies.get(name) ?? 0n) + sign * amount || undefined)
  }
  const putPosition = (key: string, position: Position | undefined): void => {
    if (base.talliesOf) {
      tally(positions.get(key), -1n)
      tally(position, 1n)
    }
    put(positions, key, position)
  }

  return {
    mirror: { deployment: base.deployment, markets, positions, prices, tallies },
    markets,
    positions,
    prices,
    liquidations,
    retries,
    apply: (changes) => {
      const due: Key[] = []
      for (const change of changes) {
        if (change.kind === 'due') due.push(change.key)
        else if (change.kind === 'retry') retries.add(change.key)
        else if (change.kind === 'market') put(markets, change.key, change.next(markets.get(change.key)))
        else if (change.kind === 'position') putPosition(change.key, change.next(positions.get(change.key)))
        else if (change.kind === 'price') prices.set(change.reading.key, change.reading)
        else liquidations.push(change.liquidation)
      }
      return due
    },
    merge: (writePosition) => {
      markets.merge()
      positions.merge(writePosition)
      prices.merge()
      tallies.merge()
    },
  }
}
