// How troves are screened: health is ⌊⌊collateral · price / debt⌋ · 1e18 / MCR⌋, redistributions included.
//
// What redistributions give is ⌊stake · (L − L at the snapshot) / 1e18⌋ on both sides: `stake` times a factor L / 1e18, and the
// snapshot's part taken off the trove's own amount, cut. Each of the two cuts less than a wei: a wei of slack a term.
// The inner quotient loses less than 1e-18 of the debt, and that is no more than the system's: slack of the collateral too.
// Collateral counts as price / MCR, debt as one. In recovery mode the ratio is not what decides: there is
// no factor then. L never falls, and a trove that a reorg takes back is read again, so that no subtraction reverts.
import { WAD } from '../../units/brands.ts'
import type { Env, Screening } from '../adapter.ts'
import { requireThat, unlessRefused } from '../refusing.ts'
import { type ScreenFactor, type ScreenTerm, screenFactor } from '../screening.ts'
import { priceIn } from './amounts.ts'
import { ACTIVE, type LiquityMarket, PRICE_KEY, readMarket, type Trove } from './state.ts'
import { entireSystem, isRecoveryMode } from './system.ts'

/** With a whole unit of debt at least, no product of SafeMath's outgrows 256 bits below these: wei, wads. */
const AMOUNT_MAX = 2n ** 110n
const DEBT_MIN = WAD
const PRICE_MAX = 2n ** 80n
const REWARD_MAX = 2n ** 100n

const COLLATERAL = 'collateral'
const COLLATERAL_REWARD = 'collateral-reward'
const DEBT = 'debt'
const DEBT_REWARD = 'debt-reward'

/** An amount without what its stake had been given at the snapshot; and the stake, where it has one. */
const sideOf = (
  [own, reward]: readonly [string, string],
  amount: bigint,
  stake: bigint,
  snapshot: bigint,
): readonly ScreenTerm[] => [
  { factor: own, amount: amount - (stake * snapshot) / WAD },
  { factor: reward, amount: stake },
]

const factorIn = (market: LiquityMarket, name: string, env: Env): ScreenFactor => {
  const read = readMarket(market)
  const price = priceIn(env)
  const { system, parameters } = read
  const { coll, debt } = system.rewards
  requireThat(!isRecoveryMode(read, price), 'in recovery mode')
  const isWithin = price <= PRICE_MAX && coll <= REWARD_MAX && debt <= REWARD_MAX
  requireThat(isWithin, 'too large to be screened')
  if (name === DEBT) return screenFactor({ numerator: 1n, denominator: 1n, slack: 1, priceKey: null })
  if (name === DEBT_REWARD)
    return screenFactor({ numerator: debt, denominator: WAD, slack: 1, priceKey: null })
  return screenFactor({
    numerator: name === COLLATERAL ? price : price * coll,
    denominator: name === COLLATERAL ? parameters.mcr : parameters.mcr * WAD,
    slack: Number(price + entireSystem(system).debt) / Number(parameters.mcr),
    priceKey: PRICE_KEY,
  })
}

const isOdd = ({ fault, status, coll, debt, stake, snapshot }: Trove): boolean =>
  fault !== undefined ||
  status !== ACTIVE ||
  debt < DEBT_MIN ||
  [coll, debt, stake].some((amount) => amount > AMOUNT_MAX) ||
  [snapshot.coll, snapshot.debt].some((reward) => reward > REWARD_MAX)

/** A trove by what it has and owes of its own, and by its stake in what is redistributed. */
export const screen: Screening<LiquityMarket, Trove> = {
  row: (_market, trove) => {
    if (isOdd(trove)) return 'always-exact'
    const { coll, debt, stake, snapshot } = trove
    return {
      collateral: sideOf([COLLATERAL, COLLATERAL_REWARD], coll, stake, snapshot.coll),
      debt: sideOf([DEBT, DEBT_REWARD], debt, stake, snapshot.debt),
    }
  },
  factor: (market, name, env) => {
    const known = unlessRefused(() => factorIn(market, name, env))
    return 'kind' in known ? undefined : known
  },
}
