// Calls of the branch's contracts.
import { callsWith } from '../../calls.ts'

const GETTER_GAS_MAX = 60_000

/** A call of a getter, or with `gasMax` of something that costs more. */
export const callOf = callsWith(GETTER_GAS_MAX)
