// Morpho's storage, read with extSloads: where it keeps what (MorphoStorageLib), and what the words say.
import {
  type Address,
  concatHex,
  encodeFunctionData,
  getAddress,
  type Hex,
  hexToBigInt,
  keccak256,
  pad,
  toHex,
} from 'viem'
import { morphoAbi } from '../../../abis/morpho-blue.ts'
import type { Call, CallResult } from '../../model/evm.ts'
import { type Answer, answerOf } from '../answers.ts'
import type { Id, MarketParams, Totals } from './state.ts'

const FEE_RECIPIENT_SLOT = 1n
const POSITION_SLOT = 2n
const MARKET_SLOT = 3n
const IS_AUTHORIZED_SLOT = 6n
const ID_TO_MARKET_PARAMS_SLOT = 8n

export const PARAMS_WORD_COUNT = 5
export const TOTALS_WORD_COUNT = 3

/** Where a mapping at `slot` keeps the value of a key: an id or an address. */
const mappingSlot = (key: Hex, slot: Hex): Hex => keccak256(concatHex([pad(key, { size: 32 }), slot]))

const wordOf = (slot: bigint): Hex => toHex(slot, { size: 32 })

const offset = (slot: Hex, words: number): Hex => wordOf((hexToBigInt(slot) + BigInt(words)) % 2n ** 256n)

const consecutive = (slot: Hex, count: number): readonly Hex[] =>
  Array.from({ length: count }, (_, index) => offset(slot, index))

export const feeRecipientSlot: Hex = wordOf(FEE_RECIPIENT_SLOT)

export const paramsSlots = (id: Id): readonly Hex[] =>
  consecutive(mappingSlot(id, wordOf(ID_TO_MARKET_PARAMS_SLOT)), PARAMS_WORD_COUNT)

export const totalsSlots = (id: Id): readonly Hex[] =>
  consecutive(mappingSlot(id, wordOf(MARKET_SLOT)), TOTALS_WORD_COUNT)

/** By market: an account is looked for in all of them, with every head. */
const positionsSlots = new Map<Id, Hex>()

const positionSlot = (id: Id, account: Address): Hex => {
  const ofMarket = positionsSlots.get(id) ?? mappingSlot(id, wordOf(POSITION_SLOT))
  positionsSlots.set(id, ofMarket)
  return mappingSlot(account, ofMarket)
}

/** The word of supply shares. */
export const supplySlot = (id: Id, account: Address): Hex => positionSlot(id, account)

/** The word that packs borrow shares and collateral. */
export const loanSlot = (id: Id, account: Address): Hex => offset(positionSlot(id, account), 1)

export const isAuthorizedSlot = (authorizer: Address, authorized: Address): Hex =>
  mappingSlot(authorized, mappingSlot(authorizer, wordOf(IS_AUTHORIZED_SLOT)))

/** Two uint128 of one word: the first declared is the lower half. */
export const halvesOf = (word: Hex): readonly [low: bigint, high: bigint] => {
  const value = hexToBigInt(word)
  return [value & (2n ** 128n - 1n), value >> 128n]
}

export const addressIn = (word: Hex): Address => getAddress(`0x${word.slice(-40)}`)

const ZERO_WORD = wordOf(0n)

/** A market's parameters by the words of `paramsSlots`; undefined where there is no such market. */
export const paramsIn = (words: readonly Hex[]): MarketParams | undefined => {
  const [loan = ZERO_WORD, collateral = ZERO_WORD, oracle = ZERO_WORD, irm = ZERO_WORD, lltv = ZERO_WORD] =
    words
  if (words.every((word) => word === ZERO_WORD)) return undefined
  return {
    loanToken: addressIn(loan),
    collateralToken: addressIn(collateral),
    oracle: addressIn(oracle),
    irm: addressIn(irm),
    lltv: hexToBigInt(lltv),
  }
}

/** A market's totals by the words of `totalsSlots`; undefined where the market was never created. */
export const totalsIn = (words: readonly Hex[]): Totals | undefined => {
  const [supply = ZERO_WORD, borrow = ZERO_WORD, update = ZERO_WORD] = words
  const [totalSupplyAssets, totalSupplyShares] = halvesOf(supply)
  const [totalBorrowAssets, totalBorrowShares] = halvesOf(borrow)
  const [lastUpdate, fee] = halvesOf(update)
  if (lastUpdate === 0n) return undefined
  return {
    totalSupplyAssets,
    totalSupplyShares,
    totalBorrowAssets,
    totalBorrowShares,
    lastUpdate: Number(lastUpdate),
    fee,
  }
}

const SLOADS_GAS_BASE = 30_000
const SLOADS_GAS_PER_WORD = 2_600

/** Words of Morpho's storage, as many as are asked for, in one call. */
export const sloads = (morpho: Address, slots: readonly Hex[]): Call => ({
  to: morpho,
  data: encodeFunctionData({ abi: morphoAbi, functionName: 'extSloads', args: [slots] }),
  gasMax: SLOADS_GAS_BASE + SLOADS_GAS_PER_WORD * slots.length,
})

/** The words that `sloads` asked for; another number of them is no answer. */
export const wordsOf = (result: CallResult | undefined, count: number): Answer<readonly Hex[]> => {
  const answer = answerOf(morphoAbi, 'extSloads', result)
  if (answer.ok && answer.value.length !== count) {
    const error = `extSloads answered ${answer.value.length} words instead of ${count}`
    return { ok: false, error, fault: { reason: 'read-failed', detail: error } }
  }
  return answer
}
