// Recorded states of the real contracts as the adapter's own. Test support: not part of the build.
import { type Address, getAddress, numberToHex, zeroAddress } from 'viem'
import type { BlockRef } from '../../../model/block.ts'
import { UINT256_MAX } from '../../../units/brands.ts'
import type { Env } from '../../adapter.ts'
import type { Leg } from '../../compound-v2/account.ts'
import type { RateModel } from '../../compound-v2/rate-model.ts'
import { standIns, type VectorFile } from '../../vectors.ts'
import {
  ACTIONS,
  boundedPriceKeyOf,
  type EModePool,
  MARKET,
  type PoolMarket,
  priceKeyOf,
  type Vai,
  type VenusMarket,
  type VenusPosition,
  type VToken,
} from '../state.ts'

const OWNER = getAddress('0x00000000000000000000000000000000000000aa')
/** The VAI controller. */
export const CONTROLLER = getAddress('0x00000000000000000000000000000000000000bb')
const VAI = getAddress('0x00000000000000000000000000000000000000cc')
const id = { chainId: 56, protocol: 'venus-core', deployment: 'vectors', market: MARKET }

/** A vToken's address by its index. */
export const at = standIns((index: number) => getAddress(numberToHex(index + 1, { size: 20 })))

/** The vToken, or the VAI controller, that a record names. */
export const addressOf = (borrowed: number | 'vai'): Address =>
  borrowed === 'vai' ? CONTROLLER : at(borrowed)

/** A rate model by its recorded parameters. */
export const rateModelOf = (model: VectorFile): RateModel =>
  model['kind'] === 'twoKinks'
    ? {
        kind: 'two-kinks',
        baseRate: BigInt(model['BASE_RATE_PER_BLOCK']),
        multiplier: BigInt(model['MULTIPLIER_PER_BLOCK']),
        kink1: BigInt(model['KINK_1']),
        baseRate2: BigInt(model['BASE_RATE_2_PER_BLOCK']),
        multiplier2: BigInt(model['MULTIPLIER_2_PER_BLOCK']),
        kink2: BigInt(model['KINK_2']),
        jumpMultiplier: BigInt(model['JUMP_MULTIPLIER_PER_BLOCK']),
      }
    : {
        kind: 'jump',
        baseRate: BigInt(model['baseRatePerBlock']),
        multiplier: BigInt(model['multiplierPerBlock']),
        jumpMultiplier: BigInt(model['jumpMultiplierPerBlock']),
        kink: BigInt(model['kink']),
      }

const poolMarketOf = (market: VectorFile): PoolMarket => ({
  isListed: market['isListed'],
  isBorrowAllowed: market['isBorrowAllowed'],
  collateralFactor: BigInt(market['collateralFactorMantissa']),
  liquidationThreshold: BigInt(market['liquidationThresholdMantissa']),
  liquidationIncentive: BigInt(market['liquidationIncentiveMantissa']),
})

const payOutOf = (stored: VectorFile): Pick<VToken, 'reservePayOut'> =>
  stored['reduceReservesBlockDelta'] === undefined
    ? {}
    : {
        reservePayOut: {
          lastAt: BigInt(stored['reduceReservesBlockNumber']),
          everySlots: BigInt(stored['reduceReservesBlockDelta']),
        },
      }

const vTokenOf = (file: VectorFile, index: number, stored: VectorFile): VToken => {
  const market: VectorFile = file['markets'][index]
  const { symbol, underlyingDecimals: decimals } = market as { symbol: string; underlyingDecimals: number }
  return {
    ...poolMarketOf(stored),
    ...payOutOf(stored),
    address: at(index),
    symbol,
    decimals: 8,
    underlying: { asset: at(100 + index), symbol: symbol.slice(1), decimals },
    isNative: market['native'],
    namesBorrower: !market['legacyCode'],
    interestRateModel: zeroAddress,
    protocolSeizeShare: 0n,
    isForcedLiquidationEnabled: stored['isForcedLiquidationEnabled'],
    pausedActions: ACTIONS.filter((action) => stored['actionPaused'][action]),
    supplyCap: UINT256_MAX,
    borrowCap: UINT256_MAX,
    reserveFactor: BigInt(stored['reserveFactorMantissa']),
    rateModel: rateModelOf(market['rateModel']),
    borrowRateMax: BigInt(file['borrowRateMaxMantissa']),
    initialExchangeRate: BigInt(market['initialExchangeRateMantissa']),
    totals: {
      cash: BigInt(stored['cash']),
      totalBorrows: BigInt(stored['totalBorrows']),
      totalReserves: BigInt(stored['totalReserves']),
      totalSupply: BigInt(stored['totalSupply']),
      borrowIndex: BigInt(stored['borrowIndex']),
      accruedAt: BigInt(stored['accrualBlockNumber']),
    },
  }
}

const eModePoolOf = (pool: VectorFile, label: string): EModePool => ({
  label,
  isActive: pool['isActive'],
  allowCorePoolFallback: pool['allowCorePoolFallback'],
  markets: Object.fromEntries(
    pool['markets'].map((one: VectorFile, index: number) => [at(index), poolMarketOf(one)]),
  ),
})

