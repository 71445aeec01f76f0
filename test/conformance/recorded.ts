// The recorded worlds of every protocol in the registry: states of real contracts, for what all adapters promise.
import { existsSync } from 'node:fs'
import { basename, join } from 'node:path'
import fc from 'fast-check'
import { readVectors, vectorModule, vectorPaths } from '../../scripts/vector-files.ts'
import type { Assessment, Health } from '../../src/model/assessment.ts'
import type { Market, Position } from '../../src/model/market.ts'
import type { Adapter } from '../../src/protocols/adapter.ts'
import { registry } from '../../src/protocols/registry.ts'
import type { World } from '../../src/protocols/vectors.ts'
import { sized } from '../support/size.ts'

/** How many states of one file are taken, spread over all of it; the long tests take every one. */
const WORLDS_PER_FILE_MAX = 100

const VECTORS = join(import.meta.dirname, '..', 'vectors')

/** `name` says in which file, and where in it. */
export type Recorded = World & { readonly name: string }

export type Subject = {
  readonly protocol: string
  readonly adapter: Adapter
  readonly worlds: readonly Recorded[]
}

const frozen = <T>(value: T): T => {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  for (const part of Object.values(value)) frozen(part)
  return Object.freeze(value)
}

/** An adapter that writes to what it is given throws. */
const withFrozenState = (world: Recorded): Recorded => {
  frozen(world.market)
  frozen(world.position)
  return world
}

const worldsOf = async (protocol: string): Promise<readonly Recorded[]> => {
  if (!existsSync(join(VECTORS, protocol))) return []
  const { worlds } = await vectorModule(protocol)
  return vectorPaths(VECTORS, protocol).flatMap((path) => {
    const all = [...worlds(readVectors(path))].map((world, index) => ({
      ...world,
      name: `${basename(path)}, world ${index}`,
    }))
    const step = Math.ceil(all.length / sized(WORLDS_PER_FILE_MAX, all.length))
    return all.filter((_, index) => index % step === 0).map(withFrozenState)
  })
}

const readSubjects = async (): Promise<readonly Subject[]> => {
  const all = await Promise.all(
    registry.map(async (adapter) => ({
      protocol: adapter.protocol,
      adapter,
      worlds: await worldsOf(adapter.protocol),
    })),
  )
  return all.filter(({ worlds }) => worlds.length > 0)
}

let subjects: Promise<readonly Subject[]> | undefined

/**
 * Adapters that have recorded worlds, read once for all files of tests: nothing can change them. `test/conformance/registry.test.ts` sees that
 * none goes without any proof.
 */
export const recordedSubjects = (): Promise<readonly Subject[]> => {
  subjects ??= readSubjects()
  return subjects
}

/** Holds a promise against so many worlds, and whatever else it wants, drawn by chance. */
export const always = <T>(
  { worlds }: Subject,
  drawn: fc.Arbitrary<T>,
  promise: (world: Recorded, draw: T) => void,
  numRuns = sized(40, 1_000),
): void => {
  fc.assert(
    fc.property(fc.nat(worlds.length - 1), drawn, (index, draw) => promise(worlds[index] as Recorded, draw)),
    { numRuns },
  )
}

/** The world's own position, or another state of it, assessed in its block. */
export const assessIn = (
  { adapter }: Subject,
  { market, position, env }: { market: Market; position: Position; env: World['env'] },
): Assessment => adapter.assess(market, position, env)

/** By how much, in wad, the revision's own rounding may move this health against the direction of a price or a supply. */
export const roundingOf = ({ healthRounding }: Recorded, health: Health): bigint =>
  healthRounding === undefined || health.debtValue === 0n ? 0n : healthRounding(health)
