// Where a cToken's storage keeps `accountBorrows`, which no function tells: found by trial, believed only if it gives the balance
// that the contract tells.
import { type Address, encodeAbiParameters, type Hex, hexToBigInt, keccak256, size, slice, toHex } from 'viem'
import type { CallResult, StorageRead } from '../../model/evm.ts'
import { mulDivDown } from '../../units/mul-div.ts'
import type { BorrowSnapshot } from './accrual.ts'

const WORD_BYTES = 32

/** Slots of the mapping in known code are between these: CTokenStorage has it at 16, code of 2019 and forks a few before or after. */
const SLOT_MIN = 8
const SLOT_MAX = 31

const everySlot: readonly number[] = Array.from(
  { length: SLOT_MAX - SLOT_MIN + 1 },
  (_, index) => SLOT_MIN + index,
)

/** Slots to try: the one that was found, else all that may be. */
export const slotsToTry = (known: number | undefined): readonly number[] =>
  known === undefined ? everySlot : [known]

/** Both words of an account's snapshot, for each slot of the mapping. */
export const snapshotRead = (cToken: Address, account: Address, slots: readonly number[]): StorageRead => ({
  to: cToken,
  slots: slots.flatMap((slot): readonly Hex[] => {
    const first = keccak256(
      encodeAbiParameters([{ type: 'address' }, { type: 'uint256' }], [account, BigInt(slot)]),
    )
    return [first, toHex((hexToBigInt(first) + 1n) % 2n ** 256n, { size: WORD_BYTES })]
  }),
})

type Found = { readonly slot: number; readonly snapshot: BorrowSnapshot }

/** The first of the slots whose words are a snapshot of `balance` (units of the underlying) at the market's index. */
export const snapshotIn = (
  result: CallResult | undefined,
  slots: readonly number[],
  balance: bigint,
  borrowIndex: bigint,
): Found | undefined => {
  if (!result?.ok || size(result.data) !== slots.length * 2 * WORD_BYTES) return undefined
  const wordAt = (index: number): bigint =>
    hexToBigInt(slice(result.data, index * WORD_BYTES, (index + 1) * WORD_BYTES))
  for (const [index, slot] of slots.entries()) {
    const snapshot = { principal: wordAt(2 * index), interestIndex: wordAt(2 * index + 1) }
    if (isOf(snapshot, balance, borrowIndex)) return { slot, snapshot }
  }
  return undefined
}

/** Whether a snapshot gives this balance at the market's index, as it must. */
const isOf = ({ principal, interestIndex }: BorrowSnapshot, balance: bigint, borrowIndex: bigint): boolean =>
  principal > 0n &&
  principal < 2n ** 128n &&
  interestIndex > 0n &&
  interestIndex <= borrowIndex &&
  mulDivDown(principal, borrowIndex, interestIndex) === balance

/** What is known of a debt, if the balance that the contract tells agrees; an estimate is never confirmed. */
export const confirmedBy = (
  known: BorrowSnapshot | undefined,
  balance: bigint,
  borrowIndex: bigint,
): BorrowSnapshot | undefined => {
  if (!known || known.from === 'estimate' || !isOf(known, balance, borrowIndex)) return undefined
  const { principal, interestIndex } = known
  return { principal, interestIndex }
}

/** The balance itself, which is right at this block and within a unit later. */
export const estimateOf = (principal: bigint, interestIndex: bigint): BorrowSnapshot => ({
  principal,
  interestIndex,
  from: 'estimate',
})
