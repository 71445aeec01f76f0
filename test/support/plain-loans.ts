// Loans of a few round numbers, in markets without interest or fees, as the adapters of real protocols see them.
import { type Address, getAddress, pad, toHex, zeroAddress } from 'viem'
import { aaveV3 } from '../../src/protocols/aave-v3/index.ts'
import { keys } from '../../src/protocols/aave-v3/keys.ts'
import type { Reserve } from '../../src/protocols/aave-v3/state.ts'
import type { Env } from '../../src/protocols/adapter.ts'
import { compoundV2 } from '../../src/protocols/compound-v2/index.ts'
import { type CompoundToken, priceKeyOf as compoundPriceKey } from '../../src/protocols/compound-v2/state.ts'
import { morphoBlue } from '../../src/protocols/morpho-blue/index.ts'
import { priceKeyOf as morphoPriceKey } from '../../src/protocols/morpho-blue/state.ts'
import type { Loan } from '../../src/risk/loan.ts'
import { RAY, WAD } from '../../src/units/brands.ts'

const addressOf = (seed: number): Address => getAddress(pad(toHex(seed), { size: 20 }))
const NOW = 1_700_000_000
const OWNER = addressOf(0xacc)
const DOLLAR = 10n ** 8n

const envOf = (prices: ReadonlyMap<string, bigint>, scale: bigint): Env => ({
  block: { chainId: 1, number: 100n, hash: '0x01', timestamp: NOW },
  timestamp: NOW,
  prices: (key) => {
    const price = prices.get(key)
    return price === undefined ? undefined : { kind: 'price', key, price, scale, source: '' }
  },
  markets: () => undefined,
  debtInFront: () => null,
  quotes: () => null,
})

const identity = (protocol: string, market: string) => ({
  id: { chainId: 1, protocol, deployment: 'main', market },
  label: '',
  revisionRaw: '',
  fidelity: 'exact' as const,
})

/** One side of a loan: an amount in units of the asset, its decimals, and the price of a whole one (8 decimals). */
export type Side = { readonly amount: bigint; readonly decimals: number; readonly price: bigint }

const reserveOf = (id: number, asset: Address, configuration: bigint): Reserve => ({
  ...{ id, asset, symbol: `R${id}`, configuration, liquidityIndex: RAY, liquidityRate: 0n },
  ...{ variableBorrowIndex: RAY, variableBorrowRate: 0n, lastUpdateTimestamp: NOW },
  ...{ aToken: zeroAddress, stableDebtToken: zeroAddress, variableDebtToken: zeroAddress },
  ...{ accruedToTreasury: 0n, isolationModeTotalDebt: 0n, deficit: 0n, liquidationGracePeriodUntil: 0 },
})

/** Aave v3: `threshold` and `bonus` in basis points, the bonus without the whole; `feeBps` the protocol's part of the bonus. */
export const aaveLoan = (
  revision: string,
  { threshold, bonus, feeBps = 0n }: { threshold: bigint; bonus: bigint; feeBps?: bigint },
  collateral: Side,
  debt: Side,
): Loan => {
  const [supplied, borrowed] = [addressOf(0xc0), addressOf(0xd0)]
  const configuration = ({ decimals }: Side): bigint =>
    (threshold - 100n) |
    (threshold << 16n) |
    ((10_000n + bonus) << 32n) |
    (BigInt(decimals) << 48n) |
    (1n << 56n) |
    (1n << 58n) |
    (feeBps << 152n)
  const market = {
    ...identity('aave-v3', 'pool'),
    ...{ quote: { symbol: 'USD', decimals: 8 }, revision, faults: {}, baseCurrencyUnit: DOLLAR, eModes: {} },
    wiring: { pool: zeroAddress, configurator: zeroAddress, oracle: zeroAddress, sentinel: zeroAddress },
    reserves: {
      [supplied]: reserveOf(0, supplied, configuration(collateral)),
      [borrowed]: reserveOf(1, borrowed, configuration(debt)),
    },
  }
  const position = {
    ...{ id: { ...market.id, account: OWNER }, owner: OWNER, asOf: 1n, eMode: 0, userConfiguration: 0b0110n },
    legs: {
      [supplied]: { scaledCollateral: collateral.amount, scaledVariableDebt: 0n },
      [borrowed]: { scaledCollateral: 0n, scaledVariableDebt: debt.amount },
    },
  }
  const prices = new Map([
    [keys.price(supplied), collateral.price],
    [keys.price(borrowed), debt.price],
  ])
  return { adapter: aaveV3, market, position, env: envOf(prices, DOLLAR) }
}

/** What an account has and owes of one asset of 18 decimals, in units, and the price of a whole one (18 decimals). */
export type Holding = { readonly supplied: bigint; readonly owed: bigint; readonly price: bigint }

