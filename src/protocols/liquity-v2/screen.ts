// How troves are screened: health is ⌊⌊collateral · price / debt⌋ · 1e18 / MCR⌋, with what accrued up to the block's time.
//
// Redistributions give ⌊stake · (L − L at the snapshot) / 1e18⌋ on both sides: `stake` times a factor L / 1e18, and the
// snapshot's part taken off the trove's own amount. Interest of a trove is ⌊⌊debt · rate · seconds / year⌋ / 1e18⌋: debt · rate
// times the years since an epoch, and those up to its last update taken off its own debt. Its cuts, and those of the amounts
// that are taken off, are less than a wei each; so a term of its own has two wei of slack, any other one.
// In a batch it is shares times the batch's entire debt for each: three parts, each cut by less than a wei, of slack three.
// The inner quotient loses less than 1e-18 of the debt, and that is no more than the branch's: slack of the collateral too.
// Collateral counts as price / MCR, debt as one; where there is none, the slack contains it. Interest stops with a shutdown:
// there is no factor from then on.
import { type Address, getAddress } from 'viem'
import { WAD } from '../../units/brands.ts'
import type { Env, Screening } from '../adapter.ts'
import { requireThat, unlessRefused } from '../refusing.ts'
import { type ScreenFactor, type ScreenRow, type ScreenTerm, screenFactor } from '../screening.ts'
import { branchDebt, latestBatch, type ReadBranch, readBranch } from './accrual.ts'
import { branchMarket } from './assess.ts'
import { ONE_YEAR } from './constants.ts'
import { priceIn } from './pricing.ts'
import { type LiquityMarket, priceKeyOf, type TrovePosition } from './state.ts'

/** Below these no product outgrows 256 bits, the ratio of a single wei of debt in wads among them: wei, wads. */
const AMOUNT_MAX = 2n ** 90n
const RATE_MAX = 2n ** 64n
const PRICE_MAX = 2n ** 80n
const COLLATERAL_GAIN_MAX = 2n ** 70n
const DEBT_GAIN_MAX = 2n ** 100n
const BATCH_DEBT_MAX = 2n ** 140n

/** From when on interest counts, s: any time before the first trove does. */
const EPOCH = 1_700_000_000n

const COLLATERAL = 'collateral'
const COLLATERAL_GAIN = 'collateral-gain'
const DEBT = 'debt'
const DEBT_GAIN = 'debt-gain'
/** Of debt × rate. A batch goes by its manager's address. */
const INTEREST = 'interest'

const plain = (numerator: bigint, denominator: bigint, slack: number): ScreenFactor =>
  screenFactor({ numerator, denominator, slack, priceKey: null })

const limited = (isWithin: boolean): void => requireThat(isWithin, 'outside of what is screened')

const batchFactor = (branch: ReadBranch, manager: Address, timestamp: number): ScreenFactor => {
  const { entireDebt, totalDebtShares } = latestBatch(branch, manager, timestamp)
  limited(entireDebt <= BATCH_DEBT_MAX)
  return totalDebtShares === 0n ? plain(0n, 1n, 0) : plain(entireDebt, totalDebtShares, 3)
}

const collateralFactor = (branch: ReadBranch, name: string, env: Env): ScreenFactor => {
  const { L_coll } = branch.redistribution
  const { contracts, parameters } = branch.setup
  const price = priceIn(env, branch)
  limited(price <= PRICE_MAX && L_coll <= COLLATERAL_GAIN_MAX)
  const perWei = name === COLLATERAL ? price * WAD : price * L_coll
  return screenFactor({
    numerator: perWei,
    denominator: parameters.MCR * WAD,
    slack: Number(price + branchDebt(branch, env.timestamp)) / Number(parameters.MCR),
    priceKey: priceKeyOf(contracts.priceFeed),
  })
}

const factorIn = (market: LiquityMarket, name: string, env: Env): ScreenFactor => {
  const branch = readBranch(branchMarket(market))
  requireThat(branch.pools.shutdownTime === 0, 'shut down')
  const { L_boldDebt } = branch.redistribution
  limited(L_boldDebt <= DEBT_GAIN_MAX)
  switch (name) {
    case COLLATERAL:
    case COLLATERAL_GAIN:
      return collateralFactor(branch, name, env)
    case DEBT:
      return plain(1n, 1n, 2)
    case DEBT_GAIN:
      return plain(L_boldDebt, WAD, 1)
    case INTEREST:
      limited(BigInt(env.timestamp) >= EPOCH)
      return plain(BigInt(env.timestamp) - EPOCH, ONE_YEAR * WAD, 1)
    default:
      return batchFactor(branch, getAddress(name), env.timestamp)
  }
}

const isOdd = (trove: TrovePosition): boolean =>
  trove.fault !== undefined ||
  [trove.coll, trove.debt, trove.stake, trove.batchDebtShares].some((amount) => amount > AMOUNT_MAX) ||
  trove.snapshot.coll > COLLATERAL_GAIN_MAX ||
  trove.snapshot.boldDebt > DEBT_GAIN_MAX ||
  trove.annualInterestRate > RATE_MAX

/** Debt without redistributions: the trove's own with its interest, or its part of a batch; `given` was there at the snapshot. */
const debtTerms = (
  { debt, annualInterestRate, lastDebtUpdateTime, batchManager, batchDebtShares }: TrovePosition,
  given: bigint,
): readonly ScreenTerm[] => {
  if (batchManager)
    return [
      { factor: batchManager, amount: batchDebtShares },
      { factor: DEBT, amount: -given },
    ]
  const weighted = debt * annualInterestRate
  const before = (weighted * (BigInt(lastDebtUpdateTime) - EPOCH)) / (ONE_YEAR * WAD)
  return [
    { factor: DEBT, amount: debt - before - given },
    { factor: INTEREST, amount: weighted },
  ]
}

/** A trove by what it has and owes of its own, and by its stake in what is redistributed. */
const rowOf = (trove: TrovePosition): ScreenRow => {
  const { coll, stake, snapshot } = trove
  return {
    collateral: [
      { factor: COLLATERAL, amount: coll - (stake * snapshot.coll) / WAD },
      { factor: COLLATERAL_GAIN, amount: stake },
    ],
    debt: [...debtTerms(trove, (stake * snapshot.boldDebt) / WAD), { factor: DEBT_GAIN, amount: stake }],
  }
}

export const screen: Screening<LiquityMarket, TrovePosition> = {
  row: (_market, trove) => (isOdd(trove) ? 'always-exact' : rowOf(trove)),
  factor: (market, name, env) => {
    const known = unlessRefused(() => factorIn(market, name, env))
    return 'kind' in known ? undefined : known
  },
}
