// Accounts drawn from the figures: the same seed draws the same accounts, the first of them first.
import { createRandom, type Random } from '../../../test/devnet/random.ts'
import {
  COLLATERAL_ASSETS,
  type Counts,
  DEBT_ASSETS,
  DEBT_DOLLARS,
  HEALTH,
  LEG_COUNTS,
  type Range,
} from './figures.ts'

/** One leg: what part of its side it is, in value. */
type Share = { readonly symbol: string; readonly share: number }

/** An account before it has amounts. Debt in US dollars; health as liquidation thresholds count. */
export type Drawn = {
  readonly collaterals: readonly Share[]
  readonly debts: readonly Share[]
  readonly debtDollars: number
  readonly health: number
}

const SEED = 1

const draw = <T>(random: Random, counts: Counts<T>): T => {
  let rest = random.next() * counts.reduce((sum, { count }) => sum + count, 0)
  for (const { value, count } of counts) {
    rest -= count
    if (rest < 0) return value
  }
  throw new RangeError('nothing was counted')
}

const within = (random: Random, { from, to }: Range): number => random.magnitude(from, to)

/** Different assets, as many as there are at most, with random parts of the whole. */
const drawShares = (random: Random, assets: Counts<string>, count: number): readonly Share[] => {
  const chosen: { readonly symbol: string; readonly weight: number }[] = []
  while (chosen.length < Math.min(count, assets.length)) {
    const left = assets.filter(({ value }) => !chosen.some(({ symbol }) => symbol === value))
    chosen.push({ symbol: draw(random, left), weight: 0.05 + random.next() })
  }
  const total = chosen.reduce((sum, { weight }) => sum + weight, 0)
  return chosen.map(({ symbol, weight }) => ({ symbol, share: weight / total }))
}

/** Accounts without end. */
export function* drawAccounts(): Generator<Drawn, never> {
  const random = createRandom(SEED)
  for (;;) {
    const { collaterals, debts } = draw(random, LEG_COUNTS)
    yield {
      collaterals: drawShares(random, COLLATERAL_ASSETS, collaterals),
      debts: drawShares(random, DEBT_ASSETS, debts),
      debtDollars: within(random, draw(random, DEBT_DOLLARS)),
      health: within(random, draw(random, HEALTH)),
    }
  }
}
