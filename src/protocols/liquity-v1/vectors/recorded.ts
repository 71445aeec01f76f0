// Recorded states as this adapter keeps them.
import { getAddress, keccak256, slice, stringToHex, zeroAddress } from 'viem'
import type { BlockRef } from '../../../model/block.ts'
import { WAD } from '../../../units/brands.ts'
import type { Env } from '../../adapter.ts'
import { standIns, type VectorFile } from '../../vectors.ts'
import type { LiquityRequest } from '../liquidation.ts'
import {
  type LiquityMirror,
  MARKET,
  NATIVE,
  PRICE_KEY,
  positionKey,
  type ReadMarket,
  type System,
  type Trove,
} from '../state.ts'

const PERCENT = WAD / 100n

/** The stand-in of an address for a name: recorded troves have names only. */
const namedAddress = standIns((name: string) => getAddress(slice(keccak256(stringToHex(name)), 12)))

const ID = { chainId: 1, protocol: 'liquity-v1', deployment: 'main', market: MARKET }

const systemOf = (recorded: VectorFile): System => {
  const big = (value: string): bigint => BigInt(value)
  const pool = ({ ETH, LUSDDebt }: VectorFile) => ({ coll: big(ETH), debt: big(LUSDDebt) })
  return {
    rewards: { coll: big(recorded['L_ETH']), debt: big(recorded['L_LUSDDebt']) },
    errors: {
      coll: big(recorded['lastETHError_Redistribution']),
      debt: big(recorded['lastLUSDDebtError_Redistribution']),
    },
    totalStakes: big(recorded['totalStakes']),
    totalStakesSnapshot: big(recorded['totalStakesSnapshot']),
    totalCollateralSnapshot: big(recorded['totalCollateralSnapshot']),
    baseRate: big(recorded['baseRate']),
    lastFeeOperationTime: Number(recorded['lastFeeOperationTime']),
    troveCount: big(recorded['troveOwnersCount']),
    activePool: pool(recorded['activePool']),
    defaultPool: pool(recorded['defaultPool']),
    deposits: big(recorded['stabilityPool'].totalLUSDDeposits),
    lossError: big(recorded['stabilityPool'].lastLUSDLossError_Offset),
  }
}

/** The system at a recorded state, with the constants of Liquity. */
export const marketOf = (recorded: VectorFile, version: 'deployed' | 'head'): ReadMarket => ({
  id: ID,
  label: 'Liquity',
  quote: { symbol: 'USD', decimals: 18 },
  revision: version,
  revisionRaw: version,
  fidelity: 'exact',
  wiring: {
    family: 'LUSD',
    ...{ troveManager: namedAddress('TroveManager'), borrowerOperations: namedAddress('BorrowerOperations') },
    ...{ activePool: namedAddress('ActivePool'), defaultPool: namedAddress('DefaultPool') },
    ...{ stabilityPool: namedAddress('StabilityPool'), sortedTroves: namedAddress('SortedTroves') },
    ...{ priceFeed: namedAddress('PriceFeed'), debtToken: namedAddress('LUSDToken') },
    protocolToken: namedAddress('LQTYToken'),
  },
  faults: {},
  traits: { revision: version, symbol: 'LUSD', startedAt: 0 },
  parameters: {
    ...{ mcr: 110n * PERCENT, ccr: 150n * PERCENT, gasCompensation: 200n * WAD, minNetDebt: 1_800n * WAD },
    ...{ percentDivisor: 200n, borrowingFeeFloor: PERCENT / 2n, borrowingFeeMax: 5n * PERCENT },
    ...{ redemptionFeeFloor: PERCENT / 2n, minuteDecayFactor: 999_037_758_833_783_000n },
    ...{ beta: 2n, bootstrapPeriod: 14 * 86_400 },
  },
  system: systemOf(recorded),
})

const STATUSES = ['nonExistent', 'active', 'closedByOwner', 'closedByLiquidation', 'closedByRedemption']

export const troveOf = (recorded: VectorFile): Trove => {
  const owner = namedAddress(recorded['trove'])
  return {
    id: { ...ID, account: owner },
    owner,
    asOf: 1n,
    debt: BigInt(recorded['debt']),
    coll: BigInt(recorded['coll']),
    stake: BigInt(recorded['stake']),
    status: STATUSES.indexOf(recorded['status']),
    snapshot: {
      coll: BigInt(recorded['rewardSnapshot'].ETH),
      debt: BigInt(recorded['rewardSnapshot'].LUSDDebt),
    },
    links: null,
  }
}

/** Troves with their places in the list, which is recorded from its last. */
export const queued = (recorded: readonly VectorFile[]): readonly Trove[] =>
  recorded.map(troveOf).map((trove, index, all) => ({
    ...trove,
    links: { prev: all[index + 1]?.owner ?? zeroAddress, next: all[index - 1]?.owner ?? zeroAddress },
  }))

export const envOf = (price: string, timestamp: string): Env => {
  const block: BlockRef = { chainId: 1, number: 1n, hash: '0x01', timestamp: Number(timestamp) }
  const reading = {
    kind: 'price',
    key: PRICE_KEY,
    price: BigInt(price),
    scale: WAD,
    source: 'vector',
  } as const
  return {
    block,
    timestamp: block.timestamp,
    prices: (key) => (key === PRICE_KEY ? reading : undefined),
    markets: () => undefined,
    debtInFront: () => null,
    quotes: () => null,
  }
}

/** A book of these troves. */
export const mirrorOf = (market: ReadMarket, troves: readonly Trove[]): LiquityMirror => ({
  deployment: ID,
  markets: new Map([[MARKET, market]]),
  positions: new Map(troves.map((trove) => [positionKey(trove.owner), trove])),
  prices: new Map(),
  tallies: new Map(),
})

/** A request of a market's own assets. */
export const requestOf = (market: ReadMarket, method: string): LiquityRequest => ({
  method,
  debtAsset: market.wiring.debtToken,
  collateralAsset: NATIVE,
})

/** Recorded troves by the addresses that stand for their names. */
export const namesOf = (recorded: readonly VectorFile[]): ReadonlyMap<string, string> =>
  new Map(recorded.map((one) => [troveOf(one).owner, one['trove']]))

/** The books by the names of the contracts. */
export const booksOf = ({ rewards, errors, activePool, defaultPool, ...system }: System) => ({
  L_ETH: rewards.coll,
  L_LUSDDebt: rewards.debt,
  totalStakes: system.totalStakes,
  totalStakesSnapshot: system.totalStakesSnapshot,
  totalCollateralSnapshot: system.totalCollateralSnapshot,
  lastETHError_Redistribution: errors.coll,
  lastLUSDDebtError_Redistribution: errors.debt,
  baseRate: system.baseRate,
  lastFeeOperationTime: system.lastFeeOperationTime.toString(),
  troveOwnersCount: system.troveCount,
  activePool: { ETH: activePool.coll, LUSDDebt: activePool.debt },
  defaultPool: { ETH: defaultPool.coll, LUSDDebt: defaultPool.debt },
  totalLUSDDeposits: system.deposits,
  lastLUSDLossError_Offset: system.lossError,
})
