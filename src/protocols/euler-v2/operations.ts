// What a vault lets happen: hooks and caps (shared/Base.sol, checkVaultStatus in modules/RiskManager.sol).
import { zeroAddress } from 'viem'
import { requireThat } from '../refusing.ts'
import { owedToAssetsDown, owedToAssetsUp } from './math.ts'
import { withNewRate } from './rate-model.ts'
import type { ReadVault, VaultStatus } from './state.ts'

/** Bits of `hookedOps`. */
export const OP = {
  deposit: 1n << 0n,
  mint: 1n << 1n,
  withdraw: 1n << 2n,
  redeem: 1n << 3n,
  transfer: 1n << 4n,
  borrow: 1n << 6n,
  repay: 1n << 7n,
  liquidate: 1n << 11n,
  vaultStatusCheck: 1n << 14n,
} as const

/** Base.isOperationDisabled: hooked, without a contract to ask. */
export const isDisabled = ({ config }: Pick<ReadVault, 'config'>, operation: bigint): boolean =>
  (config.hookedOps & operation) !== 0n && config.hookTarget === zeroAddress

/** Whether a contract of the governor's is asked first, which may refuse anything. */
export const isHooked = ({ config }: Pick<ReadVault, 'config'>, operation: bigint): boolean =>
  (config.hookedOps & operation) !== 0n && config.hookTarget !== zeroAddress

/** Base.callHook. What a hook's contract says is not known: it is taken to agree. */
export const requireEnabled = (vault: ReadVault, operation: bigint): void =>
  requireThat(!isDisabled(vault, operation), 'E_OperationDisabled')

const requireCaps = ({ config, status }: ReadVault, before: VaultStatus): void => {
  const borrows = owedToAssetsUp(status.totalBorrows)
  const borrowsBefore = owedToAssetsUp(before.totalBorrows)
  requireThat(borrows <= config.borrowCap || borrows <= borrowsBefore, 'E_BorrowCapExceeded')
  const supply = status.cash + owedToAssetsDown(status.totalBorrows)
  requireThat(supply <= config.supplyCap || supply <= before.cash + borrowsBefore, 'E_SupplyCapExceeded')
}

/** RiskManager.checkVaultStatus: the new rate, and caps against the accrued words before the operation. */
export const checkedVault = <V extends ReadVault>(vault: V, before: VaultStatus): V => {
  requireCaps(vault, before)
  requireEnabled(vault, OP.vaultStatusCheck)
  return { ...vault, status: withNewRate(vault.status, vault.config.rateModel) }
}
