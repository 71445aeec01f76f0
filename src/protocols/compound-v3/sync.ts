// What to follow on chain, and what each log touches.
import {
  type Address,
  type ContractEventName,
  decodeEventLog,
  encodeEventTopics,
  getAddress,
  type Hex,
} from 'viem'
import { cometAbi } from '../../../abis/compound-v3.ts'
import type { Log, Subscription } from '../../model/evm.ts'
import { formatPositionId } from '../../model/ids.ts'
import type { Liquidation } from '../../model/liquidation.ts'
import type { Key } from '../adapter.ts'
import { due } from '../changing.ts'
import { keys } from './keys.ts'
import {
  type CometChange,
  type CometMirror,
  deploymentOf,
  feedsOf,
  MARKET,
  marketOf,
  positionKey,
} from './state.ts'

const topicOf = (eventName: ContractEventName<typeof cometAbi>): Hex =>
  encodeEventTopics({ abi: cometAbi, eventName })[0] as Hex

const topics = cometAbi.flatMap((item) => (item.type === 'event' ? [topicOf(item.name)] : []))

/** Nobody can owe anything without collateral, so whoever was ever given some is every possible borrower. */
export const subscriptions = (mirror: CometMirror): readonly Subscription[] => {
  const { comet } = deploymentOf(mirror)
  return [
    { addresses: [comet], topics },
    {
      addresses: [comet],
      topics: [topicOf('SupplyCollateral'), topicOf('TransferCollateral')],
      discovers: true,
    },
    { addresses: [comet], topics: [topicOf('AbsorbDebt'), topicOf('AbsorbCollateral')], liquidates: true },
  ]
}

/** Touches accounts that are in the book. */
const touch = (mirror: CometMirror, ...accounts: readonly Address[]): readonly CometChange[] =>
  due(...accounts.filter((account) => mirror.positions.has(positionKey(account))).map(keys.account))

type Moved = Pick<Liquidation, 'liquidator' | 'debtAsset' | 'repaid' | 'collateralAsset' | 'seized'>

const liquidated = (mirror: CometMirror, log: Log, borrower: Address, moved: Moved): CometChange => {
  const { chainId, protocol, deployment } = mirror.deployment
  return {
    kind: 'liquidation',
    liquidation: {
      position: formatPositionId({ chainId, protocol, deployment, market: MARKET, account: borrower }),
      owner: borrower,
      blockNumber: log.blockNumber,
      blockHash: log.blockHash,
      transactionHash: log.transactionHash,
      logIndex: log.logIndex,
      ...moved,
    },
  }
}

/** An absorb is several logs: one of each collateral that the protocol takes, and one of the debt that it pays. Summed up they are the liquidation. */
const absorbed = (
  mirror: CometMirror,
  log: Log,
  args: { readonly absorber: Address; readonly borrower: Address },
  amounts: { readonly repaid: bigint } | { readonly asset: Address; readonly seized: bigint },
): readonly CometChange[] => {
  const debtAsset = marketOf(mirror)?.configuration?.baseToken
  if (!debtAsset) return []
  const { absorber: liquidator, borrower } = args
  const moved: Moved =
    'repaid' in amounts
      ? { liquidator, debtAsset, repaid: amounts.repaid, collateralAsset: debtAsset, seized: 0n }
      : { liquidator, debtAsset, repaid: 0n, collateralAsset: amounts.asset, seized: amounts.seized }
  return [liquidated(mirror, log, borrower, moved)]
}

const decode = (log: Log) => {
  try {
    return decodeEventLog({ abi: cometAbi, topics: log.topics as [Hex, ...Hex[]], data: log.data })
  } catch {
    return undefined
  }
}

/** Which keys a log touches. Totals, balances and pauses are read with every head anyway. */
export const reduce = (mirror: CometMirror, log: Log): readonly CometChange[] => {
  if (getAddress(log.address) !== getAddress(deploymentOf(mirror).comet)) return []
  const event = decode(log)
  switch (event?.eventName) {
    case 'Supply':
      return touch(mirror, event.args.dst)
    case 'Withdraw':
      return touch(mirror, event.args.src)
    case 'Transfer':
      return touch(mirror, event.args.from, event.args.to)
    case 'SupplyCollateral':
      return due(keys.account(event.args.dst), keys.collateral(event.args.asset))
    case 'TransferCollateral':
      return [...touch(mirror, event.args.from), ...due(keys.account(event.args.to))]
    case 'WithdrawCollateral':
      return [...touch(mirror, event.args.src), ...due(keys.collateral(event.args.asset))]
    case 'AbsorbDebt':
      return [
        ...touch(mirror, event.args.borrower),
        ...absorbed(mirror, log, event.args, { repaid: event.args.basePaidOut }),
      ]
    case 'AbsorbCollateral': {
      const { borrower, asset, collateralAbsorbed: seized } = event.args
      return [
        ...touch(mirror, borrower),
        ...due(keys.collateral(asset)),
        ...absorbed(mirror, log, event.args, { asset, seized }),
      ]
    }
    case 'Upgraded':
      return due(keys.configuration)
    default:
      return []
  }
}

/** What logs and upgrades change. Reading the configuration also makes the sweep begin anew, as a reorg demands. */
export const stateKeys = (mirror: CometMirror): readonly Key[] => [
  keys.configuration,
  ...(marketOf(mirror)?.configuration?.assets ?? []).map(({ asset }) => keys.collateral(asset)),
]

/** Prices, totals and balances, and the next part of the sweep. */
export const headKeys = (mirror: CometMirror): readonly Key[] => {
  const configuration = marketOf(mirror)?.configuration
  return configuration ? [keys.totals, ...feedsOf(configuration).map(keys.price), keys.sweep] : []
}
