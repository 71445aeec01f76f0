import { callsWith } from '../../calls.ts'

/** A getter reads a word or two of storage, behind a proxy at worst. */
export const GETTER_GAS_MAX = 30_000

/** A call of a contract's function. */
export const callOf = callsWith(GETTER_GAS_MAX)
