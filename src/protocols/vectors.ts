// How golden vectors are held against an adapter's own functions. Test support: not part of the build.
import type { Hex } from 'viem'
import type { Health } from '../model/assessment.ts'
import { type Json, toJson } from '../model/json.ts'
import type { Market, Position } from '../model/market.ts'
import { remembered } from '../units/remembered.ts'
import type { Env } from './adapter.ts'

/** One record of a vector file and what differs from it; nothing where all agrees. `kind` groups records in the table. */
export type VectorResult = {
  readonly kind: string
  readonly id: string
  readonly mismatches: readonly string[]
}

/** Runs every record of one vector file through the functions that the product itself calls. Throws on a file it does not know. */
export type VectorChecks = (file: VectorFile) => Iterable<VectorResult>

/** A parsed vector file: big integers are decimal strings. */
// biome-ignore lint/suspicious/noExplicitAny: recorded data, whose shape the README beside it describes
export type VectorFile = Record<string, any>

/**
 * One recorded state as its adapter sees it. `healthRounding` is by how much, in wad, the revision's own rounding may
 * raise that health when the price of a collateral falls; left out, not at all.
 */
export type World<M extends Market = Market, P extends Position = Position> = {
  readonly market: M
  readonly position: P
  readonly env: Env
  readonly healthRounding?: (health: Health) => bigint
}

/** Every position in a vector file, for tests of what all adapters promise; none where a file records something else. */
export type Worlds = (file: VectorFile) => Iterable<World>

const STAND_INS_MAX = 16_384

/** How an adapter makes an address, or an id, of a recorded name or number. Records name few things, each of them often: what was made is remembered. */
export const standIns = <K extends string | number, A extends Hex>(make: (name: K) => A): ((name: K) => A) =>
  remembered(make, STAND_INS_MAX)

const shown = (value: unknown): string => {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 200 ? `${text.slice(0, 200)}…` : text
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const differences = (path: string, expected: unknown, actual: Json | undefined): readonly string[] => {
  if (isObject(expected)) {
    if (!isObject(actual)) return [`${path}: recorded ${shown(expected)}, ours ${shown(actual)}`]
    return Object.entries(expected).flatMap(([key, value]) =>
      differences(path === '' ? key : `${path}.${key}`, value, (actual as Record<string, Json>)[key]),
    )
  }
  if (Array.isArray(expected)) {
    const list = Array.isArray(actual) ? actual : undefined
    if (!list || list.length !== expected.length)
      return [`${path}: recorded ${shown(expected)}, ours ${shown(actual)}`]
    return expected.flatMap((value, index) => differences(`${path}[${index}]`, value, list[index]))
  }
  return expected === actual ? [] : [`${path}: recorded ${shown(expected)}, ours ${shown(actual)}`]
}

/**
 * What differs between what was recorded and what we compute: every recorded field is compared, in whatever order; we may
 * have more. Our bigints are compared as decimal strings.
 */
export const compareRecorded = (expected: unknown, actual: unknown): readonly string[] =>
  differences('', expected, toJson(actual))

/** One record; what throws is a mismatch that says so. */
export const checkRecord = (kind: string, id: string, mismatches: () => readonly string[]): VectorResult => {
  try {
    return { kind, id, mismatches: mismatches() }
  } catch (error) {
    return {
      kind,
      id,
      mismatches: [`threw ${error instanceof Error ? (error.stack ?? error.message) : error}`],
    }
  }
}
