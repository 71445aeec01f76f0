// A trove: its storage, its owner, and its place in the list.
import { type Address, getAddress, hexToBigInt, zeroAddress } from 'viem'
import { sortedTrovesAbi, troveManagerAbi, troveNftAbi } from '../../../../abis/liquity-v2.ts'
import type { BlockRef } from '../../../model/block.ts'
import type { CallResult } from '../../../model/evm.ts'
import type { Fault } from '../../../model/market.ts'
import { answerOf, faultAmong } from '../../answers.ts'
import { due, retry } from '../../changing.ts'
import { keys } from '../keys.ts'
import { linksOf, relinkNeighbours } from '../node.ts'
import {
  type BranchMarket,
  branchOf,
  type Contracts,
  type LiquityChange,
  type LiquityMirror,
  type LiquityRead,
  positionKey,
  type TroveId,
  type TrovePosition,
} from '../state.ts'
import { callOf } from './calls.ts'

/** TroveManager.Status; all others are no trove any more, or not yet. */
const STATUSES: Readonly<Record<number, TrovePosition['status']>> = { 1: 'active', 4: 'zombie' }

const callsOf = ({ troveManager, troveNFT, sortedTroves }: Contracts, id: bigint) => [
  callOf(troveManager, troveManagerAbi, 'Troves', [id]),
  callOf(troveManager, troveManagerAbi, 'rewardSnapshots', [id]),
  callOf(troveNFT, troveNftAbi, 'ownerOf', [id]),
  callOf(sortedTroves, sortedTrovesAbi, 'nodes', [id]),
]

/** A trove of which nothing is known but that there is one. */
export const unreadTrove = (
  { id: { chainId, protocol, deployment, market } }: BranchMarket,
  id: TroveId,
  owner: Address = zeroAddress,
): TrovePosition => ({
  id: { chainId, protocol, deployment, market, account: id },
  owner,
  asOf: 0n,
  fault: { reason: 'not-yet-read', detail: 'the trove is not read yet' },
  status: 'active',
  debt: 0n,
  coll: 0n,
  stake: 0n,
  lastDebtUpdateTime: 0,
  lastInterestRateAdjTime: 0,
  annualInterestRate: 0n,
  batchManager: null,
  batchDebtShares: 0n,
  snapshot: { coll: 0n, boldDebt: 0n },
  links: null,
})

/** The trove as answered; undefined where there is none, a fault where the answers do not tell. */
const troveIn = (
  [first, second, third, fourth]: readonly CallResult[],
  market: BranchMarket,
  id: TroveId,
  block: BlockRef,
): TrovePosition | Fault | undefined => {
  const stored = answerOf(troveManagerAbi, 'Troves', first)
  if (!stored.ok) return stored.fault
  const [debt, coll, stake, status, , lastDebtUpdateTime, lastInterestRateAdjTime, rate, manager, shares] =
    stored.value
  const own = STATUSES[status]
  if (own === undefined) return undefined
  const snapshot = answerOf(troveManagerAbi, 'rewardSnapshots', second)
  const owner = answerOf(troveNftAbi, 'ownerOf', third)
  const node = answerOf(sortedTrovesAbi, 'nodes', fourth)
  if (!snapshot.ok || !owner.ok || !node.ok) return faultAmong(snapshot, owner, node) as Fault
  const { fault: _unread, ...unread } = unreadTrove(market, id, getAddress(owner.value))
  return {
    ...unread,
    asOf: block.number,
    status: own,
    ...{ debt, coll, stake },
    lastDebtUpdateTime: Number(lastDebtUpdateTime),
    lastInterestRateAdjTime: Number(lastInterestRateAdjTime),
    annualInterestRate: rate,
    batchManager: manager === zeroAddress ? null : getAddress(manager),
    batchDebtShares: shares,
    snapshot: { coll: snapshot.value[0], boldDebt: snapshot.value[1] },
    links: linksOf(node.value),
  }
}

const batchDue = (market: BranchMarket, { batchManager }: TrovePosition): readonly LiquityChange[] =>
  batchManager && !market.batches[batchManager] ? due(keys.batch(market.id.market, batchManager)) : []

/** A trove, which goes when it is closed; its neighbours in the list follow from its place. */
export const readTrove = (market: BranchMarket, contracts: Contracts, id: TroveId): LiquityRead => {
  const branch = market.id.market
  const key = keys.trove(branch, id)
  const position = positionKey(branch, id)
  return {
    key,
    calls: callsOf(contracts, hexToBigInt(id)),
    decode: (results, block, mirror): readonly LiquityChange[] => {
      const trove = troveIn(results, market, id, block)
      if (trove === undefined) return [{ kind: 'position', key: position, next: () => undefined }]
      if ('reason' in trove)
        return [
          {
            kind: 'position',
            key: position,
            next: (current) => ({ ...(current ?? unreadTrove(market, id)), fault: trove }),
          },
          retry(key),
        ]
      return [
        { kind: 'position', key: position, next: () => trove },
        ...relinkNeighbours(mirror, branch, id, trove.links),
        ...batchDue(branchOf(mirror, branch) ?? market, trove),
      ]
    },
  }
}

/** Where every known trove of a branch stands: after a reorg the list may differ where no trove was touched. */
export const readLinks = (
  mirror: LiquityMirror,
  branch: string,
  { sortedTroves }: Contracts,
): LiquityRead => {
  const ids = [...mirror.positions.values()]
    .filter(({ id }) => id.market === branch)
    .map(({ id }) => id.account as TroveId)
  return {
    key: keys.links(branch),
    calls: ids.map((id) => callOf(sortedTroves, sortedTrovesAbi, 'nodes', [hexToBigInt(id)])),
    decode: (results): readonly LiquityChange[] =>
      ids.flatMap((id, index): readonly LiquityChange[] => {
        const node = answerOf(sortedTrovesAbi, 'nodes', results[index])
        if (!node.ok) return [retry(keys.trove(branch, id))]
        const links = linksOf(node.value)
        return [
          {
            kind: 'position',
            key: positionKey(branch, id),
            next: (current) => current && { ...current, links },
          },
        ]
      }),
  }
}
