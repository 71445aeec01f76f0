// How accounts are screened: what they entered, by factor and price; bounds and limits stand in screen-parts.ts.
import type { Address } from 'viem'
import type { Env } from '../adapter.ts'
import type { ScreenFactor, ScreenRow } from '../screening.ts'
import { isDeprecated } from './comptroller.ts'
import { bothStates, collateralFactorOf, debtFactorOf, enteredRow } from './screen-parts.ts'
import { slotOf } from './slot.ts'
import { type CompoundMarket, type CompoundPosition, priceKeyOf } from './state.ts'

/** An account's entered markets as tokens and debts. */
export const row = (_market: CompoundMarket, position: CompoundPosition): ScreenRow | 'always-exact' =>
  position.fault ? 'always-exact' : enteredRow(position, (side, cToken) => `${side}:${cToken}`)

/**
 * One token, or one unit of a debt: `collateral:cToken`, `debt:cToken`. Debts of a deprecated market are always assessed exactly,
 * since they can be liquidated at any health.
 */
export const factor = (market: CompoundMarket, name: string, env: Env): ScreenFactor | undefined => {
  const [side, address] = name.split(':') as [string, Address]
  const cToken = market.cTokens[address]
  if (market.fault || market.faults[address] || !cToken) return undefined
  const priceKey = priceKeyOf(address)
  const reading = env.prices(priceKey)
  const states = bothStates(cToken, slotOf(market, env))
  if (reading?.kind !== 'price' || reading.price <= 0n || !states) return undefined
  if (side === 'collateral')
    return collateralFactorOf(states, cToken.collateralFactor, reading.price, priceKey)
  return isDeprecated(market, cToken) ? undefined : debtFactorOf(states, reading.price, priceKey)
}
