import { type Address, getAddress, getContractAddress, type Hex, keccak256, slice, stringToHex } from 'viem'

/** One transaction to be sent. Without `to` it creates a contract. */
export type Transaction = {
  readonly from: Address
  readonly to?: Address
  readonly data: Hex
  /** In wei. */
  readonly value?: bigint
  readonly gas?: number
}

/** A list of transactions of one sender who never sent any before: addresses of its contracts are known at once. */
export type Plan = {
  readonly from: Address
  readonly transactions: readonly Transaction[]
  deploy(code: Hex): Address
  call(to: Address, data: Hex): void
}

const GAS_OF_SETUP = 60_000_000

/** The address that a name stands for, with no key: anvil impersonates every sender. */
export const namedAccount = (name: string): Address =>
  getAddress(slice(keccak256(stringToHex(`plimsoll devnet ${name}`)), 12))

/** Plans transactions of `from`, whose nonce must be 0 when the first is mined. */
export const createPlan = (from: Address): Plan => {
  const transactions: Transaction[] = []
  return {
    from,
    transactions,
    deploy: (code) => {
      const address = getContractAddress({ from, nonce: BigInt(transactions.length) })
      transactions.push({ from, data: code, gas: GAS_OF_SETUP })
      return address
    },
    call: (to, data) => {
      transactions.push({ from, to, data, gas: GAS_OF_SETUP })
    },
  }
}
