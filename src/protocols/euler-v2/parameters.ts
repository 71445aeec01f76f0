// What the governor of a vault sets.
import type { Address } from 'viem'
import type { Parameter } from '../../model/parameter.ts'
import { parametersOf, restoredEach, WHOLE } from '../parameters.ts'
import { type Route, stepsOf } from './oracle/route.ts'
import type { Collateral, EulerMarket, VaultConfig, VaultIdentity } from './state.ts'

const ofConfig = (config: VaultConfig, { asset, assetToken }: VaultIdentity): readonly Parameter[] => {
  const { maxLiquidationDiscount, liquidationCoolOffTime, configFlags, hookTarget, hookedOps } = config
  const { interestFee, supplyCap, borrowCap, interestRateModel, rateModel } = config
  const { kind: _, ...curve } = { kink: undefined, ...rateModel }
  const { kink, ...rates } = curve
  return [
    ...parametersOf(WHOLE, {
      bps: { maxLiquidationDiscount },
      seconds: { liquidationCoolOff: BigInt(liquidationCoolOffTime) },
      address: { hookTarget },
      count: { hookedOps, configFlags },
    }),
    ...parametersOf(
      { asset, symbol: assetToken.symbol, decimals: assetToken.decimals },
      {
        bps: { reserveFactor: interestFee },
        amount: { supplyCap, borrowCap },
        address: { rateModel: interestRateModel },
        ray: rates,
        count: { kink },
      },
    ),
  ]
}

const ofCollateral = (asset: Address, { token, ltv }: Collateral): readonly Parameter[] =>
  parametersOf(
    { asset, symbol: token.symbol },
    {
      bps: {
        liquidationThreshold: ltv.liquidationLTV,
        liquidationThresholdAtStart: ltv.initialLiquidationLTV,
        maxLtv: ltv.borrowLTV,
      },
      seconds: { liquidationThresholdRampUntil: BigInt(ltv.targetTimestamp) },
    },
  )

/** The oracles on the way of a quote; undefined while any is still to be found out. */
const sourceOf = (route: Route): string | undefined => {
  const steps = [...stepsOf(route)]
  if (steps.some(({ kind }) => kind === 'unread')) return undefined
  return steps
    .map((step) => {
      if (step.kind === 'identity') return step.kind
      return step.kind === 'vault' || step.kind === 'shares' ? step.vault : step.oracle
    })
    .join(' > ')
}

/**
 * Collaterals are vaults; a liquidation LTV that is lowered runs from the one at the start to the one told until the ramp is
 * over. Price sources are the oracles on the way of a quote. What is not read yet, or where nobody borrows, is left out.
 */
export const parameters = (market: EulerMarket): readonly Parameter[] => {
  const { config, identity, collaterals = {}, routes = {} } = market
  const entriesOf = <T>(record: Readonly<Record<Address, T>>) => Object.entries(record) as [Address, T][]
  return [
    ...(config && identity ? ofConfig(config, identity) : []),
    ...entriesOf(collaterals).flatMap(([asset, collateral]) => ofCollateral(asset, collateral)),
    ...entriesOf(routes).flatMap(([asset, route]) =>
      parametersOf({ asset }, { text: { priceSource: sourceOf(route) } }),
    ),
  ]
}

/** The configuration, LTVs and routes of before; the words of the vault stay. */
export const withParametersOf = (market: EulerMarket, before: EulerMarket): EulerMarket => ({
  ...market,
  ...(before.config ? { config: before.config } : {}),
  ...(market.collaterals && before.collaterals
    ? {
        collaterals: restoredEach(market.collaterals, before.collaterals, (collateral, { ltv }) => ({
          ...collateral,
          ltv,
        })) as Readonly<Record<Address, Collateral>>,
      }
    : {}),
  ...(market.routes && before.routes ? { routes: { ...market.routes, ...before.routes } } : {}),
})
