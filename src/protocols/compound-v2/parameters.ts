// What governance sets of a comptroller and its markets.
import type { Address } from 'viem'
import type { Parameter } from '../../model/parameter.ts'
import { WAD } from '../../units/brands.ts'
import { parametersOf, restoredEach, WHOLE } from '../parameters.ts'
import type { RateModel } from './rate-model.ts'
import type { CompoundMarket, CompoundToken } from './state.ts'

/** The numbers of a rate model that is computed; one of another make has none. */
export const rateParametersOf = (model: RateModel): Readonly<Record<string, bigint>> => {
  if (model.kind !== 'jump' && model.kind !== 'two-kinks') return {}
  const { kind: _, ...numbers } = model
  return numbers
}

/** A listed market that could not be read yet is listed, and nothing more. */
const ofToken = (market: CompoundMarket, address: Address): readonly Parameter[] => {
  const cToken = market.cTokens[address]
  if (!cToken) return parametersOf({ asset: address }, { flag: { isListed: true } })
  const { underlying, reserveFactor, protocolSeizeShare, collateralFactor } = cToken
  const { isListed, isMintPaused, isBorrowPaused, supplyCap, borrowCap } = cToken
  return parametersOf(
    { asset: address, symbol: cToken.symbol, decimals: underlying.decimals },
    {
      wad: {
        liquidationThreshold: collateralFactor,
        maxLtv: collateralFactor,
        liquidationProtocolFee: protocolSeizeShare,
        reserveFactor,
        ...rateParametersOf(cToken.rateModel),
      },
      flag: { isListed, isSupplyPaused: isMintPaused, isBorrowPaused },
      amount: { supplyCap, borrowCap },
      address: { rateModel: market.traits[address]?.interestRateModel },
    },
  )
}

/** Assets are cTokens. Rates are per block or second, whatever interest accrues by; a cap of 0 is none. */
export const parameters = (market: CompoundMarket): readonly Parameter[] => {
  const { oracle, closeFactor, liquidationIncentive, isSeizePaused, isTransferPaused } = market
  return [
    ...parametersOf({ ...WHOLE, prices: 'all' }, { address: { oracle } }),
    ...parametersOf(WHOLE, {
      wad: {
        closeFactor,
        liquidationBonus: liquidationIncentive > WAD ? liquidationIncentive - WAD : 0n,
      },
      flag: { isSeizePaused, isTransferPaused },
    }),
    ...market.listed.flatMap((address) => ofToken(market, address)),
  ]
}

/** Factors, models and pauses of before; totals stay. */
export const withParametersOf = (market: CompoundMarket, before: CompoundMarket): CompoundMarket => {
  const { oracle, closeFactor, liquidationIncentive, isSeizePaused, isTransferPaused } = before
  return {
    ...market,
    ...{ oracle, closeFactor, liquidationIncentive, isSeizePaused, isTransferPaused },
    traits: { ...market.traits, ...before.traits },
    cTokens: restoredEach(market.cTokens, before.cTokens, (cToken, earlier) => {
      const { totals, reservePayOut } = cToken
      return { ...earlier, totals, ...(reservePayOut ? { reservePayOut } : {}) }
    }) as Readonly<Record<Address, CompoundToken>>,
  }
}
