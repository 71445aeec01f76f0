// What real accounts look like, in figures: 187 Aave accounts of 2023 that hold and owe, on several chains, v2 and v3
// (0xCazador/defi-simulator, MIT), counted. Assets of a kind are counted together under one that the local pool has.

/** How often each value was counted. */
export type Counts<T> = readonly { readonly value: T; readonly count: number }[]

/** From `from` up to, but not including, `to`. */
export type Range = { readonly from: number; readonly to: number }

/** Legs of an account, collaterals and debts together. */
export const LEG_COUNTS: Counts<{ readonly collaterals: number; readonly debts: number }> = [
  { value: { collaterals: 1, debts: 1 }, count: 77 },
  { value: { collaterals: 1, debts: 2 }, count: 21 },
  { value: { collaterals: 1, debts: 3 }, count: 6 },
  { value: { collaterals: 1, debts: 5 }, count: 1 },
  { value: { collaterals: 2, debts: 1 }, count: 35 },
  { value: { collaterals: 2, debts: 2 }, count: 14 },
  { value: { collaterals: 2, debts: 3 }, count: 3 },
  { value: { collaterals: 3, debts: 1 }, count: 7 },
  { value: { collaterals: 3, debts: 2 }, count: 4 },
  { value: { collaterals: 3, debts: 3 }, count: 3 },
  { value: { collaterals: 4, debts: 1 }, count: 4 },
  { value: { collaterals: 4, debts: 2 }, count: 4 },
  { value: { collaterals: 4, debts: 3 }, count: 2 },
  { value: { collaterals: 5, debts: 1 }, count: 1 },
  { value: { collaterals: 5, debts: 2 }, count: 1 },
  { value: { collaterals: 5, debts: 3 }, count: 2 },
  { value: { collaterals: 6, debts: 1 }, count: 1 },
  { value: { collaterals: 6, debts: 4 }, count: 1 },
]

/** LINK stands for all other volatile assets, DAI for smaller stablecoins. */
export const COLLATERAL_ASSETS: Counts<string> = [
  { value: 'WETH', count: 105 },
  { value: 'LINK', count: 74 },
  { value: 'WBTC', count: 70 },
  { value: 'USDC', count: 35 },
  { value: 'wstETH', count: 27 },
  { value: 'DAI', count: 12 },
]

export const DEBT_ASSETS: Counts<string> = [
  { value: 'USDC', count: 221 },
  { value: 'DAI', count: 25 },
  { value: 'LINK', count: 10 },
  { value: 'WETH', count: 9 },
  { value: 'WBTC', count: 6 },
]

/** Debt in US dollars. */
export const DEBT_DOLLARS: Counts<Range> = [
  { value: { from: 1e-6, to: 1e-5 }, count: 3 },
  { value: { from: 1e-5, to: 1e-4 }, count: 1 },
  { value: { from: 1e-4, to: 1e-3 }, count: 4 },
  { value: { from: 1e-3, to: 0.01 }, count: 4 },
  { value: { from: 0.01, to: 0.1 }, count: 4 },
  { value: { from: 0.1, to: 1 }, count: 7 },
  { value: { from: 1, to: 10 }, count: 8 },
  { value: { from: 10, to: 100 }, count: 10 },
  { value: { from: 100, to: 1e3 }, count: 15 },
  { value: { from: 1e3, to: 1e4 }, count: 19 },
  { value: { from: 1e4, to: 1e5 }, count: 19 },
  { value: { from: 1e5, to: 1e6 }, count: 71 },
  { value: { from: 1e6, to: 1e7 }, count: 19 },
  { value: { from: 1e7, to: 1e8 }, count: 4 },
]

export const HEALTH: Counts<Range> = [
  { value: { from: 0.25, to: 1 }, count: 2 },
  { value: { from: 1, to: 1.05 }, count: 5 },
  { value: { from: 1.05, to: 1.1 }, count: 2 },
  { value: { from: 1.1, to: 1.25 }, count: 23 },
  { value: { from: 1.25, to: 1.5 }, count: 33 },
  { value: { from: 1.5, to: 2 }, count: 48 },
  { value: { from: 2, to: 3 }, count: 42 },
  { value: { from: 3, to: 5 }, count: 12 },
  { value: { from: 5, to: 10 }, count: 5 },
  { value: { from: 10, to: 100 }, count: 7 },
  { value: { from: 100, to: 1e6 }, count: 8 },
]
