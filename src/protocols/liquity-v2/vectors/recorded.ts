// Recorded branches and troves as this adapter's state, and back. Troves and batch managers carry names.
import { getAddress, type Hex, keccak256, sliceHex, toHex, zeroAddress } from 'viem'
import type { Market } from '../../../model/market.ts'
import type { PriceReading } from '../../../model/price.ts'
import { WAD } from '../../../units/brands.ts'
import type { Env } from '../../adapter.ts'
import { standIns, type VectorFile } from '../../vectors.ts'
import type { ReadBranch } from '../accrual.ts'
import {
  type Batch,
  NO_TROVE,
  priceKeyOf,
  REGISTRY,
  type RegistryMarket,
  redemptionPriceKeyOf,
  type Setup,
  type Token,
  type Trove,
  type TroveId,
  type TrovePosition,
} from '../state.ts'

/** An address that stands for a name. */
export const addressOf = standIns((name: string) => getAddress(sliceHex(keccak256(toHex(name)), 0, 20)))

/** A trove id that stands for a name. */
export const idOf = standIns((name: string): TroveId => keccak256(toHex(name)))

const marketId = (market: string) => ({ chainId: 1, protocol: 'liquity-v2', deployment: 'vectors', market })

const tokenOf = (symbol: string): Token => ({ address: addressOf(symbol), symbol, decimals: 18 })

const BOLD = tokenOf('BOLD')
const WETH = tokenOf('WETH')

const common = {
  quote: { symbol: 'USD', decimals: 18 },
  revision: 'bold',
  revisionRaw: 'bold',
  fidelity: 'exact',
} as const

export const batchOf = (recorded: VectorFile): Batch => ({
  debt: BigInt(recorded['debt']),
  coll: BigInt(recorded['coll']),
  lastDebtUpdateTime: Number(recorded['lastDebtUpdateTime']),
  lastInterestRateAdjTime: Number(recorded['lastInterestRateAdjTime']),
  annualInterestRate: BigInt(recorded['annualInterestRate']),
  annualManagementFee: BigInt(recorded['annualManagementFee']),
  totalDebtShares: BigInt(recorded['totalDebtShares']),
})

const poolsOf = (recorded: VectorFile): ReadBranch['pools'] => {
  const { activePool, defaultPool, stabilityPool } = recorded
  return {
    activePool: {
      coll: BigInt(activePool.collBalance),
      aggRecordedDebt: BigInt(activePool.aggRecordedDebt),
      aggWeightedDebtSum: BigInt(activePool.aggWeightedDebtSum),
      lastAggUpdateTime: Number(activePool.lastAggUpdateTime),
      aggBatchManagementFees: BigInt(activePool.aggBatchManagementFees),
      aggWeightedBatchManagementFeeSum: BigInt(activePool.aggWeightedBatchManagementFeeSum),
      lastAggBatchManagementFeesUpdateTime: Number(activePool.lastAggBatchManagementFeesUpdateTime),
    },
    defaultPool: { coll: BigInt(defaultPool.collBalance), debt: BigInt(defaultPool.BoldDebt) },
    stabilityPoolDeposits: BigInt(stabilityPool.totalBoldDeposits),
    shutdownTime: Number(recorded['shutdownTime']),
    lastZombieTroveId: recorded['lastZombieTroveId'] === null ? null : idOf(recorded['lastZombieTroveId']),
    troveCount: BigInt(recorded['troveIdsCount']),
  }
}

/** Nothing is called: of all contracts only the feed and the TroveManager are told apart. */
const setupOf = (recorded: VectorFile): Setup => ({
  contracts: {
    troveManager: addressOf(`${recorded['name']}: trove manager`),
    borrowerOperations: zeroAddress,
    troveNFT: zeroAddress,
    stabilityPool: zeroAddress,
    activePool: zeroAddress,
    defaultPool: zeroAddress,
    sortedTroves: zeroAddress,
    priceFeed: addressOf(`${recorded['name']}: feed`),
  },
  parameters: {
    CCR: BigInt(recorded['CCR']),
    MCR: BigInt(recorded['MCR']),
    BCR: BigInt(recorded['BCR']),
    SCR: BigInt(recorded['SCR']),
    liquidationPenaltySP: BigInt(recorded['LIQUIDATION_PENALTY_SP']),
    liquidationPenaltyRedistribution: BigInt(recorded['LIQUIDATION_PENALTY_REDISTRIBUTION']),
  },
})

/** A recorded branch. */
export const branchOf = (recorded: VectorFile): ReadBranch => ({
  ...common,
  id: marketId(recorded['name']),
  label: recorded['name'],
  collateral: tokenOf(recorded['name']),
  bold: BOLD,
  weth: WETH,
  faults: {},
  isFeedDown: false,
  setup: setupOf(recorded),
  pools: poolsOf(recorded),
  redistribution: {
    totalStakes: BigInt(recorded['totalStakes']),
    totalStakesSnapshot: BigInt(recorded['totalStakesSnapshot']),
    totalCollateralSnapshot: BigInt(recorded['totalCollateralSnapshot']),
    L_coll: BigInt(recorded['L_coll']),
    L_boldDebt: BigInt(recorded['L_boldDebt']),
    lastCollError: BigInt(recorded['lastCollError_Redistribution']),
    lastBoldDebtError: BigInt(recorded['lastBoldDebtError_Redistribution']),
  },
  batches: Object.fromEntries(
    Object.entries(recorded['batches'] as VectorFile).map(([name, batch]) => [
      addressOf(name),
      batchOf(batch),
    ]),
  ),
})

