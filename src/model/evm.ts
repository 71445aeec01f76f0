import type { Address, Hash, Hex } from 'viem'

/**
 * A contract read that an adapter describes and the monitor performs. `gasMax` is what it may need at most, `before`
 * included, with which calls are packed under the endpoint's cap. `immutable` answers never change while the contract
 * stands. `before` are calls made first in the same frame, their answers dropped: an accrual whose effect the call sees.
 */
export type ContractCall = {
  readonly to: Address
  readonly data: Hex
  readonly gasMax: number
  readonly immutable?: boolean
  readonly before?: readonly ContractCall[]
}

/**
 * Words of a contract's storage, for state that no function tells; the answer is the words one after the other. All of a
 * round cost one request more than its calls, so they are for finding a position, not for following it.
 */
export type StorageRead = { readonly to: Address; readonly slots: readonly Hex[] }

export type Call = ContractCall | StorageRead

/** Every call's failure is its own. `error` says what the contract answered: its reason, or `reverted without a reason`. */
export type CallResult =
  | { readonly ok: true; readonly data: Hex }
  | { readonly ok: false; readonly data: Hex; readonly error: string }

/**
 * Contracts whose logs of these first topics are wanted. `discovers`: enough of them from the first block on name every
 * borrower. `announces`: enough of them from the first block on name every market, where no view lists them. `liquidates`: all
 * that tell of liquidations, for who follows no other logs.
 */
export type Subscription = {
  readonly addresses: readonly Address[]
  readonly topics: readonly Hex[]
  readonly discovers?: boolean
  readonly announces?: boolean
  readonly liquidates?: boolean
}

export type Log = {
  readonly address: Address
  readonly topics: readonly Hex[]
  readonly data: Hex
  readonly blockNumber: bigint
  readonly blockHash: Hash
  readonly logIndex: number
  readonly transactionHash: Hash
}
