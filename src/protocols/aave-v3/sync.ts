// What to follow on chain, and what each log touches.
import type { Address, Hex } from 'viem'
import { encodeEventTopics, zeroAddress } from 'viem'
import {
  configuratorAbi,
  discountTokenAbi,
  oracleAbi,
  poolAbi,
  providerAbi,
  scaledTokenAbi,
  stableDebtTokenAbi,
} from '../../../abis/aave-v3.ts'
import type { Log, Subscription } from '../../model/evm.ts'
import { formatPositionId } from '../../model/ids.ts'
import type { Key } from '../adapter.ts'
import { due } from '../changing.ts'
import { checksummed } from '../checksum.ts'
import { decodeLog } from '../event-logs.ts'
import { topicsOf } from '../topics.ts'
import { keys } from './keys.ts'
import { revisionOf } from './revisions/index.ts'
import { type AaveChange, type AaveMirror, MARKET, marketOf, type Reserve, reservesOf } from './state.ts'

const providerTopics = topicsOf(providerAbi)
const poolTopics = topicsOf(poolAbi)
const configuratorTopics = topicsOf(configuratorAbi)
const oracleTopics = topicsOf(oracleAbi)
const tokenAbis = [scaledTokenAbi, stableDebtTokenAbi, discountTokenAbi]
const tokenTopics = [...new Set(tokenAbis.flatMap(topicsOf))]
const borrowTopics = encodeEventTopics({ abi: poolAbi, eventName: 'Borrow' }) as Hex[]
const liquidationTopics = encodeEventTopics({ abi: poolAbi, eventName: 'LiquidationCall' }) as Hex[]

const providerOf = (mirror: AaveMirror): Address =>
  (mirror.deployment as { poolAddressesProvider?: Address }).poolAddressesProvider ?? zeroAddress

/** Every debt begins with a Borrow event of the pool, so these alone name all borrowers. */
export const subscriptions = (mirror: AaveMirror): readonly Subscription[] => {
  const provider: Subscription = { addresses: [providerOf(mirror)], topics: providerTopics }
  const market = marketOf(mirror)
  if (!market) return [provider]
  const { pool, configurator, oracle } = market.wiring
  const tokens = reservesOf(market)
    .flatMap(({ aToken, variableDebtToken, stableDebtToken }) => [aToken, variableDebtToken, stableDebtToken])
    .filter((token) => token !== zeroAddress)
  return [
    provider,
    { addresses: [pool], topics: poolTopics },
    { addresses: [pool], topics: borrowTopics, discovers: true },
    { addresses: [pool], topics: liquidationTopics, liquidates: true },
    { addresses: [configurator], topics: configuratorTopics },
    { addresses: [oracle], topics: oracleTopics },
    { addresses: tokens, topics: tokenTopics },
  ]
}

/** Touches an account in one reserve, if it is in the book. */
const touch = (mirror: AaveMirror, account: Address, asset: Address): readonly AaveChange[] =>
  mirror.positions.has(`${MARKET}:${account}`) ? due(keys.account(account), keys.leg(account, asset)) : []

const reduceProvider = (mirror: AaveMirror): readonly AaveChange[] => due(...stateKeys(mirror))

type LiquidationArgs = {
  readonly collateralAsset: Address
  readonly debtAsset: Address
  readonly user: Address
  readonly debtToCover: bigint
  readonly liquidatedCollateralAmount: bigint
  readonly liquidator: Address
}

const liquidated = (mirror: AaveMirror, log: Log, args: LiquidationArgs): readonly AaveChange[] => {
  const { user, collateralAsset, debtAsset, liquidator, debtToCover, liquidatedCollateralAmount } = args
  const { chainId, protocol, deployment } = mirror.deployment
  return [
    ...touch(mirror, user, collateralAsset),
    ...touch(mirror, user, debtAsset),
    // Since 3.5 the collateral's index moves without an event of its own where aTokens are received.
    ...due(keys.reserve(collateralAsset)),
    {
      kind: 'liquidation',
      liquidation: {
        position: formatPositionId({ chainId, protocol, deployment, market: MARKET, account: user }),
        owner: user,
        blockNumber: log.blockNumber,
        blockHash: log.blockHash,
        transactionHash: log.transactionHash,
        logIndex: log.logIndex,
        liquidator,
        debtAsset,
        repaid: debtToCover,
        collateralAsset,
        seized: liquidatedCollateralAmount,
      },
    },
  ]
}

