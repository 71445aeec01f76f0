// A book of drawn loans in one market, without a chain: real debts and healths as they were counted, see the figures.
import { type Address, getAddress, type Hex, pad, toHex } from 'viem'
import { drawAccounts } from '../../scripts/bench/synthetic/draw.ts'
import type { PriceReading } from '../../src/model/price.ts'
import { morphoBlue } from '../../src/protocols/morpho-blue/index.ts'
import { ORACLE_PRICE_SCALE } from '../../src/protocols/morpho-blue/math.ts'
import { announced } from '../../src/protocols/morpho-blue/reads/params.ts'
import {
  type MorphoMarket,
  type MorphoMirror,
  type MorphoPosition,
  positionKey,
  priceKeyOf,
} from '../../src/protocols/morpho-blue/state.ts'
import type { StressBook } from '../../src/risk/stress-book.ts'
import { WAD } from '../../src/units/brands.ts'

const addressOf = (seed: number): Address => getAddress(pad(toHex(seed), { size: 20 }))

export const WETH = addressOf(0xe7)
export const USDC = addressOf(0xdc)
const ORACLE = addressOf(0x04)
const ID: Hex = pad('0x1d', { size: 32 })
const TIMESTAMP = 1_700_100_000
const DOLLAR = 10n ** 6n

/** 2,000 USDC for one WETH. */
const PRICE = (2_000n * DOLLAR * ORACLE_PRICE_SCALE) / 10n ** 18n
const LLTV = (86n * WAD) / 100n

/** Debt in USDC, and health as the market's threshold counts. */
export type DrawnLoan = { readonly debtDollars: number; readonly health: number }

const marketOf = (mirror: MorphoMirror, borrowed: bigint): MorphoMarket => ({
  ...announced(mirror, ID, {
    ...{ loanToken: USDC, collateralToken: WETH, oracle: ORACLE, irm: addressOf(5), lltv: LLTV },
  }),
  quote: { symbol: 'USDC', decimals: 6, asset: USDC },
  reading: {
    totals: {
      ...{ totalSupplyAssets: borrowed * 2n, totalSupplyShares: borrowed * 2n * DOLLAR },
      ...{ totalBorrowAssets: borrowed, totalBorrowShares: borrowed * DOLLAR },
      ...{ lastUpdate: TIMESTAMP, fee: 0n },
    },
    rate: { kind: 'adaptive-curve', rateAtTarget: 1_268_391_679n },
    feeRecipient: addressOf(6),
    loan: { symbol: 'USDC', decimals: 6 },
    collateral: { symbol: 'WETH', decimals: 18 },
  },
})

const positionOf = ({ id }: MorphoMarket, index: number, loan: DrawnLoan): MorphoPosition => {
  const borrowed = BigInt(Math.ceil(loan.debtDollars * Number(DOLLAR)))
  const needed = (borrowed * BigInt(Math.round(loan.health * 1e9)) * WAD) / (LLTV * 10n ** 9n)
  const owner = addressOf(0x1000 + index)
  return {
    ...{ id: { ...id, account: owner }, owner, asOf: 1n, supplyShares: 0n, authorized: [] },
    borrowShares: borrowed * DOLLAR,
    collateral: (needed * ORACLE_PRICE_SCALE) / PRICE,
  }
}

/** So many loans as the figures draw them. */
export const drawnLoans = (count: number): readonly DrawnLoan[] => {
  const drawn = drawAccounts()
  return Array.from({ length: count }, () => drawn.next().value)
}

/** A market of USDC on WETH with these loans, USDC at one dollar. */
export const loanBook = (loans: readonly DrawnLoan[]): StressBook => {
  const deployment = { chainId: 1, protocol: 'morpho-blue', deployment: 'main', morpho: addressOf(1) }
  const empty: MorphoMirror = {
    ...{ deployment, markets: new Map(), positions: new Map(), prices: new Map(), tallies: new Map() },
  }
  const borrowed = loans.reduce((sum, { debtDollars }) => sum + BigInt(Math.ceil(debtDollars * 1e6)), 0n)
  const market = marketOf(empty, borrowed)
  const positions = loans.map((loan, index) => positionOf(market, index, loan))
  const key = priceKeyOf(ORACLE)
  const reading: PriceReading = {
    kind: 'price',
    key,
    price: PRICE,
    scale: ORACLE_PRICE_SCALE,
    source: ORACLE,
  }
  const mirror: MorphoMirror = {
    ...empty,
    markets: new Map([[ID, market]]),
    positions: new Map(positions.map((position) => [positionKey(ID, position.owner), position])),
    prices: new Map([[key, reading]]),
  }
  return {
    ...{ adapter: morphoBlue, mirror, feeds: morphoBlue.feeds(mirror) },
    env: {
      block: { chainId: 1, number: 1n, hash: '0x01', timestamp: TIMESTAMP },
      timestamp: TIMESTAMP,
      prices: (wanted) => mirror.prices.get(wanted),
      markets: (name) => mirror.markets.get(name),
      debtInFront: () => null,
      quotes: ({ asset }) => (asset === USDC ? { price: 1n, scale: 1n, source: 'test' } : null),
    },
  }
}
