// Figures of published work, reproduced by the adapters' own maths. The table of ours and theirs is in README.md, "Papers".
import { describe, expect, test } from 'vitest'
import { aaveLoan, compoundLoan, morphoLoan } from '../../test/support/plain-loans.ts'
import { WAD } from '../units/brands.ts'
import { partOf } from './liquidation-offer.ts'
import { type LiquidationOption, liquidationsOf, offersOf } from './liquidation-options.ts'
import { assessLoan, behind, type Loan, withPrices } from './loan.ts'
import { aftermathOf } from './toxicity.ts'

const E18 = 10n ** 18n
const DOLLAR = 10n ** 8n

const healthOf = (loan: Loan): number => {
  const health = assessLoan(loan)
  if (health.kind === 'unassessable') throw new Error(health.detail)
  return Number(health.healthFactor) / 1e18
}

const bestOf = (loan: Loan): LiquidationOption => {
  const [best] = liquidationsOf(loan, offersOf(loan)).options
  if (!best) throw new Error('nothing to liquidate')
  return best
}

/** The two steps for the pair of the first debt and the first collateral. */
const twoStepsOf = (loan: Loan) => {
  const offers = offersOf(loan)
  const [whole] = offers
  const { twoStep: steps } = liquidationsOf(loan, offers)
  if (!whole || !steps) throw new Error('one step is best')
  return { whole, steps }
}

const inWhole = (amount: bigint): number => Number(amount) / 1e18

// Qin, Zhou, Gamito, Jovanovic, Gervais: An Empirical Study of DeFi Liquidations, IMC 2021, arXiv 2106.06389.
describe('Qin et al. 2021', () => {
  const half = { closeFactor: WAD / 2n }

  test('the example: 3 ETH at 3300 USD against 8400 USDC; half earns 420, two steps 620', () => {
    const loan = compoundLoan({ ...half, factor: (8n * WAD) / 10n, spread: WAD / 10n }, [
      { supplied: 3n * E18, owed: 0n, price: 3_300n * E18 },
      { supplied: 0n, owed: 8_400n * E18, price: E18 },
    ])
    expect(healthOf(loan)).toBeCloseTo(0.94, 2)
    const { whole, steps } = twoStepsOf(loan)
    expect(inWhole(whole.outcome.repaid.amount)).toBe(4_200)
    // The comptroller cuts what is seized per unit repaid, here to a part in 30 000.
    expect(inWhole(whole.incentive)).toBeCloseTo(420, 0)
    expect(inWhole(steps.first.repaid.amount)).toBeCloseTo(4_000, 0)
    expect(inWhole(steps.second.repaid.amount)).toBeCloseTo(2_200, 0)
    expect(inWhole(steps.incentive)).toBeCloseTo(620, 0)
  })

  /** Position 0x909b…af6f on Compound, 2020-11-26, as the paper rounds it. */
  const caseAt = (dai: bigint): Loan =>
    compoundLoan({ ...half, factor: (75n * WAD) / 100n, spread: (8n * WAD) / 100n }, [
      { supplied: 108_510_000n * E18, owed: 93_220_000n * E18, price: dai },
      { supplied: 17_880_000n * E18, owed: 506_640n * E18, price: E18 },
    ])
  const DAI_BEFORE = (108n * E18) / 100n
  const DAI_AFTER = (1_095_299n * E18) / 1_000_000n

  test('the case: what is supplied, may be borrowed and is owed, in millions of USD', () => {
    const sumsAt = (dai: bigint): readonly number[] => {
      const health = assessLoan(caseAt(dai))
      if (health.kind === 'unassessable') throw new Error(health.detail)
      const { collateralValue, liquidationValue, debtValue } = health
      return [collateralValue, liquidationValue ?? 0n, debtValue].map((value) => inWhole(value) / 1e6)
    }
    for (const [at, theirs] of [
      [DAI_BEFORE, [135.07, 101.3, 101.18]],
      [DAI_AFTER, [136.73, 102.55, 102.61]],
    ] as const)
      for (const [index, ours] of sumsAt(at).entries()) expect(ours).toBeCloseTo(theirs[index] ?? 0, 1)
    expect(offersOf(caseAt(DAI_BEFORE))).toEqual([])
  })

  test('the case: the original liquidation, that up to the close factor, and the optimal two', () => {
    const loan = caseAt(DAI_AFTER)
    const { whole, steps } = twoStepsOf(loan)
    const inDai = (usd: bigint): number => inWhole(usd) / 1.095299 / 1e6
    const original = partOf(loan, whole, 46_140_000n * E18)
    expect(inDai(original?.incentive ?? 0n)).toBeCloseTo(3.69, 2)
    expect(inWhole(whole.outcome.repaid.amount) / 1e6).toBeCloseTo(46.61, 2)
    expect(inDai(whole.incentive)).toBeCloseTo(3.73, 2)
    // The paper's balances are rounded to 10 000 DAI, a sixtieth of which the first repayment follows 3.5-fold.
    const first = inWhole(steps.first.repaid.amount)
    expect(Math.abs(first / 296_610 - 1)).toBeLessThan(0.01)
    expect(inWhole(steps.second.repaid.amount) / 1e6).toBeCloseTo(46.46, 2)
    expect(inDai(steps.incentive)).toBeCloseTo(3.74, 2)
    // repay1 · (1 − CF) / (CF · D): the paper's relative gain.
    expect(Number(steps.gain) / Number(whole.incentive)).toBeCloseTo(first / 93_220_000, 5)
  })

  test('no first repayment earns more, and one unit more leaves the loan healthy', () => {
    const loan = caseAt(DAI_AFTER)
    const { whole, steps } = twoStepsOf(loan)
    const max = whole.outcome.repaid.amount
    const totalOf = (repay: bigint): bigint => {
      const first = partOf(loan, whole, repay)
      const left = first && behind(loan, first.outcome.after)
      const second =
        left &&
        offersOf(left).find(({ request }) => request.collateralAsset === whole.request.collateralAsset)
      return (first?.incentive ?? 0n) + (second?.incentive ?? 0n)
    }
    for (let part = 1n; part <= 100n; part++)
      expect(totalOf((max * part) / 100n) <= steps.incentive).toBe(true)
    const more = partOf(loan, whole, steps.first.repaid.amount + 1n)
    const left = more && behind(loan, more.outcome.after)
    expect(left && assessLoan(left)).toMatchObject({ isLiquidatable: false })
  })
})