const reducePool = (mirror: AaveMirror, log: Log): readonly AaveChange[] => {
  const event = decodeLog(poolAbi, log)
  switch (event?.eventName) {
    case 'Borrow': {
      const { onBehalfOf, reserve } = event.args
      return due(
        keys.account(onBehalfOf),
        keys.leg(onBehalfOf, reserve),
        keys.reserve(reserve),
        keys.totals(reserve),
      )
    }
    case 'ReserveDataUpdated':
    case 'MintedToTreasury':
    case 'DeficitCovered':
      return due(keys.reserve(event.args.reserve), keys.totals(event.args.reserve))
    case 'IsolationModeTotalDebtUpdated':
      return due(keys.reserve(event.args.asset))
    case 'DeficitCreated':
      return [
        ...touch(mirror, event.args.user, event.args.debtAsset),
        ...due(keys.reserve(event.args.debtAsset), keys.totals(event.args.debtAsset)),
      ]
    case 'UserEModeSet': {
      const { user, categoryId } = event.args
      const isKnown = mirror.positions.has(`${MARKET}:${user}`)
      // Whoever enters a category may borrow next: then it has to be known.
      return due(
        ...(isKnown ? [keys.account(user)] : []),
        ...(categoryId === 0 ? [] : [keys.eMode(categoryId)]),
      )
    }
    case 'ReserveUsedAsCollateralEnabled':
    case 'ReserveUsedAsCollateralDisabled':
    case 'SwapBorrowRateMode':
    case 'RebalanceStableBorrowRate':
      return touch(mirror, event.args.user, event.args.reserve)
    case 'LiquidationCall':
      return liquidated(mirror, log, event.args)
    default:
      return []
  }
}

const reduceConfigurator = (log: Log): readonly AaveChange[] => {
  const event = decodeLog(configuratorAbi, log)
  if (!event) return []
  switch (event.eventName) {
    case 'ReserveInitialized':
      return due(keys.reserves, keys.reserve(event.args.asset), keys.price(event.args.asset))
    case 'ReserveDropped':
      return due(keys.reserves)
    case 'EModeAssetCategoryChanged': {
      const { asset, newCategoryId } = event.args
      return due(keys.reserve(asset), ...(newCategoryId === 0 ? [] : [keys.eMode(newCategoryId)]))
    }
    case 'AssetCollateralInEModeChanged':
    case 'AssetBorrowableInEModeChanged':
    case 'AssetLtvzeroInEModeChanged':
    case 'EModeCategoryAdded':
    case 'EModeCategoryIsolationChanged':
      return due(keys.eMode(event.args.categoryId))
    default:
      return due(keys.reserve(event.args.asset), keys.totals(event.args.asset))
  }
}

const reduceOracle = (mirror: AaveMirror, log: Log): readonly AaveChange[] => {
  const event = decodeLog(oracleAbi, log)
  const reserve = event && marketOf(mirror)?.reserves[event.args.asset]
  return reserve ? due(keys.reserve(reserve.asset)) : []
}

const reduceToken = (mirror: AaveMirror, reserve: Reserve, log: Log): readonly AaveChange[] => {
  const discount = decodeLog(discountTokenAbi, log)
  if (discount) return touch(mirror, discount.args.user, reserve.asset)
  const isStable = checksummed(log.address) === reserve.stableDebtToken
  const event = isStable ? decodeLog(stableDebtTokenAbi, log) : decodeLog(scaledTokenAbi, log)
  const totals = due(keys.totals(reserve.asset))
  switch (event?.eventName) {
    case 'Mint':
      return [...totals, ...touch(mirror, event.args.onBehalfOf, reserve.asset)]
    case 'Burn':
      return [...totals, ...touch(mirror, event.args.from, reserve.asset)]
    case 'BalanceTransfer':
      return [
        ...touch(mirror, event.args.from, reserve.asset),
        ...touch(mirror, event.args.to, reserve.asset),
      ]
    default:
      return []
  }
}

/** Which keys a log touches. Logs of contracts that are not followed touch nothing. */
export const reduce = (mirror: AaveMirror, log: Log): readonly AaveChange[] => {
  const address = checksummed(log.address)
  if (address === checksummed(providerOf(mirror))) return reduceProvider(mirror)
  const market = marketOf(mirror)
  if (!market) return []
  if (address === market.wiring.pool) return reducePool(mirror, log)
  if (address === market.wiring.configurator) return reduceConfigurator(log)
  if (address === market.wiring.oracle) return reduceOracle(mirror, log)
  const reserve = reservesOf(market).find(
    ({ aToken, variableDebtToken, stableDebtToken }) =>
      address === aToken || address === variableDebtToken || address === stableDebtToken,
  )
  return reserve ? reduceToken(mirror, reserve, log) : []
}

/** All market state; prices and the sentinel are read with every head anyway. */
export const stateKeys = (mirror: AaveMirror): readonly Key[] => {
  const market = marketOf(mirror)
  if (!market) return [keys.wiring]
  return [
    keys.wiring,
    keys.revision,
    keys.base,
    keys.reserves,
    ...reservesOf(market).flatMap(({ asset }) => [keys.reserve(asset), keys.totals(asset)]),
    ...Object.keys(market.eModes).map((id) => keys.eMode(Number(id))),
  ]
}

/** Prices of all reserves and of the e-mode categories that have their own, and the sentinel's word where it counts. */
export const headKeys = (mirror: AaveMirror): readonly Key[] => {
  const market = marketOf(mirror)
  if (!market) return []
  const priceSources = Object.values(market.eModes)
    .map(({ priceSource }) => priceSource)
    .filter((source) => source !== zeroAddress)
  const hasSentinel =
    market.wiring.sentinel !== zeroAddress && revisionOf(market.revision)?.liquidation.hasSentinel !== false
  return [
    ...(hasSentinel ? [keys.sentinel] : []),
    ...[...new Set([...reservesOf(market).map(({ asset }) => asset), ...priceSources])].map(keys.price),
  ]
}
