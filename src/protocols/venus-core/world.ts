// Markets and one account in them, as the functions of the contracts change both.
import type { Env } from '../adapter.ts'
import { RefusedError } from '../refusing.ts'
import type { LiquidatorContract, Unread, Vai, VenusMarket, VenusPool, VenusPosition } from './state.ts'

export type World = { readonly market: VenusMarket; readonly position: VenusPosition }

export const poolOf = ({ market: { cTokens }, position: account }: World): VenusPool => ({ cTokens, account })

const YEAR_SECONDS = 31_536_000n

/** The block that interest accrues to; a later time than the block's, as in a simulation, counts as so many whole blocks more. */
export const blockOf = ({ blocksPerYear }: VenusMarket, { block, timestamp }: Env): bigint =>
  block.number + (BigInt(timestamp - block.timestamp) * blocksPerYear) / YEAR_SECONDS

/** The world with what an action left of its vTokens and of the account in them. */
export const withPool = ({ market, position }: World, { cTokens, account }: VenusPool): World => ({
  market: { ...market, cTokens },
  position: { ...position, entered: account.entered, legs: account.legs },
})

const known = <T extends object>(part: T | Unread | undefined): T | undefined => {
  if (part && 'fault' in part) throw new RefusedError(part.fault.detail)
  return part
}

/** VAI, if the comptroller lends it; refuses where it could not be read. */
export const vaiOf = ({ vai }: VenusMarket): Vai | undefined => known(vai)

/** The only contract that may liquidate, if there is one; refuses where it could not be read. */
export const liquidatorOf = ({ liquidatorContract }: VenusMarket): LiquidatorContract | undefined =>
  known(liquidatorContract)
