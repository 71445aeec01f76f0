// How far another's health factors are off, in parts per million of ours.
import type { Assessment } from '../../../src/model/assessment.ts'

/** A health factor (wad) by another, and whether it says liquidatable. */
export type Told = { readonly healthFactor: bigint; readonly isLiquidatable: boolean }

export type Difference = {
  readonly equal: number
  readonly largestPpm: number
  /** The largest among debts of at least one dollar. */
  readonly largestOfDollarPpm: number
  /** Positions that one of both calls liquidatable and the other does not. */
  readonly disagreeing: number
}

const ppmBetween = (ours: bigint, theirs: bigint): number =>
  ours === theirs ? 0 : Math.abs(Number(theirs - ours) / Number(ours)) * 1e6

/** Compares one by one; `dollar` is a dollar in the quote. Throws where ours is none. */
export const differenceOf = (
  ours: readonly Assessment[],
  theirs: readonly Told[],
  dollar: bigint,
): Difference => {
  const pairs = ours.map((our, index) => {
    const their = theirs[index]
    if (our.kind !== 'assessed' || !their) throw new Error(`position ${our.id} was not assessed`)
    return { our, their, ppm: ppmBetween(our.healthFactor, their.healthFactor) }
  })
  const largest = (list: typeof pairs): number => list.reduce((max, { ppm }) => Math.max(max, ppm), 0)
  return {
    equal: pairs.filter(({ our, their }) => our.healthFactor === their.healthFactor).length,
    largestPpm: largest(pairs),
    largestOfDollarPpm: largest(pairs.filter(({ our }) => our.debtValue >= dollar)),
    disagreeing: pairs.filter(({ our, their }) => our.isLiquidatable !== their.isLiquidatable).length,
  }
}
