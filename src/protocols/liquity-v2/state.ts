import type { Address, Hex } from 'viem'
import type { Fault, Market, Position } from '../../model/market.ts'
import type { PriceKey } from '../../model/price.ts'
import type { Change, Deployment, Mirror, Read } from '../adapter.ts'

/**
 * One CollateralRegistry and its stablecoin. Nothing on chain leads from it to the parameters of its branches, so each is
 * described by its AddressesRegistry, under the name of its collateral, which is the market's.
 */
export type LiquityDeployment = Deployment & {
  readonly collateralRegistry: Address
  readonly branches: Readonly<Record<string, Address>>
}

/** A trove id: 0x and 64 hex digits, in lower case. */
export type TroveId = Hex

export type Token = { readonly address: Address; readonly symbol: string; readonly decimals: number }

/** AddressesRegistry: who does what in a branch. */
export type Contracts = {
  readonly troveManager: Address
  readonly borrowerOperations: Address
  readonly troveNFT: Address
  readonly stabilityPool: Address
  readonly activePool: Address
  readonly defaultPool: Address
  readonly sortedTroves: Address
  readonly priceFeed: Address
}

/** AddressesRegistry: what a branch demands, wads. Set once and for all. */
export type Parameters = {
  readonly CCR: bigint
  readonly MCR: bigint
  readonly BCR: bigint
  readonly SCR: bigint
  readonly liquidationPenaltySP: bigint
  readonly liquidationPenaltyRedistribution: bigint
}

/** ActivePool as stored, nothing accrued: BOLD, BOLD × rate, s. `coll` in units of the collateral. */
export type ActivePool = {
  readonly coll: bigint
  readonly aggRecordedDebt: bigint
  readonly aggWeightedDebtSum: bigint
  readonly lastAggUpdateTime: number
  readonly aggBatchManagementFees: bigint
  readonly aggWeightedBatchManagementFeeSum: bigint
  readonly lastAggBatchManagementFeesUpdateTime: number
}

/** What the branch's contracts tell of the pools, and of the branch as a whole. `shutdownTime` is 0 while it is open. */
export type Pools = {
  readonly activePool: ActivePool
  readonly defaultPool: { readonly coll: bigint; readonly debt: bigint }
  readonly stabilityPoolDeposits: bigint
  readonly shutdownTime: number
  readonly lastZombieTroveId: TroveId | null
  readonly troveCount: bigint
}

/** What TroveManager keeps to itself: sums that redistribute debt and collateral, per unit of stake. */
export type Redistribution = {
  readonly totalStakes: bigint
  readonly totalStakesSnapshot: bigint
  readonly totalCollateralSnapshot: bigint
  readonly L_coll: bigint
  readonly L_boldDebt: bigint
  readonly lastCollError: bigint
  readonly lastBoldDebtError: bigint
}

/** A batch of troves as stored, nothing accrued. Rates are wads a year. */
export type Batch = {
  readonly debt: bigint
  readonly coll: bigint
  readonly lastDebtUpdateTime: number
  readonly lastInterestRateAdjTime: number
  readonly annualInterestRate: bigint
  readonly annualManagementFee: bigint
  readonly totalDebtShares: bigint
}

/** Parts of a branch that are read apart and fail apart. */
export type BranchPart = 'setup' | 'pools' | 'redistribution'

/** AddressesRegistry: what belongs to a branch, and what it demands. */
export type Setup = {
  readonly contracts: Contracts
  readonly parameters: Parameters
}

/** A branch: one collateral of the deployment. `isFeedDown`: fetching the price in this block would shut it down. */
export type BranchMarket = Market & {
  readonly isShared?: never
  readonly collateral: Token
  readonly bold: Token
  readonly weth: Token
  readonly faults: Readonly<Partial<Record<BranchPart, Fault>>>
  readonly setup?: Setup
  readonly pools?: Pools
  readonly redistribution?: Redistribution
  readonly batches: Readonly<Record<Address, Batch>>
  readonly isFeedDown: boolean
}

