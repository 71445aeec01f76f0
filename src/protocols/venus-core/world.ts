// Markets and one account in them, as the functions of the contracts change both.
import type { Fault } from '../../model/market.ts'
import { RefusedError } from '../refusing.ts'
import type { LiquidatorContract, Vai, VenusMarket, VenusPool, VenusPosition } from './state.ts'

export type World = { readonly market: VenusMarket; readonly position: VenusPosition }

export const poolOf = ({ market: { cTokens }, position: account }: World): VenusPool => ({ cTokens, account })

/** The world with what an action left of its vTokens and of the account in them. */
export const withPool = ({ market, position }: World, { cTokens, account }: VenusPool): World => ({
  market: { ...market, cTokens },
  position: { ...position, entered: account.entered, legs: account.legs },
})

const known = <T extends object>(part: T | { readonly fault: Fault } | undefined): T | undefined => {
  if (part && 'fault' in part) throw new RefusedError((part as { fault: Fault }).fault.detail)
  return part as T | undefined
}

/** VAI, if the comptroller lends it; refuses where it could not be read. */
export const vaiOf = ({ vai }: VenusMarket): Vai | undefined => known(vai)

/** The only contract that may liquidate, if there is one; refuses where it could not be read. */
export const liquidatorOf = ({ liquidatorContract }: VenusMarket): LiquidatorContract | undefined =>
  known(liquidatorContract)

/** A loan that is gone holds nothing and owes nothing. */
export const isOpen = ({ legs, vai }: VenusPosition): boolean =>
  vai.minted > 0n ||
  Object.values(legs).some(({ tokens, borrow }) => tokens > 0n || (borrow?.principal ?? 0n) > 0n)
