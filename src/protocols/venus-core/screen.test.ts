// VAI in its two parts, and debts that can be liquidated at any health.
import fc from 'fast-check'
import { zeroAddress } from 'viem'
import { describe, expect, test } from 'vitest'
import { WAD } from '../../units/brands.ts'
import type { Env } from '../adapter.ts'
import { factor, row } from './screen.ts'
import { MARKET, type Vai, type VaiLoan, type VenusMarket, type VenusPosition, type VToken } from './state.ts'
import { accrueVai, vaiDebtDown } from './vai.ts'

const OWNER = '0x00000000000000000000000000000000000000AA'
const TOKEN = '0x0000000000000000000000000000000000000001'
const id = { chainId: 56, protocol: 'venus-core', deployment: 'core', market: MARKET }

const vToken: VToken = {
  ...{ address: TOKEN, symbol: 'vT', decimals: 18, isNative: false, namesBorrower: true },
  underlying: { asset: TOKEN, symbol: 'T', decimals: 18 },
  ...{ isListed: true, isBorrowAllowed: true, isForcedLiquidationEnabled: false, pausedActions: [] },
  ...{ collateralFactor: WAD / 2n, liquidationThreshold: (4n * WAD) / 5n, liquidationIncentive: WAD },
  ...{ supplyCap: 0n, borrowCap: 0n, protocolSeizeShare: 0n, interestRateModel: zeroAddress },
  ...{ rateModel: { kind: 'given', borrowRate: 0n }, borrowRateMax: WAD, reserveFactor: 0n },
  initialExchangeRate: WAD,
  totals: {
    ...{ cash: WAD, totalBorrows: WAD, totalReserves: 0n, totalSupply: 2n * WAD },
    ...{ borrowIndex: WAD, accruedAt: 1_000n },
  },
}

const vai: Vai = {
  ...{ controller: OWNER, token: OWNER, mintIndex: 2n * WAD, accruedAt: 1_000n, baseRate: WAD / 50n },
  ...{ floatRate: WAD / 2n, blocksPerYear: 10_512_000n, seizesForInterest: true, isPaused: false },
  ...{ pausedActions: [], isForcedLiquidationEnabled: false },
}

const market: VenusMarket = {
  ...{ id, label: 'Venus core', quote: { symbol: 'USD', decimals: 18 }, fidelity: 'exact', vai },
  ...{ revision: 'core-diamond', revisionRaw: zeroAddress, comptroller: zeroAddress, oracle: zeroAddress },
  ...{ blocksPerYear: 70_080_000n, closeFactor: WAD / 2n, isProtocolPaused: false },
  ...{ listed: [TOKEN], traits: {}, faults: {}, pools: {}, cTokens: { [TOKEN]: vToken } },
}

const NO_VAI: VaiLoan = { minted: 0n, pastInterest: 0n, interestIndex: 0n }

const position = (loan: VaiLoan, more: Partial<VenusPosition> = {}): VenusPosition => ({
  ...{ id: { ...id, account: OWNER }, owner: OWNER, asOf: 1_000n, entered: [TOKEN] },
  legs: { [TOKEN]: { tokens: WAD, borrow: { principal: WAD, interestIndex: WAD } } },
  ...{ poolId: '0', forced: [], isRestricted: false, vai: loan },
  ...more,
})

const env: Env = {
  block: { chainId: 56, number: 900_000n, hash: '0x', timestamp: 1 },
  timestamp: 1,
  prices: (key) => ({ kind: 'price', key, price: (9n * WAD) / 10n, scale: WAD, source: '' }),
  markets: () => undefined,
  debtInFront: () => null,
  quotes: () => null,
}

const amount = fc.bigInt({ min: 0n, max: 10n ** 24n })

test('VAI’s two parts are the debt, but for their slack', () => {
  fc.assert(
    fc.property(
      amount,
      amount,
      fc.bigInt({ min: WAD, max: 2n * WAD }),
      (earning, pastInterest, interestIndex) => {
        const loan = { minted: earning + pastInterest + 1n, pastInterest, interestIndex }
        const terms = row(market, position(loan))
        if (terms === 'always-exact') throw new Error('not screened')
        const parts = terms.debt.filter(({ factor: name }) => name.startsWith('vai'))
        const known = parts.map(({ factor: name, amount: of }) => ({ ...factor(market, name, env), of }))
        const sum = known.reduce((total, { of, high = 0 }) => total + Number(of) * high, 0)
        const owed = vaiDebtDown(
          accrueVai(vai, 900_000n, () => (9n * WAD) / 10n),
          loan,
        )
        expect(parts.length).toBe(2)
        expect(Math.abs(sum - Number(owed))).toBeLessThanOrEqual(2 + Number(loan.minted) * 1e-14)
      },
    ),
  )
})

describe('assessed exactly', () => {
  const loan = { minted: WAD, pastInterest: 0n, interestIndex: WAD }

  test('are debts that can be liquidated at any health', () => {
    const forced = { ...market, cTokens: { [TOKEN]: { ...vToken, isForcedLiquidationEnabled: true } } }
    expect(factor(market, `debt:${TOKEN}`, env)).toBeDefined()
    expect(factor(forced, `debt:${TOKEN}`, env)).toBeUndefined()
    expect(factor(forced, `collateral:${TOKEN}:0`, env)).toBeDefined()
    expect(row(market, position(NO_VAI, { forced: [TOKEN] }))).toBe('always-exact')
    const forcedVai = { ...market, vai: { ...vai, isForcedLiquidationEnabled: true } }
    expect(factor(forcedVai, 'vai-fixed', env)).toBeUndefined()
  })

  test('is VAI that is not known, or that began at an index which is yet to come', () => {
    const { vai: _, ...without } = market
    expect(row(market, position(loan))).not.toBe('always-exact')
    expect(row(without, position(loan))).toBe('always-exact')
    expect(row(without, position(NO_VAI))).not.toBe('always-exact')
    expect(row(market, position({ ...loan, interestIndex: 3n * WAD }))).toBe('always-exact')
    expect(row(market, position({ ...loan, pastInterest: 2n * WAD }))).toBe('always-exact')
    expect(factor(without, 'vai-earning', env)).toBeUndefined()
  })

  test('is who is in a pool that is not read yet; in one that is, its own threshold counts', () => {
    const own = { ...vToken, liquidationThreshold: (9n * WAD) / 10n }
    const pool = { label: '', isActive: true, allowCorePoolFallback: false, markets: { [TOKEN]: own } }
    const [core, member] = ['0', '7'].map((poolId) =>
      factor({ ...market, pools: { 7: pool } }, `collateral:${TOKEN}:${poolId}`, env),
    )
    expect(factor(market, `collateral:${TOKEN}:7`, env)).toBeUndefined()
    expect((member?.high ?? 0) / (core?.high ?? 1)).toBeCloseTo(9 / 8, 12)
  })
})
