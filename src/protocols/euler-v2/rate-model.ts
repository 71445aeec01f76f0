// Interest rates: InterestRateModels/IRMLinearKink.sol, shared/BorrowUtils.sol.
import { UINT256_MAX } from '../../units/brands.ts'
import { raisedBy } from '../raising.ts'
import { owedToAssetsUp } from './math.ts'
import type { VaultStatus } from './state.ts'

/** BorrowUtils caps what a model answers: a ray per second. */
const RATE_MAX = 291_867_278_914_945_094_175n

const UTILIZATION_MAX = 2n ** 32n - 1n

/** Rates per second as rays, slopes per unit of utilisation, of which 2^32 − 1 is all; `kink` a utilisation; `rise` is what a scenario adds. */
export type LinearKink = {
  readonly kind: 'linear-kink'
  readonly baseRate: bigint
  readonly slope1: bigint
  readonly slope2: bigint
  readonly kink: bigint
  readonly rise?: bigint
}

/** A rate as a vault takes it. */
export const cappedRate = (rate: bigint): bigint => (rate > RATE_MAX ? RATE_MAX : rate)

/** `held`: no model, or one of another make, whose rate stays as it was last seen until the vault says another. */
export type RateModel = LinearKink | { readonly kind: 'held' }

/** IRMLinearKink.computeInterestRate: a ray per second, beyond 256 bits where it reverts. Utilisation is cut. */
export const linearKinkRate = (model: LinearKink, cash: bigint, borrows: bigint): bigint => {
  const { baseRate, slope1, slope2, kink } = model
  const total = cash + borrows
  const utilization = total === 0n ? 0n : (borrows * UTILIZATION_MAX) / total
  if (utilization <= kink) return baseRate + utilization * slope1
  return baseRate + kink * slope1 + slope2 * (utilization - kink)
}

/** BorrowUtils.computeInterestRate: the words with the rate that a vault status check sets. A model that reverts leaves the rate. */
export const withNewRate = (status: VaultStatus, model: RateModel): VaultStatus => {
  if (model.kind === 'held') return status
  const rate = linearKinkRate(model, status.cash, owedToAssetsUp(status.totalBorrows))
  if (rate > UINT256_MAX) return status
  return { ...status, interestRate: cappedRate(raisedBy(rate, model.rise)) }
}
