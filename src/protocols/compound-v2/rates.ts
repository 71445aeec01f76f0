// Rates of interest as a scenario raises them.
import type { Env } from '../adapter.ts'
import { accruedOrSame, changedParts, dividedUp, type RateRise, YEAR_SECONDS } from '../raising.ts'
import type { CToken } from './account.ts'
import { accrue } from './accrual.ts'
import { slotOf } from './slot.ts'
import type { CompoundMarket } from './state.ts'

/**
 * cTokens whose borrow rate is raised from `slot` on, to which they are accrued first, as a cToken does before it takes another rate model.
 * Suppliers own what is owed, and gain with it.
 */
export const raisedTokens = <T extends CToken>(
  cTokens: Readonly<Record<string, T>>,
  slot: bigint,
  risePerSlot: (cToken: T) => bigint,
): Readonly<Record<string, T>> =>
  changedParts(cTokens, (cToken) => {
    const points = cToken.rateModel.kind === 'failed' ? 0n : risePerSlot(cToken)
    if (points === 0n) return cToken
    const now = accruedOrSame(cToken, () => accrue(cToken, slot))
    return { ...now, rateRise: (now.rateRise ?? 0n) + points }
  })

/** The borrow rates raised from the slot of `env` on. A slot's part of a rise is rounded up. */
export const withRates = (market: CompoundMarket, rise: RateRise, env: Env): CompoundMarket => {
  const { clock, secondsPerBlock } = market
  const secondsPerSlot = clock === 'second' ? 1n : secondsPerBlock
  const cTokens = raisedTokens(market.cTokens, slotOf(market, env), ({ underlying }) =>
    dividedUp(rise(underlying.asset) * secondsPerSlot, YEAR_SECONDS),
  )
  return cTokens === market.cTokens ? market : { ...market, cTokens }
}
