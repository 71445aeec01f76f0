import type { Address, Hash, Hex } from 'viem'

/**
 * A contract read that an adapter describes and the monitor performs. `gasMax` is what it may need at most, with which
 * calls are packed under the endpoint's cap. `immutable` answers never change while the contract stands.
 */
export type Call = {
  readonly to: Address
  readonly data: Hex
  readonly gasMax: number
  readonly immutable?: boolean
}

/** Every call's failure is its own. `error` says what the contract answered: its reason, or `reverted without a reason`. */
export type CallResult =
  | { readonly ok: true; readonly data: Hex }
  | { readonly ok: false; readonly data: Hex; readonly error: string }

/** Contracts whose logs of these first topics are wanted. `discovers`: enough of them from the first block on name every borrower. */
export type Subscription = {
  readonly addresses: readonly Address[]
  readonly topics: readonly Hex[]
  readonly discovers?: boolean
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
