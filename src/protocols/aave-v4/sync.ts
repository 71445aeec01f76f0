// What to follow on chain, and what each log touches.
import { type Abi, type Address, decodeEventLog, encodeEventTopics, getAddress, type Hex } from 'viem'
import { hubAbi, spokeAbi } from '../../../abis/aave-v4.ts'
import type { Log, Subscription } from '../../model/evm.ts'
import { formatPositionId } from '../../model/ids.ts'
import type { Key } from '../adapter.ts'
import { due } from '../changing.ts'
import { topicsOf } from '../topics.ts'
import { keys } from './keys.ts'
import {
  type AaveV4Change,
  type AaveV4Mirror,
  hubAt,
  positionKey,
  reservesOf,
  spokeMarkets,
  spokeNamed,
  spokesOf,
  updateSpoke,
} from './state.ts'

const spokeTopics = topicsOf(spokeAbi)
const hubTopics = topicsOf(hubAbi)
const borrowTopics = encodeEventTopics({ abi: spokeAbi, eventName: 'Borrow' }) as Hex[]
const liquidationTopics = encodeEventTopics({ abi: spokeAbi, eventName: 'LiquidationCall' }) as Hex[]

const hubsOf = (mirror: AaveV4Mirror): readonly Address[] => [
  ...new Set(spokeMarkets(mirror).flatMap((spoke) => reservesOf(spoke).map(({ hub }) => hub))),
]

/** Every debt begins with a Borrow event of its spoke, so these alone name all borrowers. */
export const subscriptions = (mirror: AaveV4Mirror): readonly Subscription[] => {
  const spokes = spokesOf(mirror).map(([, spoke]) => spoke)
  return [
    { addresses: spokes, topics: spokeTopics },
    { addresses: spokes, topics: borrowTopics, discovers: true },
    { addresses: spokes, topics: liquidationTopics, liquidates: true },
    { addresses: hubsOf(mirror), topics: hubTopics },
  ]
}

const decode = <const TAbi extends Abi>(abi: TAbi, log: Log) => {
  try {
    return decodeEventLog({ abi, topics: log.topics as [Hex, ...Hex[]], data: log.data })
  } catch {
    return undefined
  }
}

const decodeSpoke = (log: Log) => decode(spokeAbi, log)

type SpokeEvent = NonNullable<ReturnType<typeof decodeSpoke>>
type LiquidationArgs = Extract<SpokeEvent, { eventName: 'LiquidationCall' }>['args']

/** Touches an account that is in the book. */
const touch = (mirror: AaveV4Mirror, name: string, account: Address): readonly AaveV4Change[] =>
  mirror.positions.has(positionKey(name, account)) ? due(keys.account(name, account)) : []

/** `seized` is the liquidator's part of what was removed, by its part of the shares: to within a unit. */
const liquidated = (
  mirror: AaveV4Mirror,
  name: string,
  log: Log,
  args: LiquidationArgs,
): readonly AaveV4Change[] => {
  const reserves = spokeNamed(mirror, name)?.reserves
  const collateral = reserves?.[Number(args.collateralReserveId)]
  const debt = reserves?.[Number(args.debtReserveId)]
  if (!collateral || !debt) return []
  const { chainId, protocol, deployment } = mirror.deployment
  const { user, liquidator, collateralAmountRemoved, collateralSharesLiquidated } = args
  const shares = collateralSharesLiquidated === 0n ? 1n : collateralSharesLiquidated
  const { blockNumber, blockHash, transactionHash, logIndex } = log
  return [
    {
      kind: 'liquidation',
      liquidation: {
        position: formatPositionId({ chainId, protocol, deployment, market: name, account: user }),
        owner: user,
        ...{ blockNumber, blockHash, transactionHash, logIndex, liquidator },
        debtAsset: debt.underlying,
        repaid: args.debtAmountRestored,
        collateralAsset: collateral.underlying,
        seized: (collateralAmountRemoved * args.collateralSharesToLiquidator) / shares,
      },
    },
  ]
}

/** A new reserve counts at once, so that accounts that use it in the same block are read with it. */
const reserveAdded = (name: string, id: number, hub: Address, assetId: number): readonly AaveV4Change[] => [
  updateSpoke(name, (current) => ({
    ...current,
    reserveCount: current.reserveCount > id ? current.reserveCount : id + 1,
  })),
  ...due(keys.hub(hub), keys.asset(hub, assetId), keys.reserve(name, id), keys.price(name, id)),
]

