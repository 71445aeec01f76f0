// A lending protocol of a few lines, for tests of what is asked of any loan: one collateral, one debt, both growing as they are told.
import { zeroHash } from 'viem'
import type { Assessment, Health } from '../../src/model/assessment.ts'
import type { Action } from '../../src/model/liquidation.ts'
import type { Adapter, Env } from '../../src/protocols/adapter.ts'
import type { Loan } from '../../src/risk/loan.ts'
import { UINT256_MAX, WAD } from '../../src/units/brands.ts'

export const COLLATERAL = '0x0000000000000000000000000000000000000001'
export const DEBT = '0x0000000000000000000000000000000000000002'
const START = 1_000_000

/** Amounts in units that are worth 1 of the quote for the debt, `price` for the collateral. Growth is what an amount becomes after some seconds. */
export type SimpleTerms = {
  readonly collateral: bigint
  readonly debt: bigint
  readonly price: bigint
  readonly threshold: bigint
  readonly maxLtv: bigint
  readonly bonus: bigint
  readonly collateralGrowth: (amount: bigint, seconds: number) => bigint
  readonly debtGrowth: (amount: bigint, seconds: number) => bigint
  readonly supplyMax: bigint
  readonly debtMin: bigint
  readonly repayMin: bigint
  /** After so many seconds the contract cannot accrue any more. */
  readonly overflowsAfter: number
  /** Interest counts only once anybody has triggered it, which the contract refuses after so many seconds; left out, it accrues by itself. */
  readonly triggersUntil?: number
}

const PLAIN: SimpleTerms = {
  collateral: 10_000n,
  debt: 10_000_000n,
  price: 2_000n,
  threshold: (8n * WAD) / 10n,
  maxLtv: (3n * WAD) / 4n,
  bonus: WAD / 20n,
  collateralGrowth: (amount) => amount,
  debtGrowth: (amount) => amount,
  supplyMax: UINT256_MAX,
  debtMin: 0n,
  repayMin: 0n,
  overflowsAfter: Number.POSITIVE_INFINITY,
}

type State = { readonly collateral: bigint; readonly debt: bigint }

const blocked = (revert: string) => ({ kind: 'blocked', revert }) as const

const valuesOf = (terms: SimpleTerms, { collateral, debt }: State, env: Env) => {
  const seconds = env.timestamp - START
  const reading = env.prices(COLLATERAL)
  const price = reading?.kind === 'price' ? reading.price : 0n
  const [held, owed] = [terms.collateralGrowth(collateral, seconds), terms.debtGrowth(debt, seconds)]
  return { held, owed, price, worth: held * price }
}

/** What counts until anybody triggers interest, and what would then. */
const assessTriggered = (terms: SimpleTerms, state: State, env: Env, until: number): Assessment => {
  const { triggersUntil: _until, ...accruing } = terms
  const stored = assessIn(accruing, state, { ...env, timestamp: START })
  if (env.timestamp - START > until) return stored
  const { healthFactor, isLiquidatable, debtValue } = assessIn(accruing, state, env) as Health
  return { ...stored, refreshed: { healthFactor, isLiquidatable, debtValue } } as Health
}

const assessIn = (terms: SimpleTerms, state: State, env: Env): Assessment => {
  if (terms.triggersUntil !== undefined) return assessTriggered(terms, state, env, terms.triggersUntil)
  if (env.timestamp - START > terms.overflowsAfter)
    return { kind: 'unassessable', reason: 'maths-reverts', detail: 'overflow' } as Assessment
  const { held, owed, price, worth } = valuesOf(terms, state, env)
  const liquidationValue = (worth * terms.threshold) / WAD
  const healthFactor = owed === 0n ? UINT256_MAX : (liquidationValue * WAD) / owed
  const leg = { symbol: 'C', decimals: 0, asset: COLLATERAL, priceKey: COLLATERAL, amount: held, price }
  const owing = {
    symbol: 'D',
    decimals: 0,
    asset: DEBT,
    priceKey: DEBT,
    amount: owed,
    price: 1n,
    value: owed,
  }
  return {
    kind: 'assessed',
    collateral: [{ ...leg, value: worth, maxLtv: terms.maxLtv, liquidationThreshold: terms.threshold }],
    debt: owed === 0n ? [] : [owing],
    collateralValue: worth,
    liquidationValue,
    debtValue: owed,
    healthFactor,
    isLiquidatable: healthFactor < WAD,
  } as unknown as Health
}

const actOn = (terms: SimpleTerms, { collateral, debt }: State, { kind, amount }: Action) => {
  const part = amount === UINT256_MAX ? debt : amount
  const next = {
    collateral: collateral + (kind === 'supply' ? amount : kind === 'withdraw' ? -amount : 0n),
    debt: debt - (kind === 'repay' ? part : 0n),
  }
  if (kind === 'repay' && part < terms.repayMin) return blocked('too small')
  if (next.debt > 0n && next.debt < terms.debtMin) return blocked('dust')
  if (next.collateral > terms.supplyMax) return blocked('cap')
  if (next.debt < 0n || next.collateral < 0n) return blocked('underflow')
  return { kind: 'acted', after: { market: { id: { market: 'm' } }, position: next } } as const
}

/** All of the debt for its worth in collateral and the bonus; a tenth of the bonus is the protocol's. */
const liquidateIn = (terms: SimpleTerms, state: State, env: Env) => {
  const { held, owed, price } = valuesOf(terms, state, env)
  const part = (value: bigint) => ({ amount: value / price, value })
  const bonus = (owed * terms.bonus) / WAD
  const gone = (owed + bonus + price - 1n) / price
  return {
    kind: 'liquidated',
    repaid: part(owed),
    seized: [part(gone * price - bonus / 10n)],
    protocolFee: [part(bonus / 10n)],
    badDebt: [],
    after: {
      market: { id: { market: 'm' } },
      position: { collateral: held > gone ? held - gone : 0n, debt: 0n },
    },
  }
}

/** A loan of these terms; what is left out is plain: no interest, no limits, health 1.6. */
export const simpleLoan = (some: Partial<SimpleTerms> = {}): Loan => {
  const terms = { ...PLAIN, ...some }
  const { collateral, debt } = terms
  const adapter = {
    assess: (_market: unknown, state: State, env: Env) => assessIn(terms, state, env),
    act: (_market: unknown, state: State, _env: Env, action: Action) => actOn(terms, state, action),
    terms: () => [{ request: {}, payer: 'liquidator' }],
    liquidate: (_market: unknown, state: State, env: Env) => liquidateIn(terms, state, env),
  }
  return {
    adapter: adapter as unknown as Adapter,
    market: { id: { market: 'm' } } as Loan['market'],
    position: { collateral, debt } as unknown as Loan['position'],
    env: {
      block: { chainId: 1, number: 1n, hash: zeroHash, timestamp: START },
      timestamp: START,
      prices: (key) => ({ kind: 'price', key, price: terms.price, scale: 1n, source: 'test' }),
      markets: () => undefined,
      debtInFront: () => null,
      quotes: () => null,
    },
  }
}
