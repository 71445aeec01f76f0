// What to follow on chain, and what each log touches.
import { type Address, type ContractEventName, decodeEventLog, encodeEventTopics, type Hex } from 'viem'
import { morphoAbi, preLiquidationFactoryAbi } from '../../../abis/morpho-blue.ts'
import type { Log, Subscription } from '../../model/evm.ts'
import { formatPositionId } from '../../model/ids.ts'
import { due } from '../changing.ts'
import { checksummed } from '../checksum.ts'
import { decodeLog } from '../event-logs.ts'
import { keys } from './keys.ts'
import { announced } from './reads/params.ts'
import { preLiquidationOf, withPreLiquidation } from './reads/pre-liquidation.ts'
import {
  accountsIn,
  deploymentOf,
  type Id,
  type MarketParams,
  type MorphoChange,
  type MorphoMirror,
  positionKey,
} from './state.ts'

const topicOf = (eventName: ContractEventName<typeof morphoAbi>): Hex =>
  encodeEventTopics({ abi: morphoAbi, eventName })[0] as Hex

const morphoTopics = morphoAbi.flatMap((item) => (item.type === 'event' ? [topicOf(item.name)] : []))
const factoryTopics = encodeEventTopics({
  abi: preLiquidationFactoryAbi,
  eventName: 'CreatePreLiquidation',
}) as Hex[]

/**
 * Every debt begins with a Borrow event. Markets and pre-liquidation contracts are known by their creation only, unless
 * configuration names the markets.
 */
export const subscriptions = (mirror: MorphoMirror): readonly Subscription[] => {
  const { morpho, preLiquidationFactory, markets } = deploymentOf(mirror)
  const followed: readonly Subscription[] = [
    { addresses: [morpho], topics: morphoTopics },
    { addresses: [morpho], topics: [topicOf('Borrow')], discovers: true },
    { addresses: [morpho], topics: [topicOf('Liquidate')], liquidates: true },
  ]
  if (markets) return followed
  return [
    ...followed,
    { addresses: [morpho], topics: [topicOf('CreateMarket')], announces: true },
    ...(preLiquidationFactory
      ? [{ addresses: [preLiquidationFactory], topics: factoryTopics, announces: true }]
      : []),
  ]
}

/** Touches a position that is in the book. */
const touchPosition = (mirror: MorphoMirror, id: Id, account: Address): readonly MorphoChange[] =>
  mirror.positions.has(positionKey(id, account)) ? due(keys.position(id, account)) : []

/** Touches a market that was read, and the position of the fee recipient, who gains shares with every accrual. */
const touchMarket = (mirror: MorphoMirror, id: Id): readonly MorphoChange[] => {
  const reading = mirror.markets.get(id)?.reading
  return reading ? [...due(keys.market(id)), ...touchPosition(mirror, id, reading.feeRecipient)] : []
}

const touchBoth = (mirror: MorphoMirror, id: Id, account: Address): readonly MorphoChange[] => [
  ...touchMarket(mirror, id),
  ...touchPosition(mirror, id, account),
]

const create = (mirror: MorphoMirror, id: Id, params: MarketParams): readonly MorphoChange[] => [
  { kind: 'market', key: id, next: (current) => current ?? announced(mirror, id, params) },
  ...due(keys.params(id)),
]

/** A contract that acts for the authorizer, or no longer does, matters in the markets it was made for. */
const authorize = (mirror: MorphoMirror, authorizer: Address, authorized: Address): readonly MorphoChange[] =>
  [...mirror.markets].flatMap(([id, { preLiquidations }]) =>
    preLiquidations[authorized] ? touchPosition(mirror, id as Id, authorizer) : [],
  )

type LiquidateArgs = {
  readonly id: Id
  readonly caller: Address
  readonly borrower: Address
  readonly repaidAssets: bigint
  readonly seizedAssets: bigint
}

const liquidated = (mirror: MorphoMirror, log: Log, args: LiquidateArgs): readonly MorphoChange[] => {
  const { id, borrower } = args
  const params = mirror.markets.get(id)?.params
  const { chainId, protocol, deployment } = mirror.deployment
  if (!params) return []
  return [
    {
      kind: 'liquidation',
      liquidation: {
        position: formatPositionId({ chainId, protocol, deployment, market: id, account: borrower }),
        owner: borrower,
        blockNumber: log.blockNumber,
        blockHash: log.blockHash,
        transactionHash: log.transactionHash,
        logIndex: log.logIndex,
        liquidator: args.caller,
        debtAsset: params.loanToken,
        repaid: args.repaidAssets,
        collateralAsset: params.collateralToken,
        seized: args.seizedAssets,
      },
    },
  ]
}

const reduceMorpho = (mirror: MorphoMirror, log: Log): readonly MorphoChange[] => {
  const event = decodeLog(morphoAbi, log)
  const named = deploymentOf(mirror).markets
  if (named && event && 'id' in event.args && !named.includes(event.args.id)) return []
  switch (event?.eventName) {
    case 'CreateMarket':
      return create(mirror, event.args.id, event.args.marketParams)
    case 'Borrow': {
      const { id, onBehalf } = event.args
      return [...touchMarket(mirror, id), ...due(keys.position(id, onBehalf))]
    }
    case 'Supply':
    case 'Withdraw':
    case 'Repay':
    case 'WithdrawCollateral':
      return touchBoth(mirror, event.args.id, event.args.onBehalf)
    case 'SupplyCollateral':
      return touchPosition(mirror, event.args.id, event.args.onBehalf)
    case 'Liquidate':
      return [
        ...touchBoth(mirror, event.args.id, event.args.borrower),
        ...liquidated(mirror, log, event.args),
      ]
    case 'AccrueInterest':
    case 'SetFee':
      return touchMarket(mirror, event.args.id)
    case 'SetFeeRecipient':
      return [...mirror.markets.keys()].flatMap((id) => touchMarket(mirror, id as Id))
    case 'SetAuthorization':
      return authorize(mirror, event.args.authorizer, event.args.authorized)
    default:
      return []
  }
}

/** A new contract may have been authorised before it was there: every position of its market is looked at again. */
const reduceFactory = (mirror: MorphoMirror, log: Log): readonly MorphoChange[] => {
  const topics = log.topics as [Hex, ...Hex[]]
  const { args } = decodeEventLog({ abi: preLiquidationFactoryAbi, topics, data: log.data })
  const { preLiquidation: contract, id, preLiquidationParams } = args
  return [
    {
      kind: 'market',
      key: id,
      next: (current) =>
        current && withPreLiquidation(current, contract, preLiquidationOf(preLiquidationParams)),
    },
    ...due(
      keys.preLiquidation(id, contract),
      ...accountsIn(mirror, id).map((account) => keys.position(id, account)),
    ),
  ]
}

/** What a log announces, and which keys it touches. Logs of contracts that are not followed touch nothing. */
export const reduce = (mirror: MorphoMirror, log: Log): readonly MorphoChange[] => {
  const { morpho, preLiquidationFactory, markets } = deploymentOf(mirror)
  if (checksummed(log.address) === checksummed(morpho)) return reduceMorpho(mirror, log)
  const isFactory =
    preLiquidationFactory && !markets && checksummed(log.address) === checksummed(preLiquidationFactory)
  return isFactory && log.topics[0] === factoryTopics[0] ? reduceFactory(mirror, log) : []
}
