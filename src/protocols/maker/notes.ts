// Anonymous LogNotes: the first topic is the selector of the function that was called, the others and the data its arguments.
import { type AbiFunction, type Address, getAddress, type Hex, padHex, slice, toFunctionSelector } from 'viem'
import type { Log } from '../../model/evm.ts'

/** The first topic of notes about a function. */
export const noteTopic = (fn: AbiFunction): Hex => padHex(toFunctionSelector(fn), { dir: 'right', size: 32 })

/** The first topic of notes about the functions of these names in an ABI. */
export const noteTopics = (abi: readonly unknown[], names: readonly string[]): readonly Hex[] =>
  (abi as readonly AbiFunction[])
    .filter(({ type, name }) => type === 'function' && names.includes(name))
    .map(noteTopic)

/** Where the calldata begins in a note's data: offset, length, selector. */
const CALLDATA_OFFSET = 32 + 32 + 4

/** The bytes32 of an argument, by its place. */
export const argumentOf = (log: Log, index: number): Hex => {
  const start = CALLDATA_OFFSET + 32 * index
  return slice(log.data, start, start + 32)
}

/** The same as an address. */
export const addressOf = (log: Log, index: number): Address => getAddress(slice(argumentOf(log, index), 12))
