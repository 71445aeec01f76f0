// A spiral beside the same liquidations at prices that do not mind them.
import { type CascadeRun, type CascadeStep, cascade } from './cascade.ts'
import { venuesOf } from './cascade-impact.ts'
import type { Depth } from './scenario.ts'
import type { Names } from './scenario-moves.ts'
import type { StressBook } from './stress-book.ts'

/** What markets `factor` times as deep make of it. */
export type Sensitivity = {
  readonly factor: number
  readonly liquidations: number
  readonly repaidUsd: number
  readonly badDebtUsd: number
  readonly amplification: number | null
  readonly left: CascadeRun['left']
}

/**
 * `still` is without feedback. `amplification`: debt that falls in the spiral (repaid, written off, or left liquidatable) per debt
 * that falls without it; null where none does.
 * `onlyBySpiral`: ids of positions that are liquidated in the spiral alone.
 */
export type CascadeReport = {
  readonly spiral: CascadeRun
  readonly still: CascadeRun
  readonly amplification: number | null
  readonly onlyBySpiral: readonly string[]
  readonly sensitivity: readonly Sensitivity[]
}

const FACTORS = [0.25, 0.5, 1, 2, 4] as const

/** Written off, and what is beyond collateral at rest. */
export const badDebtOf = ({ badDebtUsd, outstanding }: CascadeRun): number =>
  badDebtUsd + outstanding.badDebtUsd

const fallenOf = ({ repaidUsd, badDebtUsd, outstanding }: CascadeRun): number =>
  repaidUsd + badDebtUsd + outstanding.debtUsd

const amplificationOf = (spiral: CascadeRun, still: CascadeRun): number | null =>
  fallenOf(still) > 0 ? fallenOf(spiral) / fallenOf(still) : null

/** Runs a cascade at the stated depths, at fractions and multiples of them, and without feedback. `onRun` hears of each run that is done. */
export const cascadeReport = (
  sources: readonly StressBook[],
  steps: readonly CascadeStep[],
  depths: readonly Depth[],
  names: Names,
  onRun: (done: number, total: number) => void,
): CascadeReport => {
  const total = FACTORS.length + 1
  const still = cascade(sources, steps, venuesOf([], names, 1))
  onRun(1, total)
  const runs = FACTORS.map((factor, index) => {
    const run = cascade(sources, steps, venuesOf(depths, names, factor))
    onRun(index + 2, total)
    return { factor, run }
  })
  const spiral = runs.find(({ factor }) => factor === 1)?.run ?? still
  return {
    ...{ spiral, still, amplification: amplificationOf(spiral, still) },
    onlyBySpiral: [...spiral.liquidatedIds].filter((id) => !still.liquidatedIds.has(id)),
    sensitivity: runs.map(({ factor, run }) => ({
      factor,
      liquidations: run.liquidations,
      repaidUsd: run.repaidUsd,
      badDebtUsd: badDebtOf(run),
      amplification: amplificationOf(run, still),
      left: run.left,
    })),
  }
}
