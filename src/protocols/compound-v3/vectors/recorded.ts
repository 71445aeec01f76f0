// Markets, positions and prices as golden vectors record them.
import { type Address, getAddress, pad, toHex } from 'viem'
import type { BlockRef } from '../../../model/block.ts'
import type { Blocked } from '../../../model/liquidation.ts'
import type { PriceReading } from '../../../model/price.ts'
import type { Env } from '../../adapter.ts'
import { unlessRefused } from '../../refusing.ts'
import { standIns, type VectorFile } from '../../vectors.ts'
import { balanceOf } from '../account.ts'
import { type Pool, type ReadMarket, readMarket } from '../accrual.ts'
import { PRICE_SCALE } from '../math.ts'
import { type CometPosition, type Configuration, isHeld, NEVER_SWEPT, priceKeyOf } from '../state.ts'

const numbered = standIns((seed: number) => getAddress(pad(toHex(seed), { size: 20 })))
const addressOf = (kind: number, index: number): Address => numbered(kind * 256 + index + 1)
export const assetOf = (offset: number): Address => addressOf(1, offset)
const feedOf = (offset: number): Address => addressOf(2, offset)
export const BASE = addressOf(3, 0)
const BASE_FEED = addressOf(4, 0)
export const UNKNOWN = addressOf(5, 0)
const id = { chainId: 1, protocol: 'compound-v3', deployment: 'vectors', market: 'comet' }

const curveOf = (market: VectorFile, side: 'supply' | 'borrow') => ({
  kink: BigInt(market[`${side}Kink`]),
  base: BigInt(market[`${side}PerSecondInterestRateBase`]),
  slopeLow: BigInt(market[`${side}PerSecondInterestRateSlopeLow`]),
  slopeHigh: BigInt(market[`${side}PerSecondInterestRateSlopeHigh`]),
})

const configurationOf = ({ market, assets }: VectorFile): Configuration => ({
  baseToken: BASE,
  baseTokenPriceFeed: BASE_FEED,
  baseScale: BigInt(market.baseScale),
  supplyRate: curveOf(market, 'supply'),
  borrowRate: curveOf(market, 'borrow'),
  storeFrontPriceFactor: BigInt(market.storeFrontPriceFactor),
  targetReserves: BigInt(market.targetReserves),
  trackingIndexScale: BigInt(market.trackingIndexScale),
  baseTrackingSupplySpeed: BigInt(market.baseTrackingSupplySpeed),
  baseTrackingBorrowSpeed: BigInt(market.baseTrackingBorrowSpeed),
  baseMinForRewards: BigInt(market.baseMinForRewards),
  baseBorrowMin: BigInt(market.baseBorrowMin),
  numAssets: Number(market.numAssets),
  assets: assets.map((one: VectorFile) => ({
    offset: one['offset'],
    asset: assetOf(one['offset']),
    priceFeed: feedOf(one['offset']),
    scale: BigInt(one['scale']),
    borrowCollateralFactor: BigInt(one['borrowCollateralFactor']),
    liquidateCollateralFactor: BigInt(one['liquidateCollateralFactor']),
    liquidationFactor: BigInt(one['liquidationFactor']),
    supplyCap: BigInt(one['supplyCap']),
  })),
})

/** A market as recorded. Of collateral totals the records tell nothing: they are what the accounts of the record hold. */
export const marketOf = (
  totals: VectorFile,
  file: VectorFile,
  accounts: readonly CometPosition[] = [],
  reserves: readonly string[] = [],
): ReadMarket => {
  const configuration = configurationOf(file)
  const held = configuration.assets.map(({ asset, offset }) => {
    const total = accounts.reduce((sum, { collateral }) => sum + (collateral[asset] ?? 0n), 0n)
    return { asset, total, balance: total + BigInt(reserves[offset] ?? 0) }
  })
  return readMarket({
    id,
    label: 'vectors',
    quote: { symbol: 'USD', decimals: 8 },
    revision: file['market'].variant,
    revisionRaw: '0',
    fidelity: 'exact',
    comet: addressOf(6, 0),
    faults: {},
    configuration,
    totals: {
      baseSupplyIndex: BigInt(totals['baseSupplyIndex']),
      baseBorrowIndex: BigInt(totals['baseBorrowIndex']),
      trackingSupplyIndex: BigInt(totals['trackingSupplyIndex']),
      trackingBorrowIndex: BigInt(totals['trackingBorrowIndex']),
      totalSupplyBase: BigInt(totals['totalSupplyBase']),
      totalBorrowBase: BigInt(totals['totalBorrowBase']),
      lastAccrualTime: Number(totals['lastAccrualTime']),
      pauseFlags: Number(totals['pauseFlags']),
    },
    tokens: {},
    balances: {
      [BASE]: BigInt(totals['baseTokenBalance']),
      ...Object.fromEntries(held.map(({ asset, balance }) => [asset, balance])),
    },
    totalsCollateral: Object.fromEntries(held.map(({ asset, total }) => [asset, total])),
    sweep: NEVER_SWEPT,
  })
}

export const positionOf = (account: VectorFile, name: string): CometPosition => {
  const assetsIn = Number(account['assetsIn']) | (Number(account['_reserved']) << 16)
  const balances: readonly string[] = account['collateralBalances']
  const owner = getAddress(pad(toHex(name), { size: 20 }))
  return {
    id: { ...id, account: owner },
    owner,
    asOf: 0n,
    principal: BigInt(account['principal']),
    baseTrackingIndex: BigInt(account['baseTrackingIndex']),
    baseTrackingAccrued: BigInt(account['baseTrackingAccrued']),
    assetsIn,
    collateral: Object.fromEntries(
      balances.flatMap((balance, offset) =>
        isHeld(assetsIn, offset) ? [[assetOf(offset), BigInt(balance)]] : [],
      ),
    ),
  }
}

export const envOf = (timestamp: string, basePrice: string, prices: readonly (string | null)[]): Env => {
  const block: BlockRef = { chainId: 1, number: 1n, hash: '0x', timestamp: Number(timestamp) }
  const known = new Map([[priceKeyOf(BASE_FEED), BigInt(basePrice)]])
  for (const [offset, price] of prices.entries())
    if (price !== null) known.set(priceKeyOf(feedOf(offset)), BigInt(price))
  return {
    block,
    timestamp: block.timestamp,
    prices: (key): PriceReading | undefined => {
      const price = known.get(key)
      return price === undefined ? undefined : { kind: 'price', key, price, scale: PRICE_SCALE, source: '' }
    },
    markets: () => undefined,
    debtInFront: () => null,
    quotes: () => null,
  }
}

/** A refusal as recorded: panics by their decimal code. */
export const recordedRevert = ({ revert }: Blocked): string =>
  revert.replace(/^Panic\(0x([0-9a-f]+)\)$/, (_, code) => `Panic(${Number.parseInt(code, 16)})`)

/** What a view answers, as recorded. */
export const viewed = <T extends bigint | boolean>(view: () => T): T | { readonly revert: string } => {
  const answer = unlessRefused(view)
  return typeof answer === 'object' ? { revert: recordedRevert(answer) } : answer
}

export const debtOf = (pool: Pool): bigint => -(balanceOf(pool) < 0n ? balanceOf(pool) : 0n)
export const supplyOf = (pool: Pool): bigint => (balanceOf(pool) > 0n ? balanceOf(pool) : 0n)

export const totalsOf = ({ totals }: ReadMarket): object => ({
  ...totals,
  lastAccrualTime: BigInt(totals.lastAccrualTime),
})
