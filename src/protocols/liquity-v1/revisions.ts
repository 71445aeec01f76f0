// In what the code of systems differs. Which one stands there is found out by a probe, never by the chain.
import { WAD } from '../../units/brands.ts'
import { assertThat, min, sub, toWad } from './math.ts'
import type { Totals } from './settlement.ts'
import type { System } from './state.ts'

/** batchLiquidateTroves, of which `liquidate` is the case of one trove, and liquidateTroves, which goes by the sorted list. */
export type Selection = 'batch' | 'sequence'

export type Revision = {
  /** How much of the stability pool's deposits liquidations may use. */
  offsetMax(system: System): bigint
  /** Collateral that the running total of a call in recovery mode loses with one liquidation. */
  collLeaving(takings: Totals, selection: Selection): bigint
  /** StabilityPool._computeRewardsPerUnitStaked: the loss error that offsetting `debt` leaves behind, or its refusal. */
  lossErrorAfter(system: System, debt: bigint): bigint
}

/** The error of a loss per unit that is rounded up: what depositors lose beyond `numerator`, a wad of the debt token. */
const roundedLossError = (numerator: bigint, deposits: bigint): bigint =>
  (numerator / deposits + 1n) * deposits - numerator

const deployed: Revision = {
  offsetMax: ({ deposits }) => deposits,
  collLeaving: ({ collToPool, surplus }, selection) =>
    selection === 'sequence' ? collToPool + surplus : collToPool,
  lossErrorAfter: ({ deposits, lossError }, debt) => {
    assertThat(debt <= deposits)
    return debt === deposits ? 0n : roundedLossError(sub(toWad(debt), lossError), deposits)
  },
}

/** One debt token always stays in the pool. */
const DEPOSITS_MIN = WAD

const head: Revision = {
  offsetMax: ({ deposits, lossError }) => {
    const usable = deposits - min(DEPOSITS_MIN, deposits)
    return toWad(usable) <= lossError ? 0n : usable
  },
  collLeaving: ({ collToPool, collGasCompensation, surplus }) => collToPool + collGasCompensation + surplus,
  lossErrorAfter: ({ deposits, lossError }, debt) => {
    assertThat(debt < deposits)
    const numerator = toWad(debt) <= lossError ? 0n : toWad(debt) - lossError
    return roundedLossError(numerator, deposits)
  },
}

/**
 * `head` is liquity/dev as it stands; `deployed` its commit 5174ecd0, the code on mainnet; `zero` Sovryn Zero, which
 * computes as `deployed` and lets its owner change the parameters.
 */
export const revisions = { head, deployed, zero: deployed } as const satisfies Record<string, Revision>

export type RevisionName = keyof typeof revisions
