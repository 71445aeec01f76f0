// How actions move balances: scaled amounts in, the account's and the reserve's state out.
import type { Address } from 'viem'
import { checkedSub } from '../../units/mul-div.ts'
import { indicesOf } from './account.ts'
import { isUsing, withBorrowing, withCollateral } from './configuration.ts'
import type { AccountMath } from './revisions/revision.ts'
import { type AaveMarket, type AavePosition, type Leg, type Reserve, withReserve } from './state.ts'

/** The state that an action works on. */
export type Pool = { readonly market: AaveMarket; readonly position: AavePosition }

const emptyLeg: Leg = { scaledCollateral: 0n, scaledVariableDebt: 0n }

/**
 * ReserveLogic.updateState: indices accrued to `timestamp` (s). The rates stay as they are: what the strategy makes of the
 * new balances is not modelled, and counts from the next second on only.
 */
export const accrued = (reserve: Reserve, math: AccountMath, timestamp: number): Reserve => {
  if (reserve.lastUpdateTimestamp === timestamp) return reserve
  const { income, debt } = indicesOf(reserve, math, timestamp)
  const hasDebt = reserve.totals?.scaledVariableDebt !== 0n
  return {
    ...reserve,
    liquidityIndex: reserve.liquidityRate === 0n ? reserve.liquidityIndex : income,
    variableBorrowIndex: hasDebt ? debt : reserve.variableBorrowIndex,
    lastUpdateTimestamp: timestamp,
  }
}

/** The position with other scaled balances in one reserve. */
export const withLeg = (position: AavePosition, reserve: Reserve, next: (leg: Leg) => Leg): AavePosition => ({
  ...position,
  legs: { ...position.legs, [reserve.asset]: next(position.legs[reserve.asset] ?? emptyLeg) },
})

/** Adds to, or with a negative amount takes from, the scaled collateral. Throws `ArithmeticError` below zero. */
export const moveCollateral = (position: AavePosition, reserve: Reserve, scaled: bigint): AavePosition =>
  withLeg(position, reserve, (leg) => ({
    ...leg,
    scaledCollateral: checkedSub(leg.scaledCollateral, -scaled),
  }))

/** Adds to, or takes from, the scaled variable debt of account and reserve. Throws `ArithmeticError` below zero. */
export const moveDebt = ({ market, position }: Pool, reserve: Reserve, scaled: bigint): Pool => {
  const { totals } = reserve
  const moved: Reserve = totals
    ? {
        ...reserve,
        totals: { ...totals, scaledVariableDebt: checkedSub(totals.scaledVariableDebt, -scaled) },
      }
    : reserve
  return {
    market: withReserve(market, moved),
    position: withLeg(position, reserve, (leg) => ({
      ...leg,
      scaledVariableDebt: checkedSub(leg.scaledVariableDebt, -scaled),
    })),
  }
}

/** What the pool accounts for after underlying came in (positive) or went out. Throws `ArithmeticError` below zero; nothing until 3.0. */
export const moveVirtual = (reserve: Reserve, amount: bigint): Reserve => {
  const { virtualBalance } = reserve
  if (virtualBalance === undefined) return reserve
  return { ...reserve, virtualBalance: checkedSub(virtualBalance, -amount) }
}

/** What the aToken holds after underlying came in (positive) or went out. Throws `ArithmeticError` below zero. */
export const moveUnderlying = (reserve: Reserve, amount: bigint): Reserve => {
  const { underlyingBalance } = reserve
  if (underlyingBalance === undefined) return reserve
  return { ...reserve, underlyingBalance: checkedSub(underlyingBalance, -amount) }
}

export const setCollateral = (position: AavePosition, { id }: Reserve, isOn: boolean): AavePosition => ({
  ...position,
  userConfiguration: withCollateral(position.userConfiguration, id, isOn),
})

export const setBorrowing = (position: AavePosition, { id }: Reserve, isOn: boolean): AavePosition => ({
  ...position,
  userConfiguration: withBorrowing(position.userConfiguration, id, isOn),
})

const isEmpty = ({ scaledCollateral, scaledVariableDebt, stableDebt }: Leg): boolean =>
  scaledCollateral === 0n && scaledVariableDebt === 0n && stableDebt === undefined

/** The position without legs that have neither a balance nor a set bit. */
export const settled = (market: AaveMarket, position: AavePosition): AavePosition => ({
  ...position,
  legs: Object.fromEntries(
    Object.entries(position.legs).filter(([asset, leg]) => {
      const reserve = market.reserves[asset as Address]
      return !isEmpty(leg) || (reserve && isUsing(position.userConfiguration, reserve.id))
    }),
  ),
})

/** The position, or undefined once its user configuration is empty: then the pool no longer knows it as one. */
export const remaining = (position: AavePosition): AavePosition | undefined =>
  position.userConfiguration === 0n ? undefined : position
