// Positions, many in one call.
import type { Address, Hex } from 'viem'
import type { BlockRef } from '../../../model/block.ts'
import type { CallResult } from '../../../model/evm.ts'
import type { Fault } from '../../../model/market.ts'
import { chunksOf } from '../../../units/chunks.ts'
import { due, retry } from '../../changing.ts'
import { keys } from '../keys.ts'
import {
  deploymentOf,
  type Id,
  isOpen,
  type MorphoChange,
  type MorphoMarket,
  type MorphoMirror,
  type MorphoPosition,
  type MorphoRead,
  positionKey,
  priceKeyOf,
} from '../state.ts'
import { halvesOf, isAuthorizedSlot, loanSlot, sloads, supplySlot, wordsOf } from '../storage.ts'

const SLOTS_PER_CALL_MAX = 500

/** Where a position is, or may be. */
export type Place = { readonly market: MorphoMarket; readonly id: Id; readonly account: Address }

/** A position to be read: the market's contracts that may act for it, and its words of storage. */
type Wanted = Place & { readonly contracts: readonly Address[]; readonly slots: readonly Hex[] }

const wantedOf = (place: Place): Wanted => {
  const { market, id, account } = place
  const contracts = Object.keys(market.preLiquidations) as Address[]
  const flags = contracts.map((contract) => isAuthorizedSlot(account, contract))
  return { ...place, contracts, slots: [supplySlot(id, account), loanSlot(id, account), ...flags] }
}

const positionIn = (
  { market, account, contracts }: Wanted,
  [supply = '0x0', loan = '0x0', ...flags]: readonly Hex[],
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
    authorized: contracts.filter((_contract, index) => BigInt(flags[index] ?? 0) !== 0n),
  }
}

/** A position that could not be read: what is known of it is kept; one that was never read is there, but nothing is known of it. */
const unread = ({ market, id, account }: Wanted, fault: Fault, block: BlockRef): readonly MorphoChange[] => {
  const nothing: MorphoPosition = {
    id: { ...market.id, account },
    owner: account,
    asOf: block.number,
    supplyShares: 0n,
    borrowShares: 0n,
    collateral: 0n,
    authorized: [],
  }
  const next = (current: MorphoPosition = nothing): MorphoPosition => ({ ...current, fault })
  return [{ kind: 'position', key: positionKey(id, account), next }, retry(keys.position(id, account))]
}

/** A position as read. A contract that it newly authorised may have an oracle that is not followed yet. */
const found = (
  { market, id, account }: Wanted,
  position: MorphoPosition,
  mirror: MorphoMirror,
): readonly MorphoChange[] => {
  if (!isOpen(position)) return [{ kind: 'position', key: positionKey(id, account), next: () => undefined }]
  const oracles = position.authorized.flatMap((contract) => market.preLiquidations[contract]?.oracle ?? [])
  const unpriced = oracles.filter(
    (oracle) => oracle !== market.params.oracle && !mirror.prices.has(priceKeyOf(oracle)),
  )
  return [
    { kind: 'position', key: positionKey(id, account), next: () => position },
    ...due(...unpriced.map(keys.price)),
  ]
}

/** The words of all slots, in their order; a fault in place of each that was not answered. */
const wordsIn = (
  chunks: readonly (readonly Hex[])[],
  results: readonly CallResult[],
): readonly (Hex | Fault)[] =>
  chunks.flatMap((slots, index): readonly (Hex | Fault)[] => {
    const words = wordsOf(results[index], slots.length)
    return words.ok ? words.value : slots.map(() => words.fault)
  })

/** Positions in known markets, by their words of storage and the borrowers' authorisations. */
export const readPositions = (mirror: MorphoMirror, places: readonly Place[]): readonly MorphoRead[] => {
  const [first] = places
  if (!first) return []
  const wanted = places.map(wantedOf)
  const chunks = chunksOf(
    wanted.flatMap(({ slots }) => slots),
    SLOTS_PER_CALL_MAX,
  )
  const { morpho } = deploymentOf(mirror)
  return [
    {
      key: keys.position(first.id, first.account),
      calls: chunks.map((slots) => sloads(morpho, slots)),
      decode: (results, block, current) => {
        const words = wordsIn(chunks, results)
        let offset = 0
        return wanted.flatMap((one): readonly MorphoChange[] => {
          const own = words.slice(offset, offset + one.slots.length)
          offset += one.slots.length
          const fault = own.find((word): word is Fault => typeof word !== 'string')
          if (fault) return unread(one, fault, block)
          return found(one, positionIn(one, own as readonly Hex[], block), current)
        })
      },
    },
  ]
}
