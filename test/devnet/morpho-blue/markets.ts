/** `mock`: its price is set; `feed`: it multiplies the answer of the collateral's Chainlink feed, a loan token being worth one dollar. */
export type OracleKind = 'mock' | 'feed'

/** `curve`: AdaptiveCurveIrm; `none`: no interest; `mock`: a rate model of another make; `fragile`: one that is meant to be broken. */
export type RateKind = 'curve' | 'none' | 'mock' | 'fragile'

/** How a local market is set up. Tokens are reserves of the local Aave; ratios in tenths of a per cent; `price` in dollars. */
export type MarketSpec = {
  readonly loan: string
  readonly collateral: string
  readonly lltv: number
  readonly rates: RateKind
  readonly oracle: OracleKind
  /** Of the interest. */
  readonly fee: number
}

export const MARKETS = {
  weth: { loan: 'USDC', collateral: 'WETH', lltv: 860, rates: 'curve', oracle: 'feed', fee: 0 },
  wbtc: { loan: 'USDC', collateral: 'WBTC', lltv: 770, rates: 'curve', oracle: 'mock', fee: 100 },
  usdc: { loan: 'WETH', collateral: 'USDC', lltv: 915, rates: 'curve', oracle: 'mock', fee: 250 },
  still: { loan: 'WBTC', collateral: 'WETH', lltv: 945, rates: 'none', oracle: 'mock', fee: 0 },
  foreign: { loan: 'DAI', collateral: 'LINK', lltv: 625, rates: 'mock', oracle: 'mock', fee: 150 },
  low: { loan: 'WBTC', collateral: 'USDC', lltv: 385, rates: 'curve', oracle: 'mock', fee: 0 },
  high: { loan: 'USDC', collateral: 'DAI', lltv: 980, rates: 'curve', oracle: 'mock', fee: 0 },
  fragile: { loan: 'USDC', collateral: 'LINK', lltv: 770, rates: 'fragile', oracle: 'mock', fee: 0 },
} as const satisfies Readonly<Record<string, MarketSpec>>

export type MarketName = keyof typeof MARKETS
