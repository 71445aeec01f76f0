// Recorded worlds of Compound v2 as the adapter's own state. Test support, like the vectors that use it.
import { type Address, getAddress, pad, toHex, zeroAddress } from 'viem'
import type { PriceReading } from '../../../model/price.ts'
import type { Env } from '../../adapter.ts'
import { standIns, type VectorFile } from '../../vectors.ts'
import { accrue } from '../accrual.ts'
import {
  type CompoundMarket,
  type CompoundPosition,
  type CompoundToken,
  MARKET,
  priceKeyOf,
} from '../state.ts'

const OWNER = getAddress(pad(toHex(0xacc0), { size: 20 }))
const id = { chainId: 1, protocol: 'compound-v2', deployment: 'vectors', market: MARKET }

/** Markets go by their index in a file; these are the addresses that we give them. */
export const addressOf = standIns((index: number) => getAddress(pad(toHex(0xc0de00 + index), { size: 20 })))
export const underlyingOf = standIns((index: number) =>
  getAddress(pad(toHex(0xa55e700 + index), { size: 20 })),
)
export const indexOf = (address: Address): number => Number(BigInt(address)) - 0xc0de00

/** A file's constants of one market and a state's values of it, as the adapter keeps them. */
export const cTokenOf = (file: VectorFile, index: number, values: VectorFile): CompoundToken => {
  const constant = file['markets'][index]
  const { rateModel } = constant
  return {
    address: addressOf(index),
    symbol: constant.symbol,
    decimals: 8,
    underlying: {
      asset: underlyingOf(index),
      symbol: constant.symbol,
      decimals: constant.underlyingDecimals,
    },
    isNative: constant.native,
    protocolSeizeShare: BigInt(file['protocolSeizeShareMantissa']),
    borrowRateMax: BigInt(file['borrowRateMaxMantissa']),
    initialExchangeRate: BigInt(constant.initialExchangeRateMantissa),
    rateModel: {
      kind: 'jump',
      baseRate: BigInt(rateModel.baseRatePerBlock),
      multiplier: BigInt(rateModel.multiplierPerBlock),
      jumpMultiplier: BigInt(rateModel.jumpMultiplierPerBlock),
      kink: BigInt(rateModel.kink),
    },
    totals: {
      cash: BigInt(values['cash']),
      totalBorrows: BigInt(values['totalBorrows']),
      totalReserves: BigInt(values['totalReserves']),
      totalSupply: BigInt(values['totalSupply']),
      borrowIndex: BigInt(values['borrowIndex']),
      accruedAt: BigInt(values['accrualBlockNumber']),
    },
    reserveFactor: BigInt(values['reserveFactorMantissa']),
    isListed: values['isListed'],
    collateralFactor: BigInt(values['collateralFactorMantissa']),
    isMintPaused: values['mintGuardianPaused'],
    isBorrowPaused: values['borrowGuardianPaused'],
    borrowCap: 0n,
    supplyCap: 0n,
  }
}

const marketWith = (
  cTokens: readonly CompoundToken[],
  { closeFactorMantissa, liquidationIncentiveMantissa, ...flags }: VectorFile,
): CompoundMarket => ({
  id,
  label: 'vectors',
  quote: { symbol: 'ETH', decimals: 18 },
  revision: 'compound',
  revisionRaw: '',
  fidelity: 'exact',
  comptroller: zeroAddress,
  clock: 'block',
  secondsPerBlock: 12n,
  closeFactor: BigInt(closeFactorMantissa),
  liquidationIncentive: BigInt(liquidationIncentiveMantissa),
  isSeizePaused: flags['seizeGuardianPaused'],
  isTransferPaused: flags['transferGuardianPaused'],
  hasDeprecation: true,
  oracle: zeroAddress,
  listed: cTokens.map(({ address }) => address),
  traits: {},
  cTokens: Object.fromEntries(cTokens.map((cToken) => [cToken.address, cToken])),
  faults: {},
})

/** A recorded state. */
export const marketOf = (file: VectorFile, state: VectorFile): CompoundMarket =>
  marketWith(
    state['markets'].map((values: VectorFile, index: number) => cTokenOf(file, index, values)),
    state['comptroller'],
  )

/** A recorded account. */
export const positionOf = (account: VectorFile): CompoundPosition => {
  const { assetsIn, cTokenBalance, borrowPrincipal, borrowInterestIndex } = account as Record<
    string,
    string[]
  >
  const legs = (cTokenBalance ?? []).map((tokens, index) => {
    const borrow = {
      principal: BigInt(borrowPrincipal?.[index] ?? 0),
      interestIndex: BigInt(borrowInterestIndex?.[index] ?? 0),
    }
    return [addressOf(index), { tokens: BigInt(tokens), borrow }] as const
  })
  return {
    id: { ...id, account: OWNER },
    owner: OWNER,
    asOf: 0n,
    entered: (assetsIn ?? []).map((index) => addressOf(Number(index))),
    legs: Object.fromEntries(legs),
  }
}

/** Prices are those of the markets in their order. */
export const envOf = (blockNumber: string, prices: readonly string[]): Env => {
  const readings = new Map(
    prices.map((price, index): readonly [string, PriceReading] => {
      const key = priceKeyOf(addressOf(index))
      return [key, { kind: 'price', key, price: BigInt(price), scale: 1n, source: 'vectors' }]
    }),
  )
  return {
    block: { chainId: 1, number: BigInt(blockNumber), hash: '0x', timestamp: 0 },
    timestamp: 0,
    prices: (key) => readings.get(key),
    markets: () => undefined,
    debtInFront: () => null,
    quotes: () => null,
  }
}

/** A state with the settings that an attempt changes; a new reserve factor comes after an accrual with the old one. */
export const changedMarketOf = (file: VectorFile, record: VectorFile): CompoundMarket => {
  const state = file['states'][record['state']]
  const { comptroller = {}, ...settings } = (record['set'] ?? {}) as VectorFile
  const cTokens = state.markets.map((values: VectorFile, index: number) => {
    const set = settings[`markets[${index}]`] ?? {}
    const before = cTokenOf(file, index, values)
    const after = cTokenOf(file, index, { ...values, ...set })
    return set.reserveFactorMantissa === undefined
      ? after
      : { ...after, totals: accrue(before, BigInt(record['blockNumber'])).totals }
  })
  return marketWith(cTokens, { ...state.comptroller, ...comptroller })
}
