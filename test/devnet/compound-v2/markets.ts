/** How a market of the local comptroller is set up. `price` in wei for one whole unit of the asset, ratios in basis points. */
export type MarketSpec = {
  /** Of the underlying: a reserve of the local Aave pool, or ETH, the chain's own coin. */
  readonly symbol: string
  readonly decimals: number
  readonly price: bigint
  readonly collateralFactor: number
  readonly reserveFactor: number
  readonly rates: RateKind
}

export type RateKind = 'volatile' | 'stable' | 'linear'

/** Yearly rates in basis points; the linear model has no kink. */
export const RATE_CURVES = {
  volatile: { base: 200, slope: 2_250, jump: 40_000, kink: 8_000 },
  stable: { base: 0, slope: 500, jump: 10_900, kink: 8_000 },
  linear: { base: 200, slope: 3_000 },
} as const

const ETH = 10n ** 18n

/** The symbol that stands for the chain's own coin. The package's oracle quotes in it. */
export const NATIVE = 'ETH'

/** The markets at boot; decimals 6, 8, 18, 24 and the native coin. */
export const MARKETS: readonly MarketSpec[] = [
  {
    symbol: NATIVE,
    decimals: 18,
    price: ETH,
    collateralFactor: 8_250,
    reserveFactor: 2_000,
    rates: 'volatile',
  },
  {
    symbol: 'USDC',
    decimals: 6,
    price: ETH / 3_000n,
    collateralFactor: 8_550,
    reserveFactor: 750,
    rates: 'stable',
  },
  {
    symbol: 'WBTC',
    decimals: 8,
    price: 20n * ETH,
    collateralFactor: 7_000,
    reserveFactor: 2_000,
    rates: 'volatile',
  },
  {
    symbol: 'DAI',
    decimals: 18,
    price: ETH / 3_001n,
    collateralFactor: 8_350,
    reserveFactor: 1_500,
    rates: 'linear',
  },
  {
    symbol: 'YAM',
    decimals: 24,
    price: ETH / 12_000n,
    collateralFactor: 4_000,
    reserveFactor: 2_500,
    rates: 'linear',
  },
]
