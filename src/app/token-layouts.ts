// Where tokens keep balances and allowances, as compilers and libraries lay them out.
import {
  type Address,
  concat,
  encodeAbiParameters,
  type Hex,
  keccak256,
  numberToHex,
  pad,
  parseAbiParameters,
} from 'viem'

/** Slots of one layout for a holder, and for what a spender may take of the holder's. */
export type TokenLayout = {
  balanceSlot(holder: Address): Hex
  allowanceSlot(holder: Address, spender: Address): Hex
}

/** Mappings are looked for up to these slots. */
const SOLIDITY_SLOTS_MAX = 256n
const VYPER_SLOTS_MAX = 32n

const addressAndWord = parseAbiParameters('address, bytes32')
const wordAndAddress = parseAbiParameters('bytes32, address')

const wordOf = (slot: bigint): Hex => numberToHex(slot, { size: 32 })

/** Solidity: keccak256(key . slot). */
const solidityEntry = (key: Address, slot: Hex): Hex =>
  keccak256(encodeAbiParameters(addressAndWord, [key, slot]))
/** Vyper: keccak256(slot . key). */
const vyperEntry = (key: Address, slot: Hex): Hex =>
  keccak256(encodeAbiParameters(wordAndAddress, [slot, key]))

const layoutOf = (entry: typeof solidityEntry, balances: Hex, allowances: Hex): TokenLayout => ({
  balanceSlot: (holder) => entry(holder, balances),
  allowanceSlot: (holder, spender) => entry(spender, entry(holder, allowances)),
})

/** OpenZeppelin 5, upgradeable: keccak256(abi.encode(uint256(keccak256("openzeppelin.storage.ERC20")) - 1)) & ~bytes32(uint256(0xff)). */
const OPENZEPPELIN = 0x52c63247e1f47db19d5ce0460030c497f067ca4cebf71ba98eeadabe20bace00n

/** Solady's ERC20: seeds of its balance and allowance slots. */
const SOLADY_BALANCE: Hex = '0x87a211a2'
const SOLADY_ALLOWANCE: Hex = '0x7f5e9f20'

const solady: TokenLayout = {
  balanceSlot: (holder) => keccak256(concat([holder, pad('0x', { size: 8 }), SOLADY_BALANCE])),
  allowanceSlot: (holder, spender) =>
    keccak256(concat([holder, pad('0x', { size: 8 }), SOLADY_ALLOWANCE, spender])),
}

const mappings = (entry: typeof solidityEntry, count: bigint): readonly TokenLayout[] =>
  Array.from({ length: Number(count) }, (_, slot) =>
    layoutOf(entry, wordOf(BigInt(slot)), wordOf(BigInt(slot))),
  )

/** All that are tried. Balances and allowances of one token may be of two of them, as they lie in slots of their own. */
export const tokenLayouts: readonly TokenLayout[] = [
  ...mappings(solidityEntry, SOLIDITY_SLOTS_MAX),
  ...mappings(vyperEntry, VYPER_SLOTS_MAX),
  layoutOf(solidityEntry, wordOf(OPENZEPPELIN), wordOf(OPENZEPPELIN + 1n)),
  solady,
]
