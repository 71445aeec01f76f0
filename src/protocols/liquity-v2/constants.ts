// Constants.sol of liquity/bold: compiled into the contracts, without getters. A fork that changes one is another revision.
import { WAD } from '../../units/brands.ts'

/** WETH that a trove puts up for whoever liquidates it. */
export const ETH_GAS_COMPENSATION = 375n * 10n ** 14n

/** Of the collateral that goes to the Stability Pool the caller gets this part, up to the cap in units of the collateral. */
export const COLL_GAS_COMPENSATION_DIVISOR = 200n
export const COLL_GAS_COMPENSATION_CAP = 2n * WAD

/** What an open trove owes at least; a redemption that leaves less makes it a zombie. */
export const MIN_DEBT = 2_000n * WAD

/** Deposits that offsets never touch. */
export const MIN_BOLD_IN_SP = WAD

/** No debt joins a batch whose debt per share is above this. */
export const MAX_BATCH_SHARES_RATIO = 10n ** 9n

export const ONE_YEAR = 31_536_000n
export const UPFRONT_INTEREST_PERIOD = 7n * 86_400n

/** Redemption rates are wads; the base rate halves in six hours. */
export const REDEMPTION_FEE_FLOOR = WAD / 200n
export const REDEMPTION_MINUTE_DECAY_FACTOR = 998_076_443_575_628_800n
export const REDEMPTION_BETA = 1n
export const ONE_MINUTE = 60n

/** What an urgent redemption gets beyond the oracle's price, a wad. */
export const URGENT_REDEMPTION_BONUS = WAD / 50n
