// An account's troves without a book: TroveNFT counts them but does not list them, so a branch where some are missing is searched.
import { type Address, hexToBigInt, isAddressEqual } from 'viem'
import { troveManagerAbi, troveNftAbi } from '../../../../abis/liquity-v2.ts'
import { answerOf } from '../../answers.ts'
import { due, retry } from '../../changing.ts'
import { keys } from '../keys.ts'
import { troveIdOf } from '../node.ts'
import {
  type BranchMarket,
  type LiquityChange,
  type LiquityMirror,
  type LiquityRead,
  positionKey,
  type Setup,
  type TroveId,
} from '../state.ts'
import { callOf } from './calls.ts'

/** More troves than any branch has had by far; of more, none is looked at, and the account is not found out. */
const TROVES_SEARCHED_MAX = 4_000

/** A branch whose contracts are known. */
export type SetUp = BranchMarket & { readonly setup: Setup }

/** Troves of the account that are known and were read at this block. */
const knownCount = (mirror: LiquityMirror, market: string, account: Address, block: bigint): bigint => {
  let count = 0n
  for (const { id, owner, asOf } of mirror.positions.values())
    if (id.market === market && asOf === block && isAddressEqual(owner, account)) count += 1n
  return count
}

/** Known troves of an account, which are read in the same round as their number. */
export const knownTroves = (mirror: LiquityMirror, account: Address): readonly [string, TroveId][] =>
  [...mirror.positions.values()]
    .filter(({ owner }) => isAddressEqual(owner, account))
    .map(({ id }) => [id.market, id.account as TroveId])

/** How many troves the account has in each branch; where that is more than are known, all troves of the branch are looked at. */
export const readOwner = (branches: readonly SetUp[], account: Address): LiquityRead => ({
  key: keys.owner(account),
  calls: branches.map(({ setup }) => callOf(setup.contracts.troveNFT, troveNftAbi, 'balanceOf', [account])),
  decode: (results, block, mirror): readonly LiquityChange[] =>
    branches.flatMap(({ id: { market } }, index): readonly LiquityChange[] => {
      const balance = answerOf(troveNftAbi, 'balanceOf', results[index])
      if (!balance.ok) return [retry(keys.owner(account))]
      const known = knownCount(mirror, market, account, block.number)
      return balance.value > known ? due(keys.search(market, account)) : []
    }),
})

/** The ids of all troves of a branch, zombies among them. */
export const readIds = ({ id: { market }, setup, pools }: SetUp, account: Address): LiquityRead => {
  const key = keys.search(market, account)
  const { troveManager } = setup.contracts
  const count = Number(pools?.troveCount ?? 0n)
  if (!pools || count > TROVES_SEARCHED_MAX)
    return { key, calls: [], decode: () => [retry(keys.owner(account))] }
  return {
    key,
    calls: Array.from({ length: count }, (_, index) =>
      callOf(troveManager, troveManagerAbi, 'getTroveFromTroveIdsArray', [BigInt(index)]),
    ),
    decode: (results): readonly LiquityChange[] =>
      results.flatMap((result): readonly LiquityChange[] => {
        const id = answerOf(troveManagerAbi, 'getTroveFromTroveIdsArray', result)
        return id.ok
          ? due(keys.candidate(market, troveIdOf(id.value), account))
          : [retry(keys.owner(account))]
      }),
  }
}

/** Whether a trove is the account's; if so, and if it is not read yet, it is read. */
export const readCandidate = (
  { id: { market }, setup }: SetUp,
  id: TroveId,
  account: Address,
): LiquityRead => ({
  key: keys.candidate(market, id, account),
  calls: [callOf(setup.contracts.troveNFT, troveNftAbi, 'ownerOf', [hexToBigInt(id)])],
  decode: ([result], block, mirror): readonly LiquityChange[] => {
    const owner = answerOf(troveNftAbi, 'ownerOf', result)
    if (!owner.ok) return [retry(keys.owner(account))]
    const isRead = mirror.positions.get(positionKey(market, id))?.asOf === block.number
    return isAddressEqual(owner.value, account) && !isRead ? due(keys.trove(market, id)) : []
  },
})
