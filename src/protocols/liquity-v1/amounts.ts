// Amounts with their assets and values, for what is told to others.
import type { Address } from 'viem'
import type { AssetAmount } from '../../model/liquidation.ts'
import { WAD } from '../../units/brands.ts'
import type { Env } from '../adapter.ts'
import { RefusedError, requireThat } from '../refusing.ts'
import { mulDivDown } from './math.ts'
import type { RevisionName } from './revisions.ts'
import { NATIVE, PRICE_KEY, type ReadMarket } from './state.ts'

/** Both assets, the price and all ratios have 18 decimals. */
export const DECIMALS = 18

/** What the chain's own coin is called where a revision runs. */
const COLLATERAL_SYMBOLS: Readonly<Record<RevisionName, string>> = {
  head: 'ETH',
  deployed: 'ETH',
  zero: 'RBTC',
}

type Asset = Omit<AssetAmount, 'amount' | 'value'>

export const debtAsset = ({ wiring, traits }: ReadMarket): Asset => ({
  asset: wiring.debtToken,
  symbol: traits.symbol,
  decimals: DECIMALS,
})

export const collateralAsset = ({ traits }: Pick<ReadMarket, 'traits'>): Asset => ({
  asset: NATIVE,
  symbol: COLLATERAL_SYMBOLS[traits.revision],
  decimals: DECIMALS,
})

/** Debt is worth its face value in US dollars: so the system counts. */
export const debtAmount = (market: ReadMarket, amount: bigint): AssetAmount => ({
  ...debtAsset(market),
  amount,
  value: amount,
})

/** Collateral in wei, and its value at a price. */
export const collateralAmount = (market: ReadMarket, amount: bigint, price: bigint): AssetAmount => ({
  ...collateralAsset(market),
  amount,
  value: mulDivDown(amount, price, WAD),
})

/** Nothing else is lent or put up. */
export const requireAssets = (
  { wiring }: ReadMarket,
  debt: Address | undefined,
  collateral: Address | undefined,
): void => {
  const isKnown = (debt ?? wiring.debtToken) === wiring.debtToken && (collateral ?? NATIVE) === NATIVE
  requireThat(isKnown, 'not an asset of this system')
}

/** fetchPrice as it was read; refuses in the feed's own words where it failed. */
export const priceIn = (env: Env): bigint => {
  const reading = env.prices(PRICE_KEY)
  if (reading?.kind === 'price') return reading.price
  throw new RefusedError(reading?.error ?? 'the price is not read yet')
}