const vaiIn = (state: VectorFile): Vai => ({
  controller: CONTROLLER,
  token: VAI,
  mintIndex: BigInt(state['vai']['vaiMintIndex']),
  accruedAt: BigInt(state['vai']['accrualBlockNumber']),
  baseRate: BigInt(state['vai']['baseRateMantissa']),
  floatRate: BigInt(state['vai']['floatRateMantissa']),
  blocksPerYear: BigInt(state['vai']['blocksPerYear']),
  seizesForInterest: true,
  isPaused: false,
  pausedActions: [],
  isForcedLiquidationEnabled: state['comptroller']['vaiForcedLiquidation'] ?? false,
})

const liquidatorContractOf = (settings: VectorFile): Pick<VenusMarket, 'liquidatorContract'> => ({
  liquidatorContract: {
    address: zeroAddress,
    treasuryPercent: BigInt(settings['treasuryPercentMantissa'] ?? 0),
    splits: 'bonus',
    ...(settings['forceVAILiquidate']
      ? { forcedVai: { debtMin: BigInt(settings['minLiquidatableVAI']) } }
      : {}),
  },
})

/** A state of the comptroller and its markets. */
export const marketOf = (file: VectorFile, state: VectorFile, liquidator: VectorFile): VenusMarket => ({
  id,
  label: 'vectors',
  quote: { symbol: 'USD', decimals: 18 },
  revision: 'core-diamond',
  revisionRaw: '',
  fidelity: 'exact',
  comptroller: zeroAddress,
  oracle: zeroAddress,
  boundedOracle: zeroAddress,
  blocksPerYear: BigInt(state['vai']['blocksPerYear']),
  closeFactor: BigInt(state['comptroller']['closeFactorMantissa']),
  isProtocolPaused: state['comptroller']['protocolPaused'],
  cTokens: Object.fromEntries(
    state['markets'].map((one: VectorFile, index: number) => [at(index), vTokenOf(file, index, one)]),
  ),
  listed: state['markets'].map((_: VectorFile, index: number) => at(index)),
  traits: {},
  faults: {},
  pools: Object.fromEntries(
    state['comptroller']['pools'].flatMap((one: VectorFile, poolId: number) =>
      poolId === 0 ? [] : [[String(poolId), eModePoolOf(one, String(poolId))]],
    ),
  ),
  vai: vaiIn(state),
  ...(state['comptroller']['liquidatorContractSet'] ? liquidatorContractOf(liquidator) : {}),
})

/** An account, with what the liquidator contract has against it. */
export const positionOf = (account: VectorFile, liquidator: VectorFile): VenusPosition => {
  const legs = account['vTokenBalance'].map((tokens: string, index: number): [Address, Leg] => {
    const principal = BigInt(account['borrowPrincipal'][index])
    const interestIndex = BigInt(account['borrowInterestIndex'][index])
    const borrow = principal === 0n ? {} : { borrow: { principal, interestIndex } }
    return [at(index), { tokens: BigInt(tokens), ...borrow }]
  })
  const index = BigInt(account['vaiMinterInterestIndex'])
  const forced: Record<string, boolean> = account['isForcedLiquidationEnabledForUser'] ?? {}
  return {
    id: { ...id, account: OWNER },
    owner: OWNER,
    asOf: 0n,
    entered: account['assetsIn'].map(at),
    legs: Object.fromEntries(legs),
    poolId: account['userPoolId'],
    vai: {
      minted: BigInt(account['mintedVAIs']),
      pastInterest: BigInt(account['pastVAIInterest']),
      interestIndex: index === 0n ? 10n ** 18n : index,
    },
    forced: [
      ...Object.keys(forced)
        .filter((key) => forced[key])
        .map((key) => at(Number(key))),
      ...(account['vaiForcedForUser'] ? [CONTROLLER] : []),
    ],
    isRestricted: liquidator['borrowerRestricted'] ?? false,
  }
}

/** Prices of a state, or those that a record sets instead: then the bounded ones follow the oracle's. */
export const envOf = (state: VectorFile, blockNumber: string, record: VectorFile = {}): Env => {
  const block: BlockRef = { chainId: id.chainId, number: BigInt(blockNumber), hash: '0x', timestamp: 0 }
  const prices = new Map<string, string>([
    [priceKeyOf(VAI), record['vaiOraclePrice'] ?? state['vai']['oraclePrice']],
    ...state['markets'].flatMap((one: VectorFile, index: number) => {
      const set = record['oraclePrice']?.[index]
      return [
        [priceKeyOf(at(index)), set ?? one['oraclePrice']],
        [boundedPriceKeyOf('collateral', at(index)), set ?? one['boundedCollateralPrice']],
        [boundedPriceKeyOf('debt', at(index)), set ?? one['boundedDebtPrice']],
      ]
    }),
  ])
  return {
    block,
    timestamp: 0,
    prices: (key) => {
      const price = prices.get(key)
      return price === undefined
        ? undefined
        : { kind: 'price', key, price: BigInt(price), scale: 1n, source: 'recorded' }
    },
    markets: () => undefined,
    debtInFront: () => null,
    quotes: () => null,
  }
}
