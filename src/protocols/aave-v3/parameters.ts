// What governance sets of a pool: reserves, e-mode categories, the contracts behind them.
import type { Address } from 'viem'
import type { Parameter } from '../../model/parameter.ts'
import { BPS } from '../../units/brands.ts'
import { parametersOf, rememberedFor, restoredEach, WHOLE } from '../parameters.ts'
import { decodeConfiguration } from './configuration.ts'
import { keys } from './keys.ts'
import { type AaveMarket, type EModeCategory, type Reserve, reservesOf } from './state.ts'

/** What a liquidator gets beyond what is repaid; 0 where the pool has 0 instead of a factor. */
const bonusOf = (factor: bigint): bigint => (factor > BPS ? factor - BPS : 0n)

const DEBT_CEILING_DECIMALS = 2

const ofReserve = rememberedFor((reserve: Reserve): readonly Parameter[] => {
  const { asset, symbol, priceFeed, rateStrategy, liquidationGracePeriodUntil } = reserve
  if (reserve.id < 0) return parametersOf({ asset, symbol }, { flag: { isListed: true } })
  const configuration = decodeConfiguration(reserve.configuration)
  const { ltv, liquidationThreshold, liquidationBonus, liquidationProtocolFee, reserveFactor } = configuration
  const { isActive, isFrozen, isPaused, isBorrowingEnabled, isStableBorrowingEnabled } = configuration
  const { isSiloed, isBorrowableInIsolation, supplyCap, borrowCap, debtCeiling, eMode } = configuration
  const owner = { asset, symbol }
  return [
    ...parametersOf(owner, {
      bps: {
        liquidationThreshold,
        maxLtv: ltv,
        liquidationBonus: bonusOf(liquidationBonus),
        liquidationProtocolFee,
        reserveFactor,
      },
      flag: {
        isListed: true,
        ...{ isActive, isFrozen, isPaused, isBorrowingEnabled, isStableBorrowingEnabled },
        ...{ isSiloed, isBorrowableInIsolation },
      },
      amount: { supplyCap, borrowCap },
      count: { eMode: BigInt(eMode) },
      seconds: { liquidationGracePeriodUntil: BigInt(liquidationGracePeriodUntil) },
      address: { rateModel: rateStrategy },
    }),
    ...parametersOf({ ...owner, decimals: DEBT_CEILING_DECIMALS }, { amount: { debtCeiling } }),
    ...parametersOf({ ...owner, prices: [keys.price(asset)] }, { address: { priceSource: priceFeed } }),
  ]
})

const hex = (bitmap: bigint): string => `0x${bitmap.toString(16)}`

const ofCategory = (id: string, category: EModeCategory): readonly Parameter[] => {
  const { ltv, liquidationThreshold, liquidationBonus, priceSource, label, isIsolated } = category
  const { collateralBitmap, borrowableBitmap, ltvzeroBitmap } = category
  return parametersOf(
    { asset: null, part: `eMode[${id}]`, prices: [keys.price(priceSource)] },
    {
      flag: { isIsolated },
      bps: { liquidationThreshold, maxLtv: ltv, liquidationBonus: bonusOf(liquidationBonus) },
      text: {
        label,
        collaterals: hex(collateralBitmap),
        borrowables: hex(borrowableBitmap),
        ltvZeros: hex(ltvzeroBitmap),
      },
      address: { priceSource },
    },
  )
}

/** A reserve that was never read is listed and nothing more; such a category is nothing. Bitmaps of reserve ids are told as hex digits. */
export const parameters = (market: AaveMarket): readonly Parameter[] => {
  const { oracle, sentinel } = market.wiring
  return [
    ...parametersOf({ ...WHOLE, prices: 'all' }, { address: { oracle } }),
    ...parametersOf(WHOLE, { address: { sequencerSentinel: sentinel } }),
    ...reservesOf(market).flatMap(ofReserve),
    ...Object.entries(market.eModes).flatMap(([id, category]) =>
      category.liquidationThreshold === 0n ? [] : ofCategory(id, category),
    ),
  ]
}

/** Configuration words, sources and categories of before. */
export const withParametersOf = (market: AaveMarket, before: AaveMarket): AaveMarket => ({
  ...market,
  wiring: before.wiring,
  reserves: restoredEach(market.reserves, before.reserves, (reserve, earlier) => {
    const { configuration, liquidationGracePeriodUntil, priceFeed, rateStrategy } = earlier
    return {
      ...reserve,
      ...{ configuration, liquidationGracePeriodUntil },
      ...(priceFeed ? { priceFeed } : {}),
      ...(rateStrategy ? { rateStrategy } : {}),
    }
  }) as Readonly<Record<Address, Reserve>>,
  eModes: restoredEach(market.eModes, before.eModes, (_category, earlier) => earlier),
})
