// How contract views become calls.
import { callsWith } from '../../calls.ts'

/** A getter of one or two words behind a proxy, the diamond's facets included. */
export const VIEW_GAS_MAX = 60_000
/** Views that compute: cash by a token's balance, a rate by its model, a balance by its index. */
export const COMPUTED_GAS_MAX = 300_000
/** Lists, and what a native market's fallback does when it is asked for what it does not have: it accrues and mints nothing. */
export const LONG_GAS_MAX = 900_000

/** A view of a contract, called with at most `gasMax`. */
export const viewOf = callsWith(VIEW_GAS_MAX)
