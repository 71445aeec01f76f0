import type { Address } from 'viem'
import type { Fault, Market, Position } from '../../model/market.ts'
import type { PriceKey } from '../../model/price.ts'
import type { Change, Deployment, Mirror, Read } from '../adapter.ts'
import { RefusedError } from '../refusing.ts'
import type { RevisionName } from './revisions.ts'

/** One Liquity system: a TroveManager knows all its other contracts. */
export type LiquityDeployment = Deployment & { readonly troveManager: Address }

/** Who names the functions: Liquity's own contracts, or Sovryn Zero's. */
export type Family = 'LUSD' | 'ZUSD'

/** Contracts of one system, as its TroveManager names them. `baseParams` is where Zero keeps parameters that its owner may change. */
export type Wiring = {
  readonly family: Family
  readonly troveManager: Address
  readonly borrowerOperations: Address
  readonly activePool: Address
  readonly defaultPool: Address
  readonly stabilityPool: Address
  readonly sortedTroves: Address
  readonly priceFeed: Address
  readonly debtToken: Address
  readonly protocolToken: Address
  readonly baseParams?: Address
}

/**
 * What the contracts are, found out once. `symbol` is the debt token's, `startedAt`, in s, when the protocol token was
 * deployed: redemptions wait from then.
 */
export type Traits = { readonly revision: RevisionName; readonly symbol: string; readonly startedAt: number }

/** Constants of LiquityBase and TroveManager. Ratios, rates and factors are wads, amounts in units of the debt token, `bootstrapPeriod` in s. */
export type Parameters = {
  readonly mcr: bigint
  readonly ccr: bigint
  readonly gasCompensation: bigint
  readonly minNetDebt: bigint
  readonly percentDivisor: bigint
  readonly borrowingFeeFloor: bigint
  readonly borrowingFeeMax: bigint
  readonly redemptionFeeFloor: bigint
  readonly minuteDecayFactor: bigint
  readonly beta: bigint
  readonly bootstrapPeriod: number
}

/** Collateral in wei and debt in units of the debt token. */
export type Amounts = { readonly coll: bigint; readonly debt: bigint }

/**
 * The books of the system. `rewards` are L_ETH and L_LUSDDebt: what a unit of stake has been given by redistributions, in
 * wads; `errors` is what their divisions left over. `lastFeeOperationTime` in s.
 */
export type System = {
  readonly rewards: Amounts
  readonly errors: Amounts
  readonly totalStakes: bigint
  readonly totalStakesSnapshot: bigint
  readonly totalCollateralSnapshot: bigint
  readonly baseRate: bigint
  readonly lastFeeOperationTime: number
  readonly troveCount: bigint
  readonly activePool: Amounts
  readonly defaultPool: Amounts
  /** The stability pool's deposits, and lastLUSDLossError_Offset. */
  readonly deposits: bigint
  readonly lossError: bigint
}

/** Parts of the market state that are read apart and fail apart. */
export type MarketPart = 'wiring' | 'traits' | 'parameters' | 'system'

export type LiquityMarket = Market & {
  readonly wiring: Wiring
  readonly faults: Readonly<Partial<Record<MarketPart, Fault>>>
  readonly traits?: Traits
  readonly parameters?: Parameters
  readonly system?: System
}

/** A market of which everything is read. */
export type ReadMarket = LiquityMarket & {
  readonly traits: Traits
  readonly parameters: Parameters
  readonly system: System
}

export const ACTIVE = 1

/** Neighbours in SortedTroves; the zero address is its end. `next` has a lower ratio and is redeemed earlier. */
export type Links = { readonly prev: Address; readonly next: Address }

/**
 * Troves(owner) and rewardSnapshots(owner): amounts as stored, without what redistributions have given since `snapshot`.
 * `status` is the contract's own number, 1 while the trove is open. Where its place in the list is not known, `links` is null.
 */
export type Trove = Position &
  Amounts & {
    readonly stake: bigint
    readonly status: number
    readonly snapshot: Amounts
    readonly links: Links | null
  }

export type LiquityMirror = Mirror<LiquityMarket, Trove>
export type LiquityChange = Change<LiquityMarket, Trove>
export type LiquityRead = Read<LiquityMarket, Trove>

/** A system is one market. */
export const MARKET = 'system'

/** What fetchPrice answers: US dollars for a whole unit of collateral, a wad. */
export const PRICE_KEY: PriceKey = 'price'

/** The system counts its debt token at face value: no oracle gives its price. */
export const FACE_VALUE_KEY: PriceKey = 'face-value'

/** The chain's own coin, which is the collateral. */
export const NATIVE: Address = '0xEeeeeEeeeEeEeeEeEeEeeEEEeeeeEeeeeeeeEEeE'

export const marketOf = (mirror: LiquityMirror): LiquityMarket | undefined => mirror.markets.get(MARKET)

export const deploymentOf = (mirror: LiquityMirror): LiquityDeployment =>
  mirror.deployment as LiquityDeployment

export const positionKey = (owner: Address): string => `${MARKET}:${owner}`

export const updateMarket = (next: (current: LiquityMarket) => LiquityMarket): LiquityChange => ({
  kind: 'market',
  key: MARKET,
  next: (current) => current && next(current),
})

/** A market whose part was read again: its fault is set or cleared, and `fault` is the first of all parts. */
export const withPart = (
  market: LiquityMarket,
  part: MarketPart,
  fault: Fault | undefined,
): LiquityMarket => {
  const { fault: _, ...rest } = market
  const faults = { ...market.faults }
  if (fault) faults[part] = fault
  else delete faults[part]
  const first = faults.wiring ?? faults.traits ?? faults.parameters ?? faults.system
  return { ...rest, faults, ...(first ? { fault: first } : {}) }
}

/** Why nothing can be computed in this market, whatever the trove. */
export const faultOf = ({ fault, traits, parameters, system }: LiquityMarket): Fault | undefined => {
  if (fault || (traits && parameters && system)) return fault
  return { reason: 'not-yet-read', detail: 'the system is not read yet' }
}

/** The market with its reading; refuses where it has none. */
export const readMarket = (market: LiquityMarket): ReadMarket => {
  const { traits, parameters, system } = market
  const fault = faultOf(market)
  if (fault || !traits || !parameters || !system) throw new RefusedError(`${fault?.reason}: ${fault?.detail}`)
  return { ...market, traits, parameters, system }
}
