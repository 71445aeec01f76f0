// By how much everything that a loan is secured with has to fall for it to become liquidatable.
import type { Health } from '../model/assessment.ts'
import { PPM } from '../units/brands.ts'
import { askedPrices } from './asked-prices.ts'
import { firstFlip, type Path } from './first-flip.ts'
import { areDirect, type Group, type Groups } from './groups.ts'
import { type Loan, withPrices } from './loan.ts'
import { shockedPrices } from './shocked-prices.ts'

/**
 * The fall in US dollars, in ppm and negative, at which a loan becomes liquidatable: at one ppm less it is safe, and it was at every
 * smaller fall. 0 where it is liquidatable already. `nonMonotone`: rounding makes it safe again at some deeper fall.
 * `unproven`: the search was too long to say that no smaller fall does it.
 */
export type Shock = { readonly changePpm: bigint; readonly nonMonotone?: true; readonly unproven?: true }

/** The fall of one group alone; null where none does it. */
export type GroupShock = {
  readonly group: string
  readonly symbols: readonly string[]
  readonly isStable: boolean
  readonly shock: Shock | null
}

/** Everything is not lost: a price of 0 is none. */
const FALL_PPM_MAX = PPM - 1n

const pathOf = (loan: Loan, health: Health, fallen: ReadonlySet<Group>, groups: Groups): Path => {
  const { feeds, groupOf } = groups
  const asked = [...askedPrices(loan)].flatMap((key) => {
    const reading = loan.env.prices(key)
    return reading?.kind === 'price' ? [{ key, price: reading.price }] : []
  })
  const pricesAt = (step: bigint) =>
    shockedPrices(feeds, (asset) => {
      const group = groupOf(asset)
      return group && fallen.has(group) ? -step : undefined
    })
  // In a quote that falls, a price rises: then prices do not keep their proportions.
  const halved = pricesAt(PPM / 2n)
  const moved = asked.flatMap(({ key, price }) => {
    const next = halved(key, price)
    return next === undefined || next === price ? [] : [{ key, price, rises: next > price }]
  })
  const isProportional = moved.every(({ rises }) => !rises)
  const keys = new Set(moved.map(({ key }) => key))
  return {
    isDirect: areDirect([...health.collateral, ...health.debt], keys, groups),
    steps: FALL_PPM_MAX,
    at: (step) => withPrices(loan, pricesAt(step)),
    coarsestPrice: (step) =>
      isProportional
        ? moved.map(({ price }) => (price * (PPM - step)) / PPM).reduce((a, b) => (a < b ? a : b), PPM * PPM)
        : undefined,
  }
}

const shockOf = (loan: Loan, health: Health, fallen: ReadonlySet<Group>, groups: Groups): Shock | null => {
  const flip = fallen.size > 0 ? firstFlip(pathOf(loan, health, fallen, groups)) : null
  return (
    flip && {
      changePpm: -flip.step,
      ...(flip.safeAgain.length > 0 ? { nonMonotone: true as const } : {}),
      ...(flip.isProven ? {} : { unproven: true as const }),
    }
  )
}

/** Groups of what secures a loan, by the feeds of its prices. */
const groupsBehind = (health: Health, { feeds, groupOf }: Groups): readonly Group[] => {
  const legs = health.collateral.filter(({ amount }) => amount > 0n)
  const groups = legs.flatMap(({ priceKey }) =>
    (feeds.get(priceKey) ?? []).flatMap(({ asset }) => groupOf(asset) ?? []),
  )
  return [...new Set(groups)]
}

/**
 * The common fall of all volatile groups that secure a loan, and the fall of each of its groups alone, stable ones too. Assets of a
 * group fall alike in US dollars, as collateral and as debt; prices in an asset that falls along do not change. Null where no
 * fall does it.
 */
export const shocksOf = (
  loan: Loan,
  health: Health,
  groups: Groups,
): { readonly shock: Shock | null; readonly shocks: readonly GroupShock[] } => {
  const behind = groupsBehind(health, groups)
  const volatile = behind.filter(({ isStable }) => !isStable)
  const shocks = behind.map((group) => ({
    group: group.name,
    symbols: group.members.map(({ symbol }) => symbol),
    isStable: group.isStable,
    shock: shockOf(loan, health, new Set([group]), groups),
  }))
  const [only] = shocks.filter(({ isStable }) => !isStable)
  const shock = volatile.length === 1 && only ? only.shock : shockOf(loan, health, new Set(volatile), groups)
  return { shock, shocks }
}
