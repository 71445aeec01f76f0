// An account's state, kept tidy: what is empty is not kept, so that following and reading afresh end at the same.
import type { Address } from 'viem'
import { settled as withoutEmptyLegs } from '../compound-v2/position.ts'
import type { VaiLoan, VenusPosition } from './state.ts'

/** What an account without VAI owes of it. */
export const NO_VAI: VaiLoan = { minted: 0n, pastInterest: 0n, interestIndex: 10n ** 18n }

/** The position without what is empty; undefined where nothing is left that counts: no debt, and no tokens of an entered market. */
export const settled = (position: VenusPosition): VenusPosition | undefined => {
  const whole = withoutEmptyLegs(position)
  if (whole || position.vai.minted === 0n) return whole
  const held = withoutEmptyLegs({ ...position, entered: Object.keys(position.legs) as Address[] })
  return { ...position, legs: held?.legs ?? {} }
}
