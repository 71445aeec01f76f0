// How loans are screened: health is the sum of ⌊quote(shares) · LTV / 1e4⌋ over quote(what is owed).
//
// A quote is a chain of steps ⌊amount · k⌋, each less than one unit below the exact product; such a unit counts as much as
// the later steps make of it, and these add up to the slack. The LTV is one more step, and cuts of its ramp are in k.
// Debt: a row holds ⌊owed · 2^64 · ray / accumulator⌋, which is less than one below the exact quotient, and 2^50 at least:
// that goes into `high`. getCurrentOwed cuts 2^-31 of a unit of the asset, toAssetsUp adds less than one: a unit, as a step.
// A liability that is worth 0 is no violation: the slack of the last step contains it.
import { type Address, zeroAddress } from 'viem'
import { BPS, RAY } from '../../units/brands.ts'
import type { Env, Screening } from '../adapter.ts'
import { requireThat, unlessRefused } from '../refusing.ts'
import { type ScreenFactor, screenFactor } from '../screening.ts'
import { accrue } from './accrual.ts'
import { routeOf } from './liquidity.ts'
import { ltvAt } from './ltv.ts'
import { DEBT_PRECISION_SHIFT } from './math.ts'
import { chained, cutLine, IDENTITY, type Line, lineOf } from './oracle/line.ts'
import { quoteDown } from './oracle/quote.ts'
import { type Controller, type EulerMarket, type EulerPosition, isController } from './state.ts'

/** The largest collateral that is screened, in shares, and the largest debt at its last change, in units of the asset. */
const AMOUNT_MAX = 2n ** 96n
/** What an accumulator up to here makes of such a debt fits into a uint112. */
const GROWTH_BITS = 14n
/** With LTVs, and a sum over all collaterals that the EVC takes, less than 256 bits. */
const VALUE_MAX = 2n ** 224n
/** With the bits of DEBT_AMOUNT_MIN a float64. */
const NUMBER_MAX = 2n ** 970n

const DEBT = 'debt'
const DEBT_SHIFT = 64n
const DEBT_AMOUNT_MIN = 2n ** 50n

const debtAmountDown = ({ owed, interestAccumulator }: EulerPosition): bigint =>
  ((owed << DEBT_SHIFT) * RAY) / interestAccumulator

/** The line of an asset or a collateral; refuses where amounts up to the largest could not be quoted. */
const lineUpTo = (amountMax: bigint, controller: Controller, base: Address, env: Env): Line => {
  const route = routeOf(controller, base)
  requireThat(quoteDown(route, amountMax, 'mid', env) <= VALUE_MAX, 'too large to be screened')
  return lineOf(route, env)
}

const collateralLine = (controller: Controller, collateral: Address, env: Env): Line => {
  const ltv = ltvAt(controller.collaterals[collateral]?.ltv, 'liquidation', env.timestamp)
  if (ltv === 0n) return { ...IDENTITY, numerator: 0n }
  return chained(lineUpTo(AMOUNT_MAX, controller, collateral, env), cutLine(ltv, BPS))
}

const debtLine = (controller: Controller, env: Env): Line => {
  const { identity, status } = controller
  const { asset, unitOfAccount } = identity
  requireThat(status.interestAccumulator <= RAY << GROWTH_BITS, 'too large to be screened')
  const owed = cutLine(status.interestAccumulator, RAY << (DEBT_SHIFT + DEBT_PRECISION_SHIFT))
  if (asset === unitOfAccount) return owed
  return chained(owed, lineUpTo(AMOUNT_MAX << GROWTH_BITS, controller, asset, env))
}

const factorIn = (market: EulerMarket, name: string, env: Env): ScreenFactor | undefined => {
  if (market.fault || !isController(market) || market.identity.oracle === zeroAddress) return undefined
  const controller = accrue(market, env.timestamp)
  const isDebt = name === DEBT
  const line = isDebt ? debtLine(controller, env) : collateralLine(controller, name as Address, env)
  const { numerator, denominator, slack, priceKey = null } = line
  if (numerator > NUMBER_MAX || denominator > NUMBER_MAX) return undefined
  return screenFactor({
    numerator: numerator * (isDebt ? DEBT_AMOUNT_MIN + 1n : DEBT_AMOUNT_MIN),
    lowNumerator: numerator * DEBT_AMOUNT_MIN,
    denominator: denominator * DEBT_AMOUNT_MIN,
    slack,
    priceKey,
  })
}

const isOdd = ({ fault, owed, interestAccumulator }: EulerPosition): boolean =>
  fault !== undefined || owed > AMOUNT_MAX << DEBT_PRECISION_SHIFT || (owed > 0n && interestAccumulator < RAY)

/** A loan by its shares of each collateral, and its debt as of an accumulator of one. */
export const screen: Screening<EulerMarket, EulerPosition> = {
  row: (_market, position) => {
    if (isOdd(position)) return 'always-exact'
    const collateral = position.collaterals.flatMap((one) => {
      const amount = position.balances[one] ?? 0n
      return amount === 0n ? [] : [{ factor: one, amount }]
    })
    const debt = position.owed === 0n ? [] : [{ factor: DEBT, amount: debtAmountDown(position) }]
    const isEmpty = collateral.length + debt.length === 0
    const isLarge = collateral.some(({ amount }) => amount > AMOUNT_MAX)
    const isCoarse = debt.some(({ amount }) => amount < DEBT_AMOUNT_MIN)
    return isEmpty || isLarge || isCoarse ? 'always-exact' : { collateral, debt }
  },
  factor: (market, name, env) => {
    const known = unlessRefused(() => factorIn(market, name, env))
    return known && 'kind' in known ? undefined : known
  },
}
