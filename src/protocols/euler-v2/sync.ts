// What to follow on chain, and what each log touches.
import {
  type Abi,
  type Address,
  decodeEventLog,
  encodeEventTopics,
  getAddress,
  type Hex,
  isAddressEqual,
  zeroAddress,
} from 'viem'
import { evcAbi, factoryAbi, oracleAbi, vaultAbi } from '../../../abis/euler-v2.ts'
import type { Log, Subscription } from '../../model/evm.ts'
import { formatPositionId } from '../../model/ids.ts'
import { due } from '../changing.ts'
import { topicsOf } from '../topics.ts'
import { followed } from './following.ts'
import { keys } from './keys.ts'
import { assetsToOwed } from './math.ts'
import {
  deploymentOf,
  type EulerChange,
  type EulerMarket,
  type EulerMirror,
  type EulerPosition,
  positionKey,
} from './state.ts'

const controllerTopics = encodeEventTopics({ abi: evcAbi, eventName: 'ControllerStatus' }) as Hex[]
const liquidationTopics = encodeEventTopics({ abi: vaultAbi, eventName: 'Liquidate' }) as Hex[]

/** Collaterals of another make: of these only transfers are known. */
const otherCollaterals = (controllers: Iterable<EulerMarket>): readonly Address[] =>
  [...controllers].flatMap(({ collaterals = {} }) =>
    (Object.keys(collaterals) as Address[]).filter((one) => !collaterals[one]?.isVault),
  )

/** Every debt begins with a controller that is enabled. Vaults are known by that, and by the vaults that take them as collateral. */
export const subscriptions = (mirror: EulerMirror): readonly Subscription[] => {
  const { evc, eVaultFactory } = deploymentOf(mirror)
  const { controllers, vaults } = followed(mirror)
  const routers = [...controllers.values()].flatMap(({ routers: own = [] }) => own)
  return [
    { addresses: [evc], topics: topicsOf(evcAbi) },
    { addresses: [evc], topics: controllerTopics.slice(0, 1), discovers: true },
    { addresses: [eVaultFactory], topics: topicsOf(factoryAbi) },
    {
      addresses: [...new Set([...vaults, ...otherCollaterals(controllers.values())])],
      topics: topicsOf(vaultAbi),
    },
    { addresses: [...controllers.keys()], topics: liquidationTopics, liquidates: true },
    { addresses: [...new Set(routers)], topics: topicsOf(oracleAbi) },
  ]
}

type Args = { readonly mirror: EulerMirror; readonly log: Log }

const decode = <const TAbi extends Abi>(abi: TAbi, { topics, data }: Log) => {
  try {
    return decodeEventLog({ abi, topics: topics as [Hex, ...Hex[]], data })
  } catch {
    return undefined
  }
}

/** Loans of these accounts that rest on a collateral. */
const touchHolders = (mirror: EulerMirror, collateral: Address, accounts: readonly Address[]) =>
  [...mirror.markets].flatMap(([controller, { collateralList }]) => {
    if (!collateralList?.includes(collateral)) return []
    const holders = accounts.filter((account) =>
      mirror.positions.get(positionKey(controller as Address, account))?.collaterals.includes(collateral),
    )
    return due(...holders.map((account) => keys.position(controller as Address, account)))
  })

/** The debt of an account changed in this block: what is read now accrued since. */
const touchDebt = (mirror: EulerMirror, log: Log, account: Address): readonly EulerChange[] => {
  const controller = log.address
  const market = mirror.markets.get(controller)
  if (!market) return []
  const unread: EulerPosition = {
    id: { ...market.id, account },
    owner: account,
    asOf: log.blockNumber,
    collaterals: [],
    balances: {},
    owed: 0n,
    interestAccumulator: 0n,
    lastAccountStatusCheck: 0,
    fault: { reason: 'not-yet-read', detail: 'the loan is new' },
  }
  const changedIn = log.blockNumber
  return [
    {
      kind: 'position',
      key: positionKey(controller, account),
      next: (current = unread) => ({ ...current, changedIn }),
    },
    ...due(keys.position(controller, account)),
  ]
}

type StatusArgs = {
  readonly totalShares: bigint
  readonly totalBorrows: bigint
  readonly accumulatedFees: bigint
  readonly cash: bigint
  readonly interestAccumulator: bigint
  readonly interestRate: bigint
  readonly timestamp: bigint
}

