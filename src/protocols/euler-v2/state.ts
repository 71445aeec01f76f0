import type { Address } from 'viem'
import type { Fault, Market, Position } from '../../model/market.ts'
import type { Change, Deployment, Mirror, Read } from '../adapter.ts'
import type { Route } from './oracle/route.ts'
import type { RateModel } from './rate-model.ts'

/** One Ethereum Vault Connector, and the factory whose proxies are its vaults. */
export type EulerDeployment = Deployment & { readonly evc: Address; readonly eVaultFactory: Address }

/**
 * A vault's words as last written, not accrued. `cash` in units of the asset, `totalBorrows` the same shifted left by 31
 * bits, shares and fees in shares, `interestAccumulator` a ray, `interestRate` a ray per second.
 */
export type VaultStatus = {
  readonly lastInterestAccumulatorUpdate: number
  readonly cash: bigint
  readonly totalBorrows: bigint
  readonly totalShares: bigint
  readonly accumulatedFees: bigint
  readonly interestAccumulator: bigint
  readonly interestRate: bigint
}

/** LTVs of one collateral in basis points; the liquidation LTV ramps down until `targetTimestamp` (s), which is 0 where never configured. */
export type LtvConfig = {
  readonly borrowLTV: bigint
  readonly liquidationLTV: bigint
  readonly initialLiquidationLTV: bigint
  readonly targetTimestamp: number
  readonly rampDuration: number
}

export type Token = { readonly symbol: string; readonly decimals: number }

/** What never changes about a vault. `token` is its share, `assetToken` what it lends. */
export type VaultIdentity = {
  readonly asset: Address
  readonly oracle: Address
  readonly unitOfAccount: Address
  readonly token: Token
  readonly assetToken: Token
}

/** What its governor sets. `maxLiquidationDiscount` and `interestFee` in basis points, caps in units of the asset, times in s. */
export type VaultConfig = {
  readonly maxLiquidationDiscount: bigint
  readonly liquidationCoolOffTime: number
  readonly configFlags: bigint
  readonly hookTarget: Address
  readonly hookedOps: bigint
  readonly interestFee: bigint
  readonly supplyCap: bigint
  readonly borrowCap: bigint
  readonly interestRateModel: Address
  readonly rateModel: RateModel
}

/** One collateral that a vault ever took; `isVault` where it is a vault of the same factory, hence a market too. */
export type Collateral = {
  readonly token: Token
  readonly isVault: boolean
  readonly ltv: LtvConfig
}

/** Parts of a market that are read apart, each with a fault of its own. */
export type Part = 'config' | 'status' | 'ltvs' | 'routes'

/**
 * A vault. What is not read yet is missing, as `collaterals` and `routes` are where nobody borrows. `collateralList` is all
 * that was ever configured; `routes` tell how the asset and each collateral are quoted, `routers` which oracles on the way
 * can be rewired; `accumulators` the interest accumulator behind each block of logs that were reduced since the status was read.
 */
export type EulerMarket = Market & {
  readonly evc: Address
  readonly identity?: VaultIdentity
  readonly config?: VaultConfig
  readonly status?: VaultStatus
  readonly collateralList?: readonly Address[]
  readonly collaterals?: Readonly<Record<Address, Collateral>>
  readonly routers?: readonly Address[]
  readonly routes?: Readonly<Record<Address, Route>>
  readonly faults?: Readonly<Partial<Record<Part, Fault>>>
  readonly accumulators?: Readonly<Record<string, bigint>>
}

/**
 * A sub-account and its controller. `collaterals` in the order of the EVC; `balances` in shares, of those that the
 * controller ever took; `owed` (shifted left by 31 bits) as of `interestAccumulator` (ray). `changedIn` is the block of a
 * log that changed the debt since it was read.
 */
export type EulerPosition = Position & {
  readonly collaterals: readonly Address[]
  readonly balances: Readonly<Record<Address, bigint>>
  readonly owed: bigint
  readonly interestAccumulator: bigint
  readonly lastAccountStatusCheck: number
  readonly changedIn?: bigint
}

export type EulerMirror = Mirror<EulerMarket, EulerPosition>
export type EulerChange = Change<EulerMarket, EulerPosition>
export type EulerRead = Read<EulerMarket, EulerPosition>

export const deploymentOf = (mirror: EulerMirror): EulerDeployment => mirror.deployment as EulerDeployment

/** The mirror's key of a position. */
export const positionKey = (controller: Address, account: Address): string => `${controller}:${account}`

/** The controller in such a key. */
export const controllerIn = (key: string): Address => key.slice(0, key.indexOf(':')) as Address

/** A loan that is gone: nothing is owed, and nothing that the controller takes as collateral is left. */
export const isOpen = ({ owed, balances }: EulerPosition): boolean =>
  owed > 0n || Object.values(balances).some((balance) => balance > 0n)

/** A vault whose own state is there. */
export type ReadVault = EulerMarket & {
  readonly identity: VaultIdentity
  readonly config: VaultConfig
  readonly status: VaultStatus
}

/** A vault that somebody borrows from, with all that judges a loan. */
export type Controller = ReadVault & {
  readonly collaterals: Readonly<Record<Address, Collateral>>
  readonly routes: Readonly<Record<Address, Route>>
}

export const isReadVault = (market: EulerMarket): market is ReadVault =>
  market.identity !== undefined && market.config !== undefined && market.status !== undefined

export const isController = (market: EulerMarket): market is Controller =>
  isReadVault(market) && market.collaterals !== undefined && market.routes !== undefined
