/** How a reserve of the local pool is set up. Ratios in basis points; `price` in US dollars with 8 decimals. */
export type ReserveSpec = {
  readonly symbol: string
  readonly decimals: number
  readonly price: bigint
  readonly ltv: number
  readonly liquidationThreshold: number
  /** 10_500 means that 5 % more is seized than repaid. */
  readonly liquidationBonus: number
  readonly liquidationProtocolFee: number
  readonly reserveFactor: number
  readonly rates: RateKind
  readonly stableRate?: boolean
  readonly borrowableInIsolation?: boolean
  /** In dollars with 2 decimals; 0 or absent: not isolated. */
  readonly debtCeiling?: bigint
  readonly eMode?: number
}

export type RateKind = 'volatile' | 'stable'

/** Percentages in basis points, as the curve of a reserve's borrow rate. */
export type RateCurve = {
  readonly optimalUsage: number
  readonly base: number
  readonly slope1: number
  readonly slope2: number
  readonly stableSlope1: number
  readonly stableSlope2: number
  readonly stableOffset: number
  readonly stableExcessOffset: number
  readonly optimalStableShare: number
}

export type EModeSpec = {
  readonly category: number
  readonly label: string
  readonly ltv: number
  readonly liquidationThreshold: number
  readonly liquidationBonus: number
  /** The symbol of the feed whose price holds for every asset of the category, as in Aave 3.0. */
  readonly priceSource?: string
}

export const RATE_CURVES: Readonly<Record<RateKind, RateCurve>> = {
  volatile: {
    optimalUsage: 4_500,
    base: 0,
    slope1: 700,
    slope2: 30_000,
    stableSlope1: 700,
    stableSlope2: 30_000,
    stableOffset: 200,
    stableExcessOffset: 500,
    optimalStableShare: 2_000,
  },
  stable: {
    optimalUsage: 9_000,
    base: 0,
    slope1: 400,
    slope2: 6_000,
    stableSlope1: 50,
    stableSlope2: 6_000,
    stableOffset: 100,
    stableExcessOffset: 800,
    optimalStableShare: 2_000,
  },
}

const USD = 10n ** 8n
const volatile = { rates: 'volatile', reserveFactor: 2_000, liquidationProtocolFee: 1_000 } as const
const stable = {
  rates: 'stable',
  reserveFactor: 1_000,
  liquidationProtocolFee: 1_000,
  borrowableInIsolation: true,
} as const

const risk = (ltv: number, liquidationThreshold: number, liquidationBonus: number) => ({
  ltv,
  liquidationThreshold,
  liquidationBonus,
})

/**
 * The reserves at boot: parameters like those of mainnet, decimals 6, 8, 18, 24. SNX is meant to get LTV 0 once
 * positions exist (Aave refuses new collateral with LTV 0); CRV is isolated; DAI lends at stable rates too.
 */
export const RESERVES: readonly ReserveSpec[] = [
  { symbol: 'WETH', decimals: 18, price: 3_000n * USD, ...risk(8_050, 8_300, 10_500), ...volatile, eMode: 1 },
  {
    symbol: 'wstETH',
    decimals: 18,
    price: 3_500n * USD,
    ...risk(7_850, 8_100, 10_600),
    ...volatile,
    eMode: 1,
  },
  { symbol: 'WBTC', decimals: 8, price: 60_000n * USD, ...risk(7_300, 7_800, 10_500), ...volatile },
  { symbol: 'USDC', decimals: 6, price: USD, ...risk(7_700, 8_000, 10_450), ...stable, eMode: 2 },
  {
    symbol: 'DAI',
    decimals: 18,
    price: USD,
    ...risk(6_700, 7_700, 10_500),
    ...stable,
    eMode: 2,
    stableRate: true,
  },
  { symbol: 'LINK', decimals: 18, price: 15n * USD, ...risk(5_300, 6_800, 10_700), ...volatile },
  { symbol: 'YAM', decimals: 24, price: USD / 4n, ...risk(4_000, 5_500, 11_000), ...volatile },
  { symbol: 'SNX', decimals: 18, price: 3n * USD, ...risk(4_900, 6_500, 10_850), ...volatile },
  {
    ...{ symbol: 'CRV', decimals: 18, price: USD / 2n, ...risk(5_500, 6_100, 10_830), ...volatile },
    debtCeiling: 2_000_000_00n,
  },
]

export const E_MODES: readonly EModeSpec[] = [
  { category: 1, label: 'ETH correlated', ...risk(9_000, 9_300, 10_100) },
  { category: 2, label: 'Stablecoins', ...risk(9_300, 9_500, 10_100), priceSource: 'PEG' },
]

/** Feeds that belong to no reserve: pseudo-assets in the oracle, used as e-mode price sources. */
export const EXTRA_FEEDS: readonly { readonly symbol: string; readonly price: bigint }[] = [
  { symbol: 'PEG', price: USD },
]
