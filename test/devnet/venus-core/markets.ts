/** How a market of the local comptroller is set up. `price` in US dollars with 8 decimals, ratios in basis points. */
export type MarketSpec = {
  /** Of the underlying: a reserve of the local Aave pool, or BNB, the chain's own coin. */
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
  volatile: { base: 0, slope: 900, jump: 30_000, kink: 7_000 },
  stable: { base: 200, slope: 400, jump: 10_900, kink: 8_000 },
  linear: { base: 200, slope: 2_000 },
} as const

const USD = 10n ** 8n

/** The symbol that stands for the chain's own coin. The package's oracle says that it is worth one dollar, always. */
export const NATIVE = 'BNB'

/** The markets at boot; decimals 6, 8, 18, 24 and the native coin. */
export const MARKETS: readonly MarketSpec[] = [
  {
    symbol: NATIVE,
    decimals: 18,
    price: USD,
    collateralFactor: 8_000,
    reserveFactor: 2_000,
    rates: 'volatile',
  },
  { symbol: 'USDC', decimals: 6, price: USD, collateralFactor: 8_250, reserveFactor: 1_000, rates: 'stable' },
  {
    symbol: 'WBTC',
    decimals: 8,
    price: 60_000n * USD,
    collateralFactor: 7_800,
    reserveFactor: 2_000,
    rates: 'volatile',
  },
  {
    symbol: 'WETH',
    decimals: 18,
    price: 3_000n * USD,
    collateralFactor: 8_000,
    reserveFactor: 2_000,
    rates: 'volatile',
  },
  {
    symbol: 'YAM',
    decimals: 24,
    price: USD / 4n,
    collateralFactor: 4_000,
    reserveFactor: 2_500,
    rates: 'linear',
  },
  { symbol: 'DAI', decimals: 18, price: USD, collateralFactor: 6_000, reserveFactor: 1_000, rates: 'linear' },
]

/** VAI is worth a bit less than a dollar, so that its floating rate counts. US dollars with 8 decimals. */
export const VAI_PRICE = (99n * USD) / 100n