const DROP_PLACES = 4

/** By how much all prices but the debt's fall, in parts of 1, until liquidating is toxic: by halving. */
const toxicDrop = (loan: Loan, key: string): number => {
  const PARTS = 10n ** 9n
  const isToxicAt = (left: bigint): boolean => {
    const fallen = withPrices(loan, (one, price) => (one === key ? (price * left) / PARTS : undefined))
    const [best] = offersOf(fallen)
    return best !== undefined && aftermathOf(fallen, assessLoan(fallen), best).isToxic
  }
  let [toxic, safe] = [PARTS / 2n, PARTS]
  while (safe - toxic > 1n) {
    const middle = (toxic + safe) / 2n
    if (isToxicAt(middle)) toxic = middle
    else safe = middle
  }
  return 1 - Number(toxic) / Number(PARTS)
}

const collateralKey = (loan: Loan): string => {
  const health = assessLoan(loan)
  return (health.kind === 'assessed' && health.collateral.find(({ amount }) => amount > 0n)?.priceKey) || ''
}

// Warmuz, Chaudhary, Pinna: Toxic Liquidation Spirals, 2022, arXiv 2212.07306. A loan of a million at a health factor of 1.
describe('Warmuz et al. 2022', () => {
  const MILLION = 1_000_000n
  const aave = (revision: string, threshold: bigint, bonus: bigint): Loan =>
    aaveLoan(
      revision,
      { threshold, bonus },
      { amount: (MILLION * 10_000n * E18) / threshold / 1_000n, decimals: 18, price: 1_000n * DOLLAR },
      { amount: MILLION * 10n ** 6n, decimals: 6, price: DOLLAR },
    )
  const morpho = (lltv: bigint): Loan =>
    morphoLoan(lltv, (MILLION * WAD * E18) / lltv / 1_000n, MILLION * 10n ** 6n, 1_000n * 10n ** 24n)
  const compound = compoundLoan(
    { factor: (75n * WAD) / 100n, spread: (8n * WAD) / 100n, closeFactor: WAD / 2n },
    [
      { supplied: (MILLION * E18 * 4n) / 3n / 1_000n, owed: 0n, price: 1_000n * E18 },
      { supplied: 0n, owed: MILLION * E18, price: E18 },
    ],
  )

  test.each([
    ['USDC on Aave v2, November 2022', aave('3.0', 8_900n, 450n), 0.93005, 0.956938, 0.06995],
    ['WETH on Aave v3', aave('3.0', 8_300n, 500n), 0.8715, 0.952381, 0.1285],
    ['WETH on Aave v3.7, which writes bad debt off', aave('3.7', 8_300n, 500n), 0.8715, 0.952381, 0.1285],
    ['WBTC on Aave v3', aave('3.0', 7_800n, 500n), 0.819, 0.952381, 0.181],
    ['wstETH on Aave v3', aave('3.0', 8_100n, 600n), 0.8586, 0.943396, 0.1414],
    ['ETH e-mode', aave('3.0', 9_500n, 100n), 0.9595, 0.990099, 0.0405],
    ['Morpho 91.5 %', morpho((915n * WAD) / 1_000n), 0.938943, 0.9745, 0.061057],
    ['Morpho 86 %', morpho((86n * WAD) / 100n), 0.897704, 0.958, 0.102296],
    ['Morpho 94.5 %', morpho((945n * WAD) / 1_000n), 0.960854, 0.9835, 0.039146],
    ['Compound v2', compound, 0.81, 0.925926, 0.19],
  ])('%s', (_name, loan, toxicHealthFactor, frontierLtv, drop) => {
    const key = collateralKey(loan)
    expect(healthOf(loan)).toBeCloseTo(1, 5)
    expect(toxicDrop(loan, key)).toBeCloseTo(drop, DROP_PLACES)
    const option = bestOf(
      withPrices(loan, (one, price) => (one === key ? (price * 999n) / 1_000n : undefined)),
    )
    expect(option.isToxic).toBe(false)
    expect(Number(option.toxicHealthFactor) / 1e18).toBeCloseTo(toxicHealthFactor, DROP_PLACES)
    expect(Number(option.frontierLtv) / 1e18).toBeCloseTo(frontierLtv, DROP_PLACES)
  })

  test('CRV, November 2022: 92 million owed, collateral for 89.6 million, 2.4 million left that nobody repays', () => {
    const CRV = 69_000_000n
    const [owed, paid] = [92_000_000n * E18, 89_600_000n * E18]
    const loan = aaveLoan(
      '3.0',
      { threshold: 8_900n, bonus: 450n },
      { amount: (paid * CRV * 10_450n) / (10_000n * E18 * 100n), decimals: 6, price: DOLLAR },
      { amount: owed, decimals: 18, price: CRV },
    )
    const { repay, badDebtAfter, isToxic, healthAfter } = bestOf(loan)
    expect(Number(repay) / 1e24).toBeCloseTo(89.6, 5)
    expect([isToxic, healthAfter]).toEqual([true, 0n])
    // 1.6 million realised and 1.65 modelled by Gatto, 1.78 by Warmuz et al., for 2.39 million CRV at prices from 0.67 to 0.745.
    expect(Number(badDebtAfter) / 1e14).toBeCloseTo((92 - 89.6) * 0.69, 2)
  })
})

// Gatto 2026: D* = max(1 − 1 / HF, 1 − (1 + bonus) · threshold / HF), the fall from a health factor to a toxic liquidation.
test('Gatto 2026: an e-mode loan at 1.03627 is liquidatable after 3.5 % and toxic after 7.42 %', () => {
  const HEALTH = 1.0362694300518136
  const loan = aaveLoan(
    '3.0',
    { threshold: 9_500n, bonus: 100n },
    { amount: 10n ** 22n, decimals: 18, price: 1_000n * DOLLAR },
    { amount: BigInt(Math.round((9_500_000 / HEALTH) * 1e6)), decimals: 6, price: DOLLAR },
  )
  const key = collateralKey(loan)
  expect(healthOf(loan)).toBeCloseTo(HEALTH, 8)
  expect(toxicDrop(loan, key)).toBeCloseTo(0.0742, 3)
  const at = (ppm: bigint) =>
    withPrices(loan, (one, price) => (one === key ? (price * ppm) / 1_000_000n : undefined))
  expect([offersOf(at(965_100n)).length, offersOf(at(964_900n)).length]).toEqual([0, 1])
})
