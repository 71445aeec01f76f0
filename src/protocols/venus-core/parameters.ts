// What governance sets of a comptroller, its markets in each pool, VAI, and the liquidator contract.
import type { Address } from 'viem'
import type { Parameter } from '../../model/parameter.ts'
import { WAD } from '../../units/brands.ts'
import { rateParametersOf } from '../compound-v2/parameters.ts'
import { parametersOf, restoredEach, WHOLE } from '../parameters.ts'
import { ACTIONS, type EModePool, type RiskParameters, type VenusMarket, type VToken } from './state.ts'

const sharesOf = ({ collateralFactor, liquidationThreshold, liquidationIncentive }: RiskParameters) => ({
  liquidationThreshold,
  maxLtv: collateralFactor,
  liquidationBonus: liquidationIncentive > WAD ? liquidationIncentive - WAD : 0n,
})

/** `is…Paused` of each of the comptroller's actions. */
const pausesOf = (paused: readonly string[]): Readonly<Record<string, boolean>> =>
  Object.fromEntries(
    ACTIONS.map((action) => {
      const words = action.split('_').map((word) => `${word.charAt(0)}${word.slice(1).toLowerCase()}`)
      return [`is${words.join('')}Paused`, paused.includes(action)]
    }),
  )

/** A listed market that could not be read yet is listed, and nothing more. */
const ofToken = (market: VenusMarket, address: Address): readonly Parameter[] => {
  const vToken = market.cTokens[address]
  if (!vToken) return parametersOf({ asset: address }, { flag: { isListed: true } })
  const { isListed, isBorrowAllowed, isForcedLiquidationEnabled, pausedActions } = vToken
  const { supplyCap, borrowCap, interestRateModel, protocolSeizeShare, reserveFactor } = vToken
  return parametersOf(
    { asset: address, symbol: vToken.symbol, decimals: vToken.underlying.decimals },
    {
      wad: {
        ...sharesOf(vToken),
        ...{ liquidationProtocolFee: protocolSeizeShare, reserveFactor },
        ...rateParametersOf(vToken.rateModel),
      },
      flag: { isListed, isBorrowAllowed, isForcedLiquidationEnabled, ...pausesOf(pausedActions) },
      amount: { supplyCap, borrowCap },
      address: { rateModel: interestRateModel },
    },
  )
}

const ofPool = (id: string, { label, isActive, allowCorePoolFallback, markets }: EModePool) => {
  const part = `pool[${id}]`
  return [
    ...parametersOf(
      { asset: null, part },
      { text: { label }, flag: { isListed: true, isActive, allowCorePoolFallback } },
    ),
    ...Object.entries(markets).flatMap(([vToken, { isListed, isBorrowAllowed, ...shares }]) =>
      parametersOf(
        { asset: vToken as Address, part },
        { wad: sharesOf(shares), flag: { isListed, isBorrowAllowed } },
      ),
    ),
  ]
}

const ofVai = ({ vai }: VenusMarket): readonly Parameter[] => {
  if (!vai || 'fault' in vai) return []
  const { token, baseRate, floatRate, isPaused, isForcedLiquidationEnabled, pausedActions } = vai
  return parametersOf(
    { asset: token, symbol: 'VAI' },
    {
      wad: { baseRate, floatRate },
      flag: { isPaused, isForcedLiquidationEnabled, ...pausesOf(pausedActions) },
    },
  )
}

/** Assets are vTokens. Rates are per block; parameters of a pool that accounts select are `pool[id].…`. */
export const parameters = (market: VenusMarket): readonly Parameter[] => {
  const { oracle, boundedOracle, closeFactor, isProtocolPaused, liquidatorContract } = market
  const liquidator = liquidatorContract && 'fault' in liquidatorContract ? undefined : liquidatorContract
  return [
    ...parametersOf({ ...WHOLE, prices: 'all' }, { address: { oracle, boundedOracle } }),
    ...parametersOf(
      { ...WHOLE, decimals: 18 },
      {
        wad: { closeFactor, liquidationProtocolFee: liquidator?.treasuryPercent },
        flag: { isPaused: isProtocolPaused },
        address: { liquidator: liquidator?.address },
        amount: { forcedVaiDebtMin: liquidator?.forcedVai?.debtMin },
      },
    ),
    ...market.listed.flatMap((address) => ofToken(market, address)),
    ...Object.entries(market.pools).flatMap(([id, pool]) => ofPool(id, pool)),
    ...ofVai(market),
  ]
}

const vaiUnder = ({ vai }: VenusMarket, before: VenusMarket['vai']): Pick<VenusMarket, 'vai'> => {
  if (!vai || 'fault' in vai || !before || 'fault' in before) return vai ? { vai } : {}
  const { mintIndex, accruedAt } = vai
  return { vai: { ...before, mintIndex, accruedAt } }
}

/** Factors, models, pauses and pools of before; totals and indices stay. */
export const withParametersOf = (market: VenusMarket, before: VenusMarket): VenusMarket => {
  const { oracle, boundedOracle, closeFactor, isProtocolPaused, liquidatorContract } = before
  const { boundedOracle: _, liquidatorContract: _contract, ...rest } = market
  return {
    ...rest,
    ...{ oracle, closeFactor, isProtocolPaused },
    ...(boundedOracle ? { boundedOracle } : {}),
    ...(liquidatorContract ? { liquidatorContract } : {}),
    pools: { ...market.pools, ...before.pools },
    cTokens: restoredEach(market.cTokens, before.cTokens, (vToken, earlier) => {
      const { totals, reservePayOut } = vToken
      return { ...earlier, totals, ...(reservePayOut ? { reservePayOut } : {}) }
    }) as Readonly<Record<Address, VToken>>,
    ...vaiUnder(market, before.vai),
  }
}
