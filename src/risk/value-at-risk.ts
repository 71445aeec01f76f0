// What can be liquidated at every depth of a common fall.
import type { Address } from 'viem'
import { type Moves, withMore } from './scenario-moves.ts'
import { type Prepared, valuesLater, withRises } from './stress.ts'
import { movedEnv } from './stress-env.ts'
import { added, type Sum, sumOf } from './stress-sums.ts'

/** All that is liquidatable, and its bad debt, once prices have changed so much: parts per million. */
export type RiskAtDepth = { readonly changePpm: bigint; readonly liquidatable: Sum }

/** −1 % to −90 %, one percent after the other, in parts per million. */
export const DEPTHS_PPM: readonly bigint[] = Array.from({ length: 90 }, (_, index) =>
  BigInt(-10_000 * (index + 1)),
)

/** Liquidatable positions, and what they hold and owe, as the prices of some assets fall together; `moves` happen besides. */
export const valueAtRisk = (
  prepared: readonly Prepared[],
  moves: Moves,
  assets: readonly Address[],
  depthsPpm: readonly bigint[] = DEPTHS_PPM,
): readonly RiskAtDepth[] => {
  const later = prepared.map((stored) => {
    const one = withRises(stored, moves)
    return { one, values: valuesLater(one, moves.seconds) }
  })
  return depthsPpm.map((changePpm) => {
    const fallen = withMore(moves, new Map(assets.map((asset) => [asset, changePpm])))
    const sums = later.map(({ one, values }) => {
      const env = movedEnv(one.source, fallen)
      return sumOf(one.book.look(env).liquidatable, values.at(env))
    })
    return { changePpm, liquidatable: added(sums) }
  })
}
