// Troves, and where they stand in the list.
import { type Address, getAddress } from 'viem'
import { sortedTrovesAbi, troveManagerAbi } from '../../../../abis/liquity-v1.ts'
import type { BlockRef } from '../../../model/block.ts'
import type { CallResult, ContractCall } from '../../../model/evm.ts'
import type { Fault } from '../../../model/market.ts'
import { answerOf } from '../../answers.ts'
import { due, retry } from '../../changing.ts'
import { keys } from '../keys.ts'
import {
  ACTIVE,
  type Links,
  type LiquityChange,
  type LiquityMarket,
  type LiquityMirror,
  type LiquityRead,
  positionKey,
  type Trove,
} from '../state.ts'
import { callOf } from './calls.ts'

const callsOf = ({ wiring }: LiquityMarket, owner: Address): readonly ContractCall[] => [
  callOf(wiring.troveManager, troveManagerAbi, 'Troves', [owner]),
  callOf(wiring.troveManager, troveManagerAbi, 'rewardSnapshots', [owner]),
  callOf(wiring.sortedTroves, sortedTrovesAbi, 'getPrev', [owner]),
  callOf(wiring.sortedTroves, sortedTrovesAbi, 'getNext', [owner]),
]

const CALLS_PER_TROVE = 4

const emptyTrove = (market: LiquityMarket, owner: Address, block: BlockRef): Trove => ({
  id: { ...market.id, account: owner },
  ...{ owner, asOf: block.number, coll: 0n, debt: 0n, stake: 0n, status: 0 },
  ...{ snapshot: { coll: 0n, debt: 0n }, links: null },
})

const troveIn = (empty: Trove, results: readonly CallResult[]): Trove | Fault => {
  const trove = answerOf(troveManagerAbi, 'Troves', results[0])
  const snapshot = answerOf(troveManagerAbi, 'rewardSnapshots', results[1])
  const prev = answerOf(sortedTrovesAbi, 'getPrev', results[2])
  const next = answerOf(sortedTrovesAbi, 'getNext', results[3])
  if (!trove.ok) return trove.fault
  if (!snapshot.ok) return snapshot.fault
  if (!prev.ok) return prev.fault
  if (!next.ok) return next.fault
  const [debt, coll, stake, status] = trove.value
  const [snapshotColl, snapshotDebt] = snapshot.value
  return {
    ...empty,
    ...{ debt, coll, stake, status },
    snapshot: { coll: snapshotColl, debt: snapshotDebt },
    links: { prev: getAddress(prev.value), next: getAddress(next.value) },
  }
}

/** A trove that could not be read is there, but what is known of it is old. */
const unread = (empty: Trove, fault: Fault): readonly LiquityChange[] => [
  {
    kind: 'position',
    key: positionKey(empty.owner),
    next: (current) => ({ ...(current ?? empty), fault }),
  },
  retry(keys.trove(empty.owner)),
]

type Side = keyof Links

/** One link that is known to be otherwise than the trove beside has it. */
const relinked = (
  mirror: LiquityMirror,
  owner: Address,
  side: Side,
  to: Address,
): readonly LiquityChange[] => {
  const known = mirror.positions.get(positionKey(owner))
  if (!known?.links || known.links[side] === to) return []
  const next = (current: Trove | undefined) =>
    current?.links ? { ...current, links: { ...current.links, [side]: to } } : current
  return [{ kind: 'position', key: positionKey(owner), next }]
}

/**
 * What troves as read say of those beside them. Who stands beside a trove now, is linked with it; who stood beside it and
 * still points at it, stands elsewhere now: that is read again, unless it was among the troves read.
 */
const neighbourChanges = (
  mirror: LiquityMirror,
  read: ReadonlyMap<Address, Links | null>,
): readonly LiquityChange[] => {
  const named = new Set(
    [...read.values()].flatMap((links) => (links ? [`prev ${links.prev}`, `next ${links.next}`] : [])),
  )
  const changesOf = (owner: Address, side: Side, back: Side): readonly LiquityChange[] => {
    const [now, before] = [read.get(owner)?.[side], mirror.positions.get(positionKey(owner))?.links?.[side]]
    const linked = now && !read.has(now) ? relinked(mirror, now, back, owner) : []
    const isLeft = before && before !== now && !read.has(before) && !named.has(`${side} ${before}`)
    const isStale = isLeft && mirror.positions.get(positionKey(before))?.links?.[back] === owner
    return isStale ? [...linked, ...due(keys.trove(before))] : linked
  }
  return [...read.keys()].flatMap((owner) => [
    ...changesOf(owner, 'prev', 'next'),
    ...changesOf(owner, 'next', 'prev'),
  ])
}

/** Troves that are open, with their links; one that is closed goes. */
export const readTroves = (market: LiquityMarket, owners: readonly Address[]): readonly LiquityRead[] => {
  const [first] = owners
  if (!first) return []
  return [
    {
      key: keys.trove(first),
      calls: owners.flatMap((owner) => callsOf(market, owner)),
      decode: (results, block, mirror) => {
        const read = new Map<Address, Links | null>()
        const changes = owners.flatMap((owner, index): readonly LiquityChange[] => {
          const start = index * CALLS_PER_TROVE
          const empty = emptyTrove(market, owner, block)
          const trove = troveIn(empty, results.slice(start, start + CALLS_PER_TROVE))
          if ('reason' in trove) return unread(empty, trove)
          const isOpen = trove.status === ACTIVE
          read.set(owner, isOpen ? trove.links : null)
          return [{ kind: 'position', key: positionKey(owner), next: () => (isOpen ? trove : undefined) }]
        })
        return [...changes, ...neighbourChanges(mirror, read)]
      },
    },
  ]
}