/** What all branches share: their order, and what the redemption rate goes by. */
export type RegistryMarket = Market & {
  readonly isShared: true
  readonly boldToken: Address
  /** Names of the branches that the deployment describes. */
  readonly branches: readonly string[]
  /** TroveManagers in the registry's order. */
  readonly troveManagers: readonly Address[]
  readonly rate?: RedemptionRate
}

/** CollateralRegistry: the base rate as stored (a wad) and when it was last (s), and how much of the stablecoin there is. */
export type RedemptionRate = {
  readonly baseRate: bigint
  readonly lastFeeOperationTime: number
  readonly boldSupply: bigint
}

export type LiquityMarket = BranchMarket | RegistryMarket

/** Neighbours in SortedTroves; the zero id is its end. `next` has a lower rate and is redeemed earlier. */
export type Links = { readonly prev: TroveId; readonly next: TroveId }

/**
 * A trove as stored, nothing accrued. In a batch `debt`, rate and `lastDebtUpdateTime` are the batch's, and its part of
 * them is `batchDebtShares`. A zombie is not in the list, and has no `links`.
 */
export type Trove = {
  readonly status: 'active' | 'zombie'
  readonly debt: bigint
  readonly coll: bigint
  readonly stake: bigint
  readonly lastDebtUpdateTime: number
  readonly lastInterestRateAdjTime: number
  readonly annualInterestRate: bigint
  readonly batchManager: Address | null
  readonly batchDebtShares: bigint
  readonly snapshot: { readonly coll: bigint; readonly boldDebt: bigint }
  readonly links: Links | null
}

export type TrovePosition = Position & Trove

export type LiquityMirror = Mirror<LiquityMarket, TrovePosition>
export type LiquityChange = Change<LiquityMarket, TrovePosition>
export type LiquityRead = Read<LiquityMarket, TrovePosition>

/** The market that all branches share. */
export const REGISTRY = 'registry'

/** No trove, and the end of SortedTroves. */
export const NO_TROVE: TroveId = `0x${'0'.repeat(64)}`

/** The stablecoin counts as one dollar, whatever it trades at: no oracle gives its price. */
export const BOLD_PRICE_KEY: PriceKey = 'bold'

/** PriceFeed.fetchPrice. */
export const priceKeyOf = (priceFeed: Address): PriceKey => `price:${priceFeed}`

/** PriceFeed.fetchRedemptionPrice. */
export const redemptionPriceKeyOf = (priceFeed: Address): PriceKey => `redemption-price:${priceFeed}`

export const deploymentOf = (mirror: LiquityMirror): LiquityDeployment =>
  mirror.deployment as LiquityDeployment

export const positionKey = (market: string, id: TroveId): string => `${market}:${id}`

export const registryOf = (mirror: LiquityMirror): RegistryMarket | undefined => {
  const market = mirror.markets.get(REGISTRY)
  return market?.isShared ? market : undefined
}

export const branchOf = (mirror: LiquityMirror, name: string): BranchMarket | undefined => {
  const market = mirror.markets.get(name)
  return market && !market.isShared ? market : undefined
}

/** Branches that are known, in the order of their names. */
export const knownBranches = (mirror: LiquityMirror): readonly BranchMarket[] =>
  [...mirror.markets.values()]
    .flatMap((market) => (market.isShared ? [] : [market]))
    .sort((a, b) => (a.id.market < b.id.market ? -1 : 1))

/** Branches in the registry's order; undefined for one that the deployment does not describe. */
export const branchesOf = (mirror: LiquityMirror): readonly (BranchMarket | undefined)[] => {
  const branches = knownBranches(mirror)
  const troveManagers = registryOf(mirror)?.troveManagers ?? []
  return troveManagers.map((own) => branches.find((one) => one.setup?.contracts.troveManager === own))
}
