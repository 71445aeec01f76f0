// What each log changes, and which keys it touches.
import {
  type Abi,
  type Address,
  decodeEventLog,
  getAddress,
  type Hex,
  isAddressEqual,
  zeroAddress,
} from 'viem'
import {
  activePoolAbi,
  borrowerOperationsAbi,
  defaultPoolAbi,
  stabilityPoolAbi,
  troveManagerAbi,
  troveNftAbi,
} from '../../../abis/liquity-v2.ts'
import type { Log } from '../../model/evm.ts'
import { formatPositionId } from '../../model/ids.ts'
import { due } from '../changing.ts'
import { keys } from './keys.ts'
import { edgesOf, neighboursOf, troveIdOf } from './node.ts'
import type { SetUp } from './reads/owner.ts'
import { unreadTrove } from './reads/trove.ts'
import { collMoved, liquidationSettled, stakeChanged } from './running.ts'
import {
  type Contracts,
  knownBranches,
  type LiquityChange,
  type LiquityMirror,
  positionKey,
  type TroveId,
} from './state.ts'

/** ITroveEvents.Operation: those after which a trove may have left its place in the list. */
const MOVES: ReadonlySet<number> = new Set([1, 3, 5, 6, 8, 9])
const LIQUIDATE = 5

/** ITroveEvents.BatchOperation: the batch gets another rate, and with it another place. */
const SET_BATCH_RATE = 2

const eventOf = <const TAbi extends Abi>(abi: TAbi, log: Log) => {
  try {
    return decodeEventLog({ abi, topics: log.topics as [Hex, ...Hex[]], data: log.data })
  } catch {
    return undefined
  }
}

const touchTroves = (market: string, ...ids: readonly TroveId[]): readonly LiquityChange[] =>
  due(...ids.map((id) => keys.trove(market, id)))

/** A liquidation of several troves is told trove by trove; the pool that pays stands for whoever sent it, whom no event names. */
const liquidated = (
  mirror: LiquityMirror,
  { id: { market }, setup, bold, collateral }: SetUp,
  log: Log,
  id: TroveId,
  moved: { readonly debt: bigint; readonly coll: bigint },
): readonly LiquityChange[] => {
  const position = mirror.positions.get(positionKey(market, id))
  if (!position) return []
  return [
    {
      kind: 'liquidation',
      liquidation: {
        position: formatPositionId(position.id),
        owner: position.owner,
        blockNumber: log.blockNumber,
        blockHash: log.blockHash,
        transactionHash: log.transactionHash,
        logIndex: log.logIndex,
        liquidator: setup.contracts.stabilityPool,
        debtAsset: bold.address,
        repaid: moved.debt,
        collateralAsset: collateral.address,
        seized: moved.coll,
      },
    },
  ]
}

const operated = (
  mirror: LiquityMirror,
  branch: SetUp,
  log: Log,
  args: {
    readonly _troveId: bigint
    readonly _operation: number
    readonly _debtChangeFromOperation: bigint
    readonly _collChangeFromOperation: bigint
  },
): readonly LiquityChange[] => {
  const id = troveIdOf(args._troveId)
  const { market } = branch.id
  const beside = MOVES.has(args._operation) ? neighboursOf(mirror, market, id) : []
  const moved = { debt: -args._debtChangeFromOperation, coll: -args._collChangeFromOperation }
  return [
    ...touchTroves(market, id, ...beside),
    ...(args._operation === LIQUIDATE ? liquidated(mirror, branch, log, id, moved) : []),
  ]
}

const batchUpdated = (
  mirror: LiquityMirror,
  { id: { market } }: SetUp,
  args: { readonly _interestBatchManager: Address; readonly _operation: number },
): readonly LiquityChange[] => {
  const manager = getAddress(args._interestBatchManager)
  const edges = args._operation === SET_BATCH_RATE ? edgesOf(mirror, market, manager) : []
  return [...due(keys.batch(market, manager)), ...touchTroves(market, ...edges)]
}

const reduceTroveManager = (mirror: LiquityMirror, branch: SetUp, log: Log): readonly LiquityChange[] => {
  const event = eventOf(troveManagerAbi, log)
  const { market } = branch.id
  const pools = due(keys.pools(market))
  switch (event?.eventName) {
    case 'TroveUpdated':
    case 'BatchedTroveUpdated': {
      const id = troveIdOf(event.args._troveId)
      return [...pools, ...touchTroves(market, id), ...stakeChanged(mirror, branch, id, event.args._stake)]
    }
    case 'TroveOperation':
      return [...pools, ...operated(mirror, branch, log, event.args)]
    case 'BatchUpdated':
      return [...pools, ...batchUpdated(mirror, branch, event.args)]
    case 'Liquidation':
      return [...pools, ...liquidationSettled(branch, event.args)]
    case 'Redemption':
      return pools
    default:
      return []
  }
}

/** A token that is minted is a trove that begins, without a stake. */
const reduceTroveNFT = (_mirror: LiquityMirror, branch: SetUp, log: Log): readonly LiquityChange[] => {
  const event = eventOf(troveNftAbi, log)
  if (!event) return []
  const { market } = branch.id
  const id = troveIdOf(event.args.tokenId)
  const begun: LiquityChange = {
    kind: 'position',
    key: positionKey(market, id),
    next: (current) => current ?? unreadTrove(branch, id, getAddress(event.args.to)),
  }
  return [...(event.args.from === zeroAddress ? [begun] : []), ...touchTroves(market, id)]
}

type Reduce = (mirror: LiquityMirror, branch: SetUp, log: Log) => readonly LiquityChange[]

const touchPools =
  (abi: Abi): Reduce =>
  (_mirror, { id }, log) =>
    eventOf(abi, log) ? due(keys.pools(id.market)) : []

const reducers: Readonly<Partial<Record<keyof Contracts, Reduce>>> = {
  troveManager: reduceTroveManager,
  troveNFT: reduceTroveNFT,
  activePool: (_mirror, branch, log) => {
    const event = eventOf(activePoolAbi, log)
    return event ? collMoved(branch, 'activePool', event.args._collBalance) : []
  },
  defaultPool: (_mirror, branch, log) => {
    const event = eventOf(defaultPoolAbi, log)
    return event ? collMoved(branch, 'defaultPool', event.args._collBalance) : []
  },
  stabilityPool: touchPools(stabilityPoolAbi),
  borrowerOperations: touchPools(borrowerOperationsAbi),
}

/** Logs of contracts that are not followed touch nothing. */
export const reduce = (mirror: LiquityMirror, log: Log): readonly LiquityChange[] => {
  for (const branch of knownBranches(mirror)) {
    const { setup } = branch
    if (!setup) continue
    for (const [name, reducer] of Object.entries(reducers))
      if (isAddressEqual(setup.contracts[name as keyof Contracts], log.address))
        return reducer(mirror, branch as SetUp, log)
  }
  return []
}