/** VaultStatus has the vault's words, but for its debts, which it rounds up to whole units of the asset. */
const withStatus =
  (args: StatusArgs, log: Log) =>
  (market: EulerMarket): EulerMarket => {
    const { totalBorrows, timestamp, ...words } = args
    return {
      ...market,
      status: {
        ...words,
        totalBorrows: assetsToOwed(totalBorrows),
        lastInterestAccumulatorUpdate: Number(timestamp),
      },
      accumulators: { ...market.accumulators, [String(log.blockNumber)]: args.interestAccumulator },
    }
  }

type LiquidateArgs = {
  readonly liquidator: Address
  readonly violator: Address
  readonly collateral: Address
  readonly repayAssets: bigint
  readonly yieldBalance: bigint
}

const liquidated = (mirror: EulerMirror, log: Log, args: LiquidateArgs): readonly EulerChange[] => {
  const { chainId, protocol, deployment } = mirror.deployment
  const controller = log.address
  const identity = mirror.markets.get(controller)?.identity
  const { violator: account, liquidator, collateral, repayAssets, yieldBalance } = args
  if (!identity) return []
  return [
    {
      kind: 'liquidation',
      liquidation: {
        position: formatPositionId({ chainId, protocol, deployment, market: controller, account }),
        owner: mirror.positions.get(positionKey(controller, account))?.owner ?? account,
        blockNumber: log.blockNumber,
        blockHash: log.blockHash,
        transactionHash: log.transactionHash,
        logIndex: log.logIndex,
        liquidator,
        debtAsset: identity.asset,
        repaid: repayAssets,
        collateralAsset: collateral,
        seized: yieldBalance,
      },
    },
  ]
}

const reduceVault = ({ mirror, log }: Args): readonly EulerChange[] => {
  const vault = log.address
  const event = decode(vaultAbi, log)
  switch (event?.eventName) {
    case 'Transfer': {
      const { from, to } = event.args
      return touchHolders(
        mirror,
        vault,
        [from, to].filter((one) => one !== zeroAddress),
      )
    }
    case 'VaultStatus':
      return [
        { kind: 'market', key: vault, next: (market) => market && withStatus(event.args, log)(market) },
        ...due(keys.status(vault)),
      ]
    case 'Borrow':
    case 'Repay':
    case 'InterestAccrued':
      return touchDebt(mirror, log, event.args.account)
    case 'Liquidate':
      return liquidated(mirror, log, event.args)
    case 'GovSetLTV':
      return mirror.markets.get(vault)?.collateralList ? due(keys.ltvs(vault)) : []
    case undefined:
      return []
    default:
      return due(keys.config(vault))
  }
}

const reduceEvc = ({ mirror, log }: Args): readonly EulerChange[] => {
  const event = decode(evcAbi, log)
  switch (event?.eventName) {
    case 'ControllerStatus':
    case 'AccountStatusCheck':
      return due(keys.position(event.args.controller, event.args.account))
    case 'CollateralStatus': {
      const { account } = event.args
      const known = [...mirror.markets.keys()].filter((one) =>
        mirror.positions.has(positionKey(one as Address, account)),
      )
      return due(...known.map((controller) => keys.position(controller as Address, account)))
    }
    default:
      return []
  }
}

/** A router that is rewired may quote differently for every vault that asks it. */
const reduceRouter = ({ mirror, log }: Args): readonly EulerChange[] => {
  if (decode(oracleAbi, log) === undefined) return []
  return [...mirror.markets].flatMap(([vault, { routers = [] }]) =>
    routers.includes(log.address) ? due(keys.routes(vault as Address)) : [],
  )
}

/** Which keys a log touches. Logs of contracts that are not followed touch nothing. */
export const reduce = (mirror: EulerMirror, raw: Log): readonly EulerChange[] => {
  const log = { ...raw, address: getAddress(raw.address) }
  const { evc, eVaultFactory } = deploymentOf(mirror)
  if (isAddressEqual(log.address, evc)) return reduceEvc({ mirror, log })
  if (isAddressEqual(log.address, eVaultFactory))
    return decode(factoryAbi, log)
      ? due(...[...mirror.markets.keys()].map((vault) => keys.config(vault as Address)))
      : []
  if (mirror.markets.has(log.address)) return reduceVault({ mirror, log })
  const others = touchOther({ mirror, log })
  return others.length > 0 ? others : reduceRouter({ mirror, log })
}

/** A collateral of another make that changed hands. */
const touchOther = ({ mirror, log }: Args): readonly EulerChange[] => {
  const event = decode(vaultAbi, log)
  return event?.eventName === 'Transfer'
    ? touchHolders(mirror, log.address, [event.args.from, event.args.to])
    : []
}
