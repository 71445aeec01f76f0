// What to follow on chain, and what each log touches.
import {
  type Abi,
  type Address,
  decodeEventLog,
  encodeEventTopics,
  getAddress,
  type Hex,
  zeroAddress,
} from 'viem'
import {
  borrowerOperationsAbi,
  sortedTrovesAbi,
  stabilityPoolAbi,
  troveManagerAbi,
} from '../../../abis/liquity-v1.ts'
import type { Log, Subscription } from '../../model/evm.ts'
import { formatPositionId } from '../../model/ids.ts'
import type { Key } from '../adapter.ts'
import { due } from '../changing.ts'
import { topicsOf } from '../topics.ts'
import { keys } from './keys.ts'
import {
  deploymentOf,
  type LiquityChange,
  type LiquityMarket,
  type LiquityMirror,
  MARKET,
  marketOf,
  NATIVE,
  positionKey,
} from './state.ts'

const liquidationTopics = encodeEventTopics({ abi: troveManagerAbi, eventName: 'TroveLiquidated' }) as Hex[]
const createdTopics = encodeEventTopics({ abi: borrowerOperationsAbi, eventName: 'TroveCreated' }) as Hex[]

/** Every trove begins with a TroveCreated event, so these alone name all borrowers. */
export const subscriptions = (mirror: LiquityMirror): readonly Subscription[] => {
  const { troveManager } = deploymentOf(mirror)
  const manager: readonly Subscription[] = [
    { addresses: [troveManager], topics: topicsOf(troveManagerAbi) },
    { addresses: [troveManager], topics: liquidationTopics, liquidates: true },
  ]
  const market = marketOf(mirror)
  if (!market) return manager
  const { borrowerOperations, stabilityPool, sortedTroves } = market.wiring
  return [
    ...manager,
    { addresses: [borrowerOperations], topics: topicsOf(borrowerOperationsAbi) },
    { addresses: [borrowerOperations], topics: createdTopics, discovers: true },
    { addresses: [stabilityPool], topics: topicsOf(stabilityPoolAbi) },
    { addresses: [sortedTroves], topics: topicsOf(sortedTrovesAbi) },
  ]
}

const decode = <const TAbi extends Abi>(abi: TAbi, log: Log) => {
  try {
    return decodeEventLog({ abi, topics: log.topics as [Hex, ...Hex[]], data: log.data })
  } catch {
    return undefined
  }
}

/** Troves that are in the book, by owner. */
const touch = (mirror: LiquityMirror, owners: readonly Address[]): readonly LiquityChange[] =>
  due(...owners.filter((owner) => mirror.positions.has(positionKey(owner))).map(keys.trove))

/** The event does not say who called, nor which part the stability pool took. */
const liquidated = (
  mirror: LiquityMirror,
  { wiring }: LiquityMarket,
  log: Log,
  args: { readonly _borrower: Address; readonly _debt: bigint; readonly _coll: bigint },
): LiquityChange => {
  const { chainId, protocol, deployment } = mirror.deployment
  const { _borrower: owner, _debt: repaid, _coll: seized } = args
  return {
    kind: 'liquidation',
    liquidation: {
      position: formatPositionId({ chainId, protocol, deployment, market: MARKET, account: owner }),
      owner,
      blockNumber: log.blockNumber,
      blockHash: log.blockHash,
      transactionHash: log.transactionHash,
      logIndex: log.logIndex,
      ...{ liquidator: zeroAddress, debtAsset: wiring.debtToken, repaid, collateralAsset: NATIVE, seized },
    },
  }
}

const reduceManager = (mirror: LiquityMirror, log: Log): readonly LiquityChange[] => {
  const event = decode(troveManagerAbi, log)
  const market = marketOf(mirror)
  switch (event?.eventName) {
    case 'TroveUpdated':
      return due(keys.system, keys.trove(event.args._borrower))
    case 'TroveLiquidated':
      return market ? [liquidated(mirror, market, log, event.args)] : []
    case 'PriceFeedAddressChanged':
    case 'ImplementationChanged':
      return due(keys.wiring, keys.traits, keys.parameters, keys.system)
    default:
      return []
  }
}

const reduceOperations = (log: Log): readonly LiquityChange[] => {
  const event = decode(borrowerOperationsAbi, log)
  return event ? due(keys.system, keys.trove(event.args._borrower)) : []
}

/** A trove that moves in the list also moves those that stood beside it. */
const reduceList = (mirror: LiquityMirror, log: Log): readonly LiquityChange[] => {
  const event = decode(sortedTrovesAbi, log)
  if (!event) return []
  const owner = event.args._id
  const links = mirror.positions.get(positionKey(owner))?.links
  return [...due(keys.trove(owner)), ...(links ? touch(mirror, [links.prev, links.next]) : [])]
}

/** Which keys a log touches. Deposits of the stability pool move without any trove. */
export const reduce = (mirror: LiquityMirror, log: Log): readonly LiquityChange[] => {
  const address = getAddress(log.address)
  if (address === getAddress(deploymentOf(mirror).troveManager)) return reduceManager(mirror, log)
  switch (address) {
    case marketOf(mirror)?.wiring.borrowerOperations:
      return reduceOperations(log)
    case marketOf(mirror)?.wiring.stabilityPool:
      return decode(stabilityPoolAbi, log) ? due(keys.system) : []
    case marketOf(mirror)?.wiring.sortedTroves:
      return reduceList(mirror, log)
    default:
      return []
  }
}

/** What logs change. What a system is made of cannot change where nobody owns it: that is read once. */
export const stateKeys = (mirror: LiquityMirror): readonly Key[] => {
  const market = marketOf(mirror)
  const { traits, parameters, wiring, faults } = market ?? {}
  const isSettled = traits && parameters && Object.keys(faults ?? {}).length === 0
  if (isSettled && !wiring?.baseParams) return [keys.system]
  return [keys.wiring, keys.traits, keys.parameters, keys.system]
}

/** The price, and parameters that their owner changes without a log. */
export const headKeys = (mirror: LiquityMirror): readonly Key[] => {
  const market = marketOf(mirror)
  if (!market) return []
  return market.wiring.baseParams ? [keys.price, keys.parameters] : [keys.price]
}
