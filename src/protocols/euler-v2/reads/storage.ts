// Words of storage that no function tells, as the compiler laid them out (euler-vault-kit@5b98b42 VaultStorage.sol and
// UserStorage.sol, ethereum-vault-connector@34bb788 EthereumVaultConnector.sol).
import { type Address, encodeAbiParameters, getAddress, type Hex, keccak256, pad, toHex } from 'viem'
import type { CallResult, StorageRead } from '../../../model/evm.ts'
import type { VaultStatus } from '../state.ts'

const STATUS_SLOTS = [2n, 3n, 4n, 5n, 6n]
const USERS_SLOT = 13n
const ACCOUNT_CONTROLLERS_SLOT = 27n
const WORD_DIGITS = 64

const slotOf = (slot: bigint): Hex => pad(toHex(slot), { size: 32 })

const mappingSlot = (key: Address, slot: bigint): bigint =>
  BigInt(keccak256(encodeAbiParameters([{ type: 'address' }, { type: 'uint256' }], [key, slot])))

/** The words of an answer; undefined where it is not `count` of them. */
const wordsOf = (result: CallResult | undefined, count: number): readonly bigint[] | undefined => {
  if (!result?.ok || result.data.length !== 2 + count * WORD_DIGITS) return undefined
  return Array.from({ length: count }, (_, index) =>
    BigInt(`0x${result.data.slice(2 + index * WORD_DIGITS, 2 + (index + 1) * WORD_DIGITS)}`),
  )
}

/** `bits` of a word from bit `offset` on. */
const bitsOf = (word: bigint, offset: bigint, bits: bigint): bigint => (word >> offset) & ((1n << bits) - 1n)

/** A vault's own words. */
export const statusWords = (vault: Address): StorageRead => ({ to: vault, slots: STATUS_SLOTS.map(slotOf) })

/** What they say. */
export const statusIn = (result: CallResult | undefined): VaultStatus | undefined => {
  const words = wordsOf(result, STATUS_SLOTS.length)
  if (!words) return undefined
  const [first = 0n, totals = 0n, fees = 0n, interestAccumulator = 0n, rates = 0n] = words
  return {
    lastInterestAccumulatorUpdate: Number(bitsOf(first, 0n, 48n)),
    cash: bitsOf(first, 48n, 112n),
    totalShares: bitsOf(totals, 0n, 112n),
    totalBorrows: bitsOf(totals, 112n, 144n),
    accumulatedFees: bitsOf(fees, 0n, 112n),
    interestAccumulator,
    interestRate: bitsOf(rates, 176n, 72n),
  }
}

/** An account's words in a vault. */
export const userWords = (vault: Address, account: Address): StorageRead => {
  const slot = mappingSlot(account, USERS_SLOT)
  return { to: vault, slots: [slotOf(slot), slotOf(slot + 1n)] }
}

/** The debt that they say. The topmost bit of the first word is a flag of another kind. */
export const debtIn = (
  result: CallResult | undefined,
): { readonly owed: bigint; readonly interestAccumulator: bigint } | undefined => {
  const [user, interestAccumulator] = wordsOf(result, 2) ?? []
  if (user === undefined || interestAccumulator === undefined) return undefined
  return { owed: bitsOf(user, 112n, 143n), interestAccumulator }
}

/** All 256 accounts of an owner: addresses that differ in the last byte only. */
export const subAccountsOf = (owner: Address): readonly Address[] =>
  Array.from({ length: 256 }, (_, id) =>
    getAddress(`${owner.slice(0, 40)}${id.toString(16).padStart(2, '0')}`),
  )

/** The words in which the EVC keeps each account's first controller; outside of a transaction there is no second. */
export const controllerWords = (evc: Address, accounts: readonly Address[]): StorageRead => ({
  to: evc,
  slots: accounts.map((account) => slotOf(mappingSlot(account, ACCOUNT_CONTROLLERS_SLOT))),
})

/** Each account's controller, undefined where it has none; undefined as a whole where there is no answer. */
export const controllersIn = (
  result: CallResult | undefined,
  count: number,
): readonly (Address | undefined)[] | undefined =>
  wordsOf(result, count)?.map((word) =>
    bitsOf(word, 0n, 8n) === 0n ? undefined : getAddress(pad(toHex(bitsOf(word, 8n, 160n)), { size: 20 })),
  )