const troveOf = (recorded: VectorFile): Trove => ({
  status: recorded['status'],
  debt: BigInt(recorded['debt']),
  coll: BigInt(recorded['coll']),
  stake: BigInt(recorded['stake']),
  lastDebtUpdateTime: Number(recorded['lastDebtUpdateTime']),
  lastInterestRateAdjTime: Number(recorded['lastInterestRateAdjTime']),
  annualInterestRate: BigInt(recorded['annualInterestRate']),
  batchManager:
    recorded['interestBatchManager'] === null ? null : addressOf(recorded['interestBatchManager']),
  batchDebtShares: BigInt(recorded['batchDebtShares']),
  snapshot: {
    coll: BigInt(recorded['rewardSnapshot'].coll),
    boldDebt: BigInt(recorded['rewardSnapshot'].boldDebt),
  },
  links: null,
})

export const isOpen = (recorded: VectorFile): boolean =>
  recorded['status'] === 'active' || recorded['status'] === 'zombie'

/** A recorded trove; `sorted` are the names from the lowest rate upward, where they are recorded. */
export const positionOf = (
  recorded: VectorFile,
  branch: ReadBranch,
  sorted: readonly string[] = [],
): TrovePosition => {
  const place = sorted.indexOf(recorded['trove'])
  const neighbour = (index: number): Hex => {
    const name = sorted[index]
    return name === undefined ? NO_TROVE : idOf(name)
  }
  return {
    ...troveOf(recorded),
    id: { ...branch.id, account: idOf(recorded['trove']) },
    owner: addressOf(`owner of ${recorded['trove']}`),
    asOf: 0n,
    links: place < 0 ? null : { prev: neighbour(place + 1), next: neighbour(place - 1) },
  }
}

/** A branch, and the prices of its feed. */
export type Priced = {
  readonly branch: ReadBranch
  readonly price: bigint
  readonly redemptionPrice?: bigint
}

const reading = (key: string, price: bigint): readonly [string, PriceReading] => [
  key,
  { kind: 'price', key, price, scale: WAD, source: 'recorded' },
]

/** The registry's state, as of before a redemption. */
export const registryOf = (
  recorded: VectorFile,
  branches: readonly ReadBranch[],
): Required<Omit<RegistryMarket, 'fault'>> => ({
  ...common,
  isShared: true,
  id: marketId(REGISTRY),
  label: REGISTRY,
  boldToken: BOLD.address,
  branches: branches.map(({ label }) => label),
  troveManagers: branches.map(({ setup }) => setup.contracts.troveManager),
  rate: {
    baseRate: BigInt(recorded['baseRate']),
    lastFeeOperationTime: Number(recorded['lastFeeOperationTime']),
    boldSupply: BigInt(recorded['boldTotalSupply']),
  },
})

/** An env at `timestamp`, with the markets that are given. */
export const envOf = (timestamp: string, priced: readonly Priced[], markets: readonly Market[] = []): Env => {
  const prices = new Map(
    priced.flatMap(({ branch: { setup }, price, redemptionPrice = price }) => [
      reading(priceKeyOf(setup.contracts.priceFeed), price),
      reading(redemptionPriceKeyOf(setup.contracts.priceFeed), redemptionPrice),
    ]),
  )
  const seconds = Number(timestamp)
  return {
    block: { chainId: 1, number: 1n, hash: NO_TROVE, timestamp: seconds },
    timestamp: seconds,
    prices: (key) => prices.get(key),
    markets: (name) => markets.find(({ id }) => id.market === name),
    debtInFront: () => null,
    quotes: () => null,
  }
}

const batchesIn = (branch: ReadBranch, names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, branch.batches[addressOf(name)]]))

const nameAmong = (id: TroveId | null, names: readonly string[]): string | null =>
  id === null ? null : (names.find((name) => idOf(name) === id) ?? id)

const timesAsText = (fields: object): VectorFile =>
  Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [key, typeof value === 'number' ? String(value) : value]),
  )

/** A branch as it is recorded after something was done; `names` are those of the troves that it was done to. */
export const recordedBranch = (branch: ReadBranch, recorded: VectorFile, names: readonly string[]) => {
  const { pools, redistribution } = branch
  const { coll: collBalance, ...activePool } = pools.activePool
  const batches = batchesIn(branch, Object.keys(recorded['batches']))
  return {
    L_coll: redistribution.L_coll,
    L_boldDebt: redistribution.L_boldDebt,
    totalStakes: redistribution.totalStakes,
    totalStakesSnapshot: redistribution.totalStakesSnapshot,
    totalCollateralSnapshot: redistribution.totalCollateralSnapshot,
    lastCollError_Redistribution: redistribution.lastCollError,
    lastBoldDebtError_Redistribution: redistribution.lastBoldDebtError,
    lastZombieTroveId: nameAmong(pools.lastZombieTroveId, [
      ...names,
      ...(recorded['lastZombieTroveId'] === null ? [] : [recorded['lastZombieTroveId']]),
    ]),
    troveIdsCount: pools.troveCount,
    activePool: timesAsText({ ...activePool, collBalance, shutdownTime: pools.shutdownTime }),
    defaultPool: { collBalance: pools.defaultPool.coll, BoldDebt: pools.defaultPool.debt },
    totalBoldDeposits: pools.stabilityPoolDeposits,
    batches: Object.fromEntries(
      Object.entries(batches).map(([name, batch]) => [name, timesAsText(batch ?? {})]),
    ),
  }
}
