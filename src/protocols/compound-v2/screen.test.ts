// Debts as of their own index, and those that can be liquidated at any health.
import fc from 'fast-check'
import { zeroAddress } from 'viem'
import { describe, expect, test } from 'vitest'
import { WAD } from '../../units/brands.ts'
import type { Env } from '../adapter.ts'
import { assess } from './assess.ts'
import { factor, row } from './screen.ts'
import {
  type CompoundMarket,
  type CompoundPosition,
  type CompoundToken,
  MARKET,
  priceKeyOf,
} from './state.ts'

const TOKEN = '0x00000000000000000000000000000000000000C0'
const OTHER = '0x00000000000000000000000000000000000000c1'
const id = { chainId: 1, protocol: 'compound-v2', deployment: 'main', market: MARKET }

const cToken = (address: CompoundToken['address']): CompoundToken => ({
  ...{ address, symbol: 'cTKN', decimals: 8, isNative: false, protocolSeizeShare: 0n },
  underlying: { asset: zeroAddress, symbol: 'TKN', decimals: 6 },
  totals: {
    ...{ cash: 10n ** 15n, totalBorrows: 10n ** 14n, totalReserves: 10n ** 9n, totalSupply: 5n * 10n ** 16n },
    ...{ borrowIndex: WAD + 7n, accruedAt: 100n },
  },
  reserveFactor: WAD / 5n,
  rateModel: { kind: 'given', borrowRate: 9_512_937_595n },
  ...{ borrowRateMax: 5n * 10n ** 12n, initialExchangeRate: 2n * 10n ** 14n, isListed: true },
  ...{ collateralFactor: (3n * WAD) / 4n, isMintPaused: false, isBorrowPaused: false },
  ...{ borrowCap: 0n, supplyCap: 0n },
})

const market: CompoundMarket = {
  ...{ id, label: '', quote: { symbol: 'USD', decimals: 18 }, revision: 'block', revisionRaw: '' },
  ...{ fidelity: 'exact', comptroller: zeroAddress, oracle: zeroAddress, clock: 'block' },
  ...{ secondsPerBlock: 12n, closeFactor: WAD / 2n, liquidationIncentive: WAD },
  ...{ isSeizePaused: false, isTransferPaused: false, hasDeprecation: true, listed: [TOKEN, OTHER] },
  ...{ traits: {}, cTokens: { [TOKEN]: cToken(TOKEN), [OTHER]: cToken(OTHER) }, faults: {} },
}

const positionOf = (tokens: bigint, principal: bigint, interestIndex: bigint): CompoundPosition => ({
  ...{ id: { ...id, account: TOKEN }, owner: TOKEN, asOf: 1n, entered: [TOKEN, OTHER] },
  legs: { [TOKEN]: { tokens }, [OTHER]: { tokens: 0n, borrow: { principal, interestIndex } } },
})

const envOf = (price: bigint, blocks = 1_000n): Env => ({
  block: { chainId: 1, number: 100n + blocks, hash: '0x', timestamp: 1 },
  timestamp: 1,
  prices: (key) => ({
    kind: 'price',
    key,
    price: key === priceKeyOf(TOKEN) ? price : 10n ** 30n,
    scale: 1n,
    source: '',
  }),
  markets: () => undefined,
  debtInFront: () => null,
  quotes: () => null,
})

const amount = fc.bigInt({ min: 1n, max: 10n ** 16n })

test('both sides are off by no more than their slack, whatever the index that a debt began at', () => {
  fc.assert(
    fc.property(
      fc.tuple(
        amount,
        amount,
        fc.bigInt({ min: WAD, max: 2n * WAD }),
        fc.bigInt({ min: 1n, max: 10n ** 32n }),
      ),
      ([tokens, principal, interestIndex, price]) => {
        const position = positionOf(tokens, principal, interestIndex)
        const health = assess(market, position, envOf(price))
        const terms = row(market, position)
        if (health.kind !== 'assessed' || terms === 'always-exact') throw new Error('not screened')
        for (const [side, exact] of [
          [terms.collateral, health.liquidationValue],
          [terms.debt, health.debtValue],
        ] as const) {
          const known = side.map(({ factor: name, amount: of }) => ({
            ...factor(market, name, envOf(price)),
            of,
          }))
          const sum = known.reduce((total, { of, high = 0 }) => total + Number(of) * high, 0)
          const slack = known.reduce((total, { slack: one = 0 }) => total + one, 0)
          expect(Math.abs(sum - Number(exact))).toBeLessThanOrEqual(slack + sum * 1e-14)
        }
      },
    ),
  )
})

describe('assessed exactly', () => {
  test('are debts of a deprecated market, at any health', () => {
    const deprecated = { ...cToken(OTHER), collateralFactor: 0n, isBorrowPaused: true, reserveFactor: WAD }
    const where = { ...market, cTokens: { ...market.cTokens, [OTHER]: deprecated } }
    expect(factor(market, `debt:${OTHER}`, envOf(WAD))).toBeDefined()
    expect(factor(where, `debt:${OTHER}`, envOf(WAD))).toBeUndefined()
    expect(factor(where, `collateral:${OTHER}`, envOf(WAD))).toEqual({
      low: 0,
      high: 0,
      slack: 0,
      priceKey: null,
    })
  })

  test('is what the comptroller refuses: a price of 0, a market that failed or is not there', () => {
    const faults = { [TOKEN]: { reason: 'read-failed', detail: '' } } as const
    expect(factor(market, `collateral:${TOKEN}`, envOf(0n))).toBeUndefined()
    expect(factor({ ...market, faults }, `collateral:${TOKEN}`, envOf(WAD))).toBeUndefined()
    expect(factor(market, `collateral:${zeroAddress}`, envOf(WAD))).toBeUndefined()
    expect(factor(market, `debt:${OTHER}`, envOf(WAD, -1n))).toBeUndefined()
  })

  test('is who entered nothing, and amounts beyond all measure', () => {
    expect(row(market, { ...positionOf(1n, 1n, WAD), entered: [] })).toBe('always-exact')
    expect(row(market, positionOf(2n ** 112n, 1n, WAD))).toBe('always-exact')
    expect(row(market, positionOf(1n, 2n ** 112n, WAD))).toBe('always-exact')
    expect(row(market, positionOf(1n, 1n, WAD - 1n))).toBe('always-exact')
  })
})
