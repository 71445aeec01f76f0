// What TroveManager keeps to itself: no function tells it, so its storage does, where a branch begins to be followed. After that its events do.
import { type Hex, hexToBigInt, pad, size, sliceHex, toHex } from 'viem'
import { troveManagerAbi } from '../../../../abis/liquity-v2.ts'
import type { CallResult, StorageRead } from '../../../model/evm.ts'
import type { Fault } from '../../../model/market.ts'
import { answerOf } from '../../answers.ts'
import { retry } from '../../changing.ts'
import { keys } from '../keys.ts'
import type { Contracts, LiquityChange, LiquityMirror, LiquityRead, Redistribution } from '../state.ts'
import { callOf } from './calls.ts'
import { updateBranch, withPart } from './changes.ts'

/** TroveManager's storage layout, as the compiler lays it out. */
const SLOTS = {
  troveNFT: 3n,
  sortedTroves: 9n,
  totalStakes: 13n,
  totalStakesSnapshot: 14n,
  totalCollateralSnapshot: 15n,
  L_coll: 16n,
  L_boldDebt: 17n,
  lastCollError: 22n,
  lastBoldDebtError: 23n,
  shutdownTime: 24n,
} as const

type Name = keyof typeof SLOTS

const NAMES = Object.keys(SLOTS) as Name[]
const WORD_SIZE = 32

const wordsIn = (data: Hex): Readonly<Record<Name, Hex>> | undefined => {
  if (size(data) !== WORD_SIZE * NAMES.length) return undefined
  const words = NAMES.map((name, index) => [name, sliceHex(data, WORD_SIZE * index, WORD_SIZE * (index + 1))])
  return Object.fromEntries(words) as Record<Name, Hex>
}

/** What lies beside tells whether this is the layout: two addresses and a time that getters tell too. */
const isKnownLayout = (words: Readonly<Record<Name, Hex>>, contracts: Contracts, shutdownTime: bigint) =>
  words.troveNFT === pad(contracts.troveNFT.toLowerCase() as Hex, { size: WORD_SIZE }) &&
  words.sortedTroves === pad(contracts.sortedTroves.toLowerCase() as Hex, { size: WORD_SIZE }) &&
  hexToBigInt(words.shutdownTime) === shutdownTime

const redistributionIn = (
  [getter, storage]: readonly CallResult[],
  contracts: Contracts,
): Redistribution | Fault => {
  const shutdownTime = answerOf(troveManagerAbi, 'shutdownTime', getter)
  if (!shutdownTime.ok) return shutdownTime.fault
  if (!storage?.ok) return { reason: 'read-failed', detail: `storage: ${storage?.error ?? 'was not read'}` }
  const words = wordsIn(storage.data)
  if (!words || !isKnownLayout(words, contracts, shutdownTime.value))
    return { reason: 'unknown-revision', detail: 'TroveManager lays out its storage in another way' }
  return {
    totalStakes: hexToBigInt(words.totalStakes),
    totalStakesSnapshot: hexToBigInt(words.totalStakesSnapshot),
    totalCollateralSnapshot: hexToBigInt(words.totalCollateralSnapshot),
    L_coll: hexToBigInt(words.L_coll),
    L_boldDebt: hexToBigInt(words.L_boldDebt),
    lastCollError: hexToBigInt(words.lastCollError),
    lastBoldDebtError: hexToBigInt(words.lastBoldDebtError),
  }
}

export const readRedistribution = (
  mirror: LiquityMirror,
  branch: string,
  contracts: Contracts,
): LiquityRead => {
  const { troveManager } = contracts
  const storage: StorageRead = {
    to: troveManager,
    slots: NAMES.map((name) => toHex(SLOTS[name], { size: WORD_SIZE })),
  }
  return {
    key: keys.redistribution(branch),
    calls: [callOf(troveManager, troveManagerAbi, 'shutdownTime', []), storage],
    decode: (results): readonly LiquityChange[] => {
      const redistribution = redistributionIn(results, contracts)
      if ('reason' in redistribution)
        return [
          updateBranch(mirror, branch, (current) => withPart(current, 'redistribution', redistribution)),
          retry(keys.redistribution(branch)),
        ]
      return [
        updateBranch(mirror, branch, (current) => ({
          ...withPart(current, 'redistribution', undefined),
          redistribution,
        })),
      ]
    },
  }
}
