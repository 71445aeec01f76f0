// What is used of the peers: they are installed by the bench alone, so nothing else may depend on their own types.
declare module '@morpho-org/blue-sdk' {
  export type MarketInput = {
    readonly params: {
      readonly loanToken: `0x${string}`
      readonly collateralToken: `0x${string}`
      readonly oracle: `0x${string}`
      readonly irm: `0x${string}`
      readonly lltv: bigint
    }
    readonly totalSupplyAssets: bigint
    readonly totalSupplyShares: bigint
    readonly totalBorrowAssets: bigint
    readonly totalBorrowShares: bigint
    readonly lastUpdate: bigint
    readonly fee: bigint
    readonly price: bigint
    readonly rateAtTarget: bigint
  }
  export type PositionInput = {
    readonly user: `0x${string}`
    readonly marketId: string
    readonly supplyShares: bigint
    readonly borrowShares: bigint
    readonly collateral: bigint
  }
  export class Market {
    constructor(market: MarketInput)
    accrueInterest(timestamp: bigint): Market
  }
  export class AccrualPosition {
    constructor(position: PositionInput, market: Market)
    readonly borrowAssets: bigint
    readonly collateralValue: bigint | undefined
    readonly healthFactor: bigint | undefined
    readonly isHealthy: boolean | undefined
    accrueInterest(timestamp: bigint): AccrualPosition
  }
}

declare module '@aave/math-utils' {
  export type Reserve = { readonly underlyingAsset: string }
  export type UserReserve = {
    readonly underlyingAsset: string
    readonly scaledATokenBalance: string
    readonly usageAsCollateralEnabledOnUser: boolean
    readonly scaledVariableDebt: string
  }
  export type Summary = {
    readonly healthFactor: string
    readonly totalCollateralMarketReferenceCurrency: string
    readonly totalBorrowsMarketReferenceCurrency: string
  }
  type Reference = {
    readonly currentTimestamp: number
    readonly marketReferencePriceInUsd: string
    readonly marketReferenceCurrencyDecimals: number
  }
  export const formatReserves: (
    request: Reference & { readonly reserves: readonly object[] },
  ) => readonly Reserve[]
  export const formatUserSummary: (
    request: Reference & {
      readonly userReserves: readonly UserReserve[]
      readonly formattedReserves: readonly Reserve[]
      readonly userEmodeCategoryId: number
    },
  ) => Summary
}
