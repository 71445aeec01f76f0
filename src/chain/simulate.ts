// One transaction as if it were sent at a block, from an account that has what it needs: nothing is sent, nothing changes.
import { type Address, type Hex, numberToHex } from 'viem'
import type { BlockRef } from '../model/block.ts'
import type { Failover } from './failover.ts'
import { revertReason } from './multicall.ts'
import { requestAt } from './pinned.ts'
import { EndpointError } from './rpc-error.ts'

/** `value` in wei. */
export type CallRequest = {
  readonly from: Address
  readonly to: Address
  readonly data: Hex
  readonly value?: bigint
}

/** What a call finds in place of an account's own state: its balance (wei), its code, some words of its storage by slot. */
export type Override = {
  readonly balance?: bigint
  readonly code?: Hex
  readonly words?: Readonly<Record<Hex, Hex>>
}

export type Overrides = Readonly<Record<Address, Override>>

/** What the call answered, or why it was reverted. */
export type Simulated =
  | { readonly kind: 'answered'; readonly data: Hex }
  | { readonly kind: 'reverted'; readonly reason: string }

const isRevert = (error: unknown): error is EndpointError & { readonly revertData: Hex } =>
  error instanceof EndpointError && error.revertData !== undefined

const parametersOf = ({ value, ...call }: CallRequest): object => ({
  ...call,
  ...(value === undefined ? {} : { value: numberToHex(value) }),
})

const overridesOf = (overrides: Overrides): object =>
  Object.fromEntries(
    Object.entries(overrides).map(([account, { balance, code, words }]) => [
      account,
      {
        ...(balance === undefined ? {} : { balance: numberToHex(balance) }),
        ...(code === undefined ? {} : { code }),
        ...(words === undefined ? {} : { stateDiff: words }),
      },
    ]),
  )

/** What one call at a block answers while accounts are as the overrides say. Throws where no endpoint answers. */
export const simulateCall = async (
  failover: Failover,
  block: BlockRef,
  call: CallRequest,
  overrides: Overrides,
): Promise<Simulated> => {
  const request = { method: 'eth_call', before: [parametersOf(call)], after: [overridesOf(overrides)] }
  try {
    const data = await failover.use((endpoint) => requestAt(endpoint, request, block), { isFinal: isRevert })
    return { kind: 'answered', data: data as Hex }
  } catch (error) {
    if (!isRevert(error)) throw error
    return { kind: 'reverted', reason: revertReason(error.revertData) }
  }
}

/** The gas that it would use, as an endpoint estimates it. Throws where none does. */
export const estimateGas = async (
  failover: Failover,
  block: BlockRef,
  call: CallRequest,
  overrides: Overrides,
): Promise<bigint> => {
  const request = { method: 'eth_estimateGas', before: [parametersOf(call)], after: [overridesOf(overrides)] }
  const gas = await failover.use((endpoint) => requestAt(endpoint, request, block), { isFinal: isRevert })
  return BigInt(gas as Hex)
}
