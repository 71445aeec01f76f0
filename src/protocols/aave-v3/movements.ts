// How actions move balances: scaled amounts in, the account's and the reserve's state out.
import { checkedSub } from '../../units/mul-div.ts'
import type { Env } from '../adapter.ts'
import { withBorrowing, withCollateral } from './configuration.ts'
import type { Revision } from './revisions/revision.ts'
import { type AaveMarket, type AavePosition, type Leg, type Reserve, withReserve } from './state.ts'

/** The state that an action works on. */
export type Pool = { readonly market: AaveMarket; readonly position: AavePosition }

/** One action of an account: the reserve that it is about, accrued to the block, and by whose rules. */
export type Scene = {
  readonly pool: Pool
  readonly reserve: Reserve
  readonly revision: Revision
  readonly env: Env
}

const emptyLeg: Leg = { scaledCollateral: 0n, scaledVariableDebt: 0n }

/** The position with other scaled balances in one reserve. */
export const withLeg = (position: AavePosition, reserve: Reserve, next: (leg: Leg) => Leg): AavePosition => ({
  ...position,
  legs: { ...position.legs, [reserve.asset]: next(position.legs[reserve.asset] ?? emptyLeg) },
})

/** Gives the account scaled aTokens, or with a negative amount takes some. Throws `ArithmeticError` below zero. */
export const moveCollateral = (position: AavePosition, reserve: Reserve, scaled: bigint): AavePosition =>
  withLeg(position, reserve, (leg) => ({
    ...leg,
    scaledCollateral: checkedSub(leg.scaledCollateral, -scaled),
  }))

/** Mints scaled aTokens to nobody in particular, or burns some. Throws `ArithmeticError` below zero. */
export const moveSupply = (reserve: Reserve, scaled: bigint): Reserve => {
  const { totals } = reserve
  if (!totals) return reserve
  return { ...reserve, totals: { ...totals, scaledSupply: checkedSub(totals.scaledSupply, -scaled) } }
}

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

/** The position, or undefined once its user configuration is empty: then the pool no longer knows it as one. */
export const remaining = (position: AavePosition): AavePosition | undefined =>
  position.userConfiguration === 0n ? undefined : position