/** A cToken is worth 1e-8 of its asset, whose market holds as much of it as anybody may want. */
const cTokenOf = (seed: number, factor: bigint, seizeShare: bigint): CompoundToken => ({
  ...{ address: addressOf(0xc100 + seed), symbol: `c${seed}`, decimals: 8, isNative: false },
  underlying: { asset: addressOf(0xa100 + seed), symbol: `A${seed}`, decimals: 18 },
  protocolSeizeShare: seizeShare,
  totals: {
    ...{ cash: 5n * 10n ** 27n, totalBorrows: 5n * 10n ** 27n, totalReserves: 0n, totalSupply: 10n ** 18n },
    ...{ borrowIndex: WAD, accruedAt: 100n },
  },
  ...{ reserveFactor: 0n, rateModel: { kind: 'given', borrowRate: 0n }, borrowRateMax: 5n * 10n ** 12n },
  ...{ initialExchangeRate: 10n ** 28n, isListed: true, collateralFactor: factor },
  ...{ isMintPaused: false, isBorrowPaused: false, borrowCap: 0n, supplyCap: 0n },
})

/** Compound v2: factor, spread and close factor are wads; one market an asset, in the order given. */
export const compoundLoan = (
  {
    factor,
    spread,
    closeFactor,
    seizeShare = 0n,
  }: { factor: bigint; spread: bigint; closeFactor: bigint; seizeShare?: bigint },
  holdings: readonly Holding[],
): Loan => {
  const tokens = holdings.map((_, seed) => cTokenOf(seed, factor, seizeShare))
  const market = {
    ...identity('compound-v2', 'comptroller'),
    ...{
      quote: { symbol: 'USD', decimals: 18 },
      revision: 'block',
      comptroller: addressOf(0xc0),
      oracle: zeroAddress,
    },
    ...{ clock: 'block', secondsPerBlock: 12n, closeFactor, liquidationIncentive: WAD + spread },
    ...{ isSeizePaused: false, isTransferPaused: false, hasDeprecation: false, traits: {}, faults: {} },
    listed: tokens.map(({ address }) => address),
    cTokens: Object.fromEntries(tokens.map((token) => [token.address, token])),
  }
  const legs = tokens.map(({ address }, seed) => {
    const { supplied = 0n, owed = 0n } = holdings[seed] ?? {}
    const borrow = owed === 0n ? {} : { borrow: { from: 'snapshot', principal: owed, interestIndex: WAD } }
    return [address, { tokens: supplied / 10n ** 10n, ...borrow }] as const
  })
  const position = {
    ...{ id: { ...market.id, account: OWNER }, owner: OWNER, asOf: 1n },
    ...{ entered: market.listed, legs: Object.fromEntries(legs) },
  }
  const prices = new Map(
    tokens.map(({ address }, seed) => [compoundPriceKey(address), holdings[seed]?.price ?? 0n]),
  )
  return { adapter: compoundV2, market, position, env: envOf(prices, WAD) }
}

/** Morpho Blue: collateral of 18 decimals, a loan token of 6, `price` as the oracle answers it (scale 1e36). */
export const morphoLoan = (lltv: bigint, collateral: bigint, borrowed: bigint, price: bigint): Loan => {
  const [loanToken, collateralToken, oracle] = [addressOf(2), addressOf(3), addressOf(4)]
  const totals = {
    ...{ totalSupplyAssets: 10n ** 16n, totalSupplyShares: 10n ** 22n, lastUpdate: NOW, fee: 0n },
    ...{ totalBorrowAssets: 10n ** 16n, totalBorrowShares: 10n ** 22n },
  }
  const market = {
    ...identity('morpho-blue', pad('0x1d', { size: 32 })),
    ...{ quote: { symbol: 'USDC', decimals: 6, asset: loanToken }, revision: '1', morpho: addressOf(1) },
    params: { loanToken, collateralToken, oracle, irm: zeroAddress, lltv },
    reading: {
      ...{ totals, rate: { kind: 'none' }, feeRecipient: zeroAddress },
      ...{ loan: { symbol: 'USDC', decimals: 6 }, collateral: { symbol: 'WETH', decimals: 18 } },
    },
    preLiquidations: {},
  }
  const position = {
    ...{ id: { ...market.id, account: OWNER }, owner: OWNER, asOf: 1n, supplyShares: 0n, authorized: [] },
    ...{ borrowShares: borrowed * 10n ** 6n, collateral },
  }
  return {
    adapter: morphoBlue,
    market,
    position,
    env: envOf(new Map([[morphoPriceKey(oracle), price]]), 10n ** 36n),
  }
}
