// Positions, many in one call; and in which markets an account has one.
import type { Address, Hex } from 'viem'
import type { BlockRef } from '../../../model/block.ts'
import type { CallResult } from '../../../model/evm.ts'
import type { Fault } from '../../../model/market.ts'
import { chunksOf } from '../../../units/chunks.ts'
import { keys } from '../keys.ts'
import { halvesOf, isAuthorizedSlot, loanSlot, supplySlot } from '../slots.ts'
import {
  deploymentOf,
  due,
  type Id,
  isOpen,
  type MorphoChange,
  type MorphoMarket,
  type MorphoMirror,
  type MorphoPosition,
  type MorphoRead,
  positionKey,
  retry,
} from '../state.ts'
import { sloads, wordsOf } from '../storage.ts'

const SLOTS_PER_CALL_MAX = 500
const POSITIONS_PER_CALL_MAX = 150

/** A position to be read, and the contracts that may act for it. */
type Wanted = {
  readonly market: MorphoMarket
  readonly id: Id
  readonly account: Address
  readonly contracts: readonly Address[]
}

const slotsOf = ({ id, account, contracts }: Wanted): readonly Hex[] => [
  supplySlot(id, account),
  loanSlot(id, account),
  ...contracts.map((contract) => isAuthorizedSlot(account, contract)),
]

const positionIn = (
  { market, account, contracts }: Wanted,
  [supply = '0x', loan = '0x', ...flags]: readonly Hex[],
  block: BlockRef,
): MorphoPosition => {
  const [borrowShares, collateral] = halvesOf(loan)
  return {
    id: { ...market.id, account },
    owner: account,
    asOf: block.number,
    supplyShares: BigInt(supply),
    borrowShares,
    collateral,
    authorized: contracts.filter((_contract, index) => BigInt(flags[index] ?? '0x') !== 0n),
  }
}

/** A position that could not be read is there, but nothing is known of it. */
const unreadPosition = ({ market, account }: Wanted, block: BlockRef, fault: Fault): MorphoPosition => ({
  id: { ...market.id, account },
  owner: account,
  asOf: block.number,
  supplyShares: 0n,
  borrowShares: 0n,
  collateral: 0n,
  authorized: [],
  fault,
})

const decode = (
  wanted: readonly Wanted[],
  results: readonly CallResult[],
  block: BlockRef,
): readonly MorphoChange[] => {
  const words = wordsOf(results[0], wanted.flatMap(slotsOf).length)
  let offset = 0
  return wanted.flatMap((one): readonly MorphoChange[] => {
    const key = positionKey(one.id, one.account)
    if (!words.ok) {
      const fault: Fault = { reason: 'read-failed', detail: `extSloads: ${words.error}` }
      return [
        {
          kind: 'position',
          key,
          next: (current) => (current ? { ...current, fault } : unreadPosition(one, block, fault)),
        },
        retry(keys.position(one.id, one.account)),
      ]
    }
    const count = slotsOf(one).length
    const position = positionIn(one, words.value.slice(offset, offset + count), block)
    offset += count
    return [{ kind: 'position', key, next: () => (isOpen(position) ? position : undefined) }]
  })
}

/** Positions in known markets, by their words of storage and the borrowers' authorisations. */
export const readPositions = (
  places: readonly { readonly market: MorphoMarket; readonly id: Id; readonly account: Address }[],
): readonly MorphoRead[] => {
  const wanted = places.map(
    (place): Wanted => ({
      ...place,
      contracts: Object.keys(place.market.preLiquidations) as Address[],
    }),
  )
  return chunksOf(wanted, POSITIONS_PER_CALL_MAX).flatMap((chunk): readonly MorphoRead[] => {
    const [first] = chunk
    if (!first) return []
    return [
      {
        key: keys.position(first.id, first.account),
        calls: [sloads(first.market.morpho, chunk.flatMap(slotsOf))],
        decode: (results, block) => decode(chunk, results, block),
      },
    ]
  })
}

/** An account's word in every known market: where it is not zero, the position is due, as is one that is in the book. */
export const readAccount = (mirror: MorphoMirror, account: Address): MorphoRead => {
  const ids = [...mirror.markets.keys()] as Id[]
  const chunks = chunksOf(ids, SLOTS_PER_CALL_MAX)
  const { morpho } = deploymentOf(mirror)
  return {
    key: keys.account(account),
    calls: chunks.map((chunk) =>
      sloads(
        morpho,
        chunk.map((id) => loanSlot(id, account)),
      ),
    ),
    decode: (results, _block, current) =>
      chunks.flatMap((chunk, at): readonly MorphoChange[] => {
        const words = wordsOf(results[at], chunk.length)
        if (!words.ok) return [retry(keys.account(account))]
        const found = chunk.filter(
          (id, index) =>
            BigInt(words.value[index] ?? '0x') !== 0n || current.positions.has(positionKey(id, account)),
        )
        return due(...found.map((id) => keys.position(id, account)))
      }),
  }
}