const reduceSpoke = (mirror: AaveV4Mirror, name: string, log: Log): readonly AaveV4Change[] => {
  const event = decodeSpoke(log)
  if (!event) return []
  switch (event.eventName) {
    case 'Upgraded':
      return due(...stateKeys(mirror))
    case 'UpdateLiquidationConfig':
      return due(keys.spoke(name))
    case 'AddReserve': {
      const { reserveId, hub, assetId } = event.args
      return reserveAdded(name, Number(reserveId), hub, Number(assetId))
    }
    case 'UpdateReserveConfig':
      return due(keys.reserve(name, Number(event.args.reserveId)))
    case 'AddDynamicReserveConfig':
    case 'UpdateDynamicReserveConfig': {
      const id = Number(event.args.reserveId)
      return due(keys.reserve(name, id), keys.config(name, id, event.args.dynamicConfigKey))
    }
    case 'Borrow':
      return due(keys.account(name, event.args.user))
    case 'LiquidationCall': {
      const { user, liquidator } = event.args
      return [
        ...touch(mirror, name, user),
        ...touch(mirror, name, liquidator),
        ...liquidated(mirror, name, log, event.args),
      ]
    }
    default:
      return touch(mirror, name, event.args.user)
  }
}

/** The spoke's own account of an asset at a hub, if the spoke is one of this deployment. */
const touchSpoke = (
  mirror: AaveV4Mirror,
  hub: Address,
  assetId: number,
  spokes: readonly Address[],
): readonly AaveV4Change[] =>
  spokeMarkets(mirror)
    .filter(({ spoke }) => spokes.includes(spoke))
    .flatMap((market) =>
      reservesOf(market)
        .filter((reserve) => reserve.hub === hub && reserve.assetId === assetId)
        .flatMap(({ id }) => due(keys.spokeData(market.id.market, id))),
    )

const reduceHub = (mirror: AaveV4Mirror, hub: Address, log: Log): readonly AaveV4Change[] => {
  const event = decode(hubAbi, log)
  if (!event) return []
  if (event.eventName === 'Upgraded') return due(...stateKeys(mirror))
  const assetId = Number(event.args.assetId)
  if (!hubAt(mirror, hub)?.assets[assetId]) return []
  const asset = due(keys.asset(hub, assetId))
  switch (event.eventName) {
    case 'UpdateAsset':
    case 'UpdateAssetConfig':
      return asset
    case 'TransferShares':
      return touchSpoke(mirror, hub, assetId, [event.args.sender, event.args.receiver])
    case 'EliminateDeficit':
      return touchSpoke(mirror, hub, assetId, [event.args.callerSpoke, event.args.coveredSpoke])
    case 'MintFeeShares':
      return touchSpoke(mirror, hub, assetId, [event.args.feeReceiver])
    default:
      return touchSpoke(mirror, hub, assetId, [event.args.spoke])
  }
}

/** Which keys a log touches. Every change of a hub's asset ends with an UpdateAsset of its own. */
export const reduce = (mirror: AaveV4Mirror, log: Log): readonly AaveV4Change[] => {
  const address = getAddress(log.address)
  const named = spokesOf(mirror).find(([, spoke]) => spoke === address)
  if (named) return reduceSpoke(mirror, named[0], log)
  return hubsOf(mirror).includes(address) ? reduceHub(mirror, address, log) : []
}

/** All state of spokes and hubs; prices are read with every head anyway. */
export const stateKeys = (mirror: AaveV4Mirror): readonly Key[] => [
  ...spokesOf(mirror).map(([name]) => keys.spoke(name)),
  ...spokeMarkets(mirror).flatMap((market) => {
    const name = market.id.market
    return reservesOf(market).flatMap(({ id }) => [
      keys.reserve(name, id),
      keys.spokeData(name, id),
      ...Object.keys(market.dynamicConfigs[id] ?? {}).map((key) => keys.config(name, id, Number(key))),
    ])
  }),
  ...hubsOf(mirror).flatMap((hub) => [
    keys.hub(hub),
    ...Object.keys(hubAt(mirror, hub)?.assets ?? {}).map((assetId) => keys.asset(hub, Number(assetId))),
  ]),
]

/** The oracles' prices of all reserves. */
export const headKeys = (mirror: AaveV4Mirror): readonly Key[] =>
  spokeMarkets(mirror).flatMap((market) =>
    reservesOf(market).map(({ id }) => keys.price(market.id.market, id)),
  )

/** An account may have a loan in every spoke. */
export const locate = (mirror: AaveV4Mirror, account: Address): readonly Key[] =>
  spokesOf(mirror).map(([name]) => keys.account(name, getAddress(account)))
