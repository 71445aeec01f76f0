// The adapter's own promises, apart from the chain: revisions, keys, rounding.
import fc from 'fast-check'
import { getAddress, pad, toHex } from 'viem'
import { describe, expect, test } from 'vitest'
import { bps, RAY, UINT256_MAX, WAD } from '../../units/brands.ts'
import { ArithmeticError } from '../../units/errors.ts'
import { UnknownKeyError } from '../unknown-key.ts'
import { decodeConfiguration, isBorrowing, isUsing, isUsingAsCollateral } from './configuration.ts'
import { keys, parseKey } from './keys.ts'
import { identifyRevision, PROBES, revisionOf } from './revisions/index.ts'
import type { ValuedLeg } from './revisions/revision.ts'
import { binomialInterestDown, v3_0 } from './revisions/v3-0.ts'
import { exponentialInterestHalfUp, v3_5 } from './revisions/v3-4-to-7.ts'
import type { Reserve } from './state.ts'

const address = fc
  .bigInt({ min: 0n, max: 2n ** 160n - 1n })
  .map((value) => getAddress(pad(toHex(value), { size: 20 })))

describe('revisions', () => {
  test.each([
    [1n, 0, '3.0'],
    [2n, 0, '3.0'],
    [3n, 0, '3.0'],
    [4n, 1, '3.1'],
    [5n, 2, '3.2'],
    [6n, 2, '3.2'],
    [7n, 3, '3.3'],
    [8n, 4, '3.4'],
    [9n, 4, '3.5'],
    [10n, 5, '3.6'],
    [11n, 6, '3.7'],
    [0n, 0, undefined],
    [4n, 0, undefined],
    [1n, 1, undefined],
    [7n, 2, undefined],
    [8n, 3, undefined],
    [9n, 5, undefined],
    [12n, 6, undefined],
    [99n, 0, undefined],
  ])('number %d with the first %d of the later functions is %s', (poolRevision, count, name) => {
    const functions = PROBES.slice(0, count)
    expect(identifyRevision({ poolRevision, functions })).toBe(name)
    expect(name === undefined || revisionOf(name)?.name === name).toBe(true)
  })

  test('a function without those that came before it is no revision', () => {
    expect(identifyRevision({ poolRevision: 4n, functions: ['getReserveDeficit'] })).toBeUndefined()
  })

  test('a name that is not known has no maths', () => {
    expect([revisionOf('3.0') === v3_0, revisionOf('unknown')]).toEqual([true, undefined])
  })
})

describe('keys', () => {
  test('come apart as they were put together', () => {
    fc.assert(
      fc.property(address, address, fc.integer({ min: 0, max: 255 }), (account, asset, id) => {
        expect(parseKey(keys.leg(account, asset))).toEqual({ kind: 'leg', account, asset })
        expect(parseKey(keys.account(account))).toEqual({ kind: 'account', account })
        expect(parseKey(keys.price(asset))).toEqual({ kind: 'price', asset })
        expect(parseKey(keys.eMode(id))).toEqual({ kind: 'eMode', id })
      }),
    )
    expect(() => parseKey('nonsense:1')).toThrow(UnknownKeyError)
  })
})

test('the configuration bitmap has its fields where DataTypes says', () => {
  const fields = [
    [8_050n, 0n],
    [8_300n, 16n],
    [10_500n, 32n],
    [18n, 48n],
    [1n, 56n],
    [1n, 58n],
    [1n, 59n],
    [1n, 62n],
    [1_500n, 64n],
    [70_000n, 80n],
    [90_000n, 116n],
    [1_000n, 152n],
    [7n, 168n],
    [5_000_000n, 212n],
    [1n, 252n],
  ] as const
  expect(decodeConfiguration(fields.reduce((bitmap, [value, bit]) => bitmap | (value << bit), 0n))).toEqual({
    ltv: 8_050n,
    liquidationThreshold: 8_300n,
    liquidationBonus: 10_500n,
    decimals: 18,
    isActive: true,
    isFrozen: false,
    isBorrowingEnabled: true,
    isStableBorrowingEnabled: true,
    isPaused: false,
    isBorrowableInIsolation: false,
    isSiloed: true,
    reserveFactor: 1_500n,
    borrowCap: 70_000n,
    supplyCap: 90_000n,
    liquidationProtocolFee: 1_000n,
    eMode: 7,
    debtCeiling: 5_000_000n,
    isVirtualAccountingActive: true,
  })
  const user = 0b1001n
  expect(
    [0, 1].map((id) => [isBorrowing(user, id), isUsingAsCollateral(user, id), isUsing(user, id)]),
  ).toEqual([
    [true, false, true],
    [false, true, true],
  ])
})

describe('interest', () => {
  const rate = fc.bigInt({ min: 0n, max: 5n * RAY })
  const seconds = fc.integer({ min: 0, max: 10 * 31_536_000 })

  test.each([
    ['binomial', binomialInterestDown],
    ['exponential', exponentialInterestHalfUp],
  ])('%s: compounds at least linearly, never falls with time, and is one at once', (_, interest) => {
    fc.assert(
      fc.property(rate, seconds, seconds, (yearly, a, b) => {
        const [short, long] = a < b ? [a, b] : [b, a]
        expect(interest(yearly, 0n)).toBe(RAY)
        expect(interest(yearly, BigInt(long))).toBeGreaterThanOrEqual(interest(yearly, BigInt(short)))
        expect(interest(yearly, BigInt(long))).toBeGreaterThanOrEqual(
          RAY + (yearly * BigInt(long)) / 31_536_000n,
        )
      }),
    )
  })

  test('reverts where time runs backwards', () => {
    const reserve = {
      lastUpdateTimestamp: 10,
      liquidityRate: RAY,
      liquidityIndex: RAY,
      variableBorrowRate: RAY,
      variableBorrowIndex: RAY,
    } as Reserve
    expect(() => v3_0.account.normalizedIncome(reserve, 9)).toThrow(ArithmeticError)
    expect(v3_0.account.normalizedDebt(reserve, 10)).toBe(RAY)
  })
})

describe('health', () => {
  const value = fc.bigInt({ min: 0n, max: 10n ** 20n })
  const collateral: fc.Arbitrary<ValuedLeg> = fc.record({
    collateralValue: value,
    debtValue: fc.constant(0n),
    ltv: fc.constant(bps(0n)),
    liquidationThreshold: fc.bigInt({ min: 1n, max: 9_500n }).map(bps),
  })
  const debtOf = (debtValue: bigint): ValuedLeg => ({
    collateralValue: 0n,
    ltv: bps(0n),
    liquidationThreshold: bps(0n),
    debtValue,
  })

  test.each([v3_0, v3_5])('without debt value it is 2^256 − 1 ($name)', ({ account }) => {
    expect(account.totals([])).toEqual({
      collateralValue: 0n,
      debtValue: 0n,
      averageLtv: 0n,
      averageThreshold: 0n,
      availableBorrows: 0n,
      liquidationValue: 0n,
      healthFactor: UINT256_MAX,
    })
  })

  test('until 3.4, when a collateral falls, it rises by no more than a basis point of average threshold', () => {
    fc.assert(
      fc.property(
        fc.array(collateral, { minLength: 1, maxLength: 4 }),
        fc.bigInt({ min: 1n, max: 10n ** 20n }),
        value,
        ([first, ...rest], debtValue, fall) => {
          if (!first) return
          const left = first.collateralValue > fall ? first.collateralValue - fall : 0n
          const before = v3_0.account.totals([first, ...rest, debtOf(debtValue)])
          const after = v3_0.account.totals([{ ...first, collateralValue: left }, ...rest, debtOf(debtValue)])
          const slack = (before.collateralValue * WAD) / (10_000n * debtValue) + 2n * (WAD / debtValue) + 2n
          expect(after.healthFactor).toBeLessThanOrEqual(before.healthFactor + slack)
        },
      ),
    )
  })

  test('since 3.5, when a collateral falls, it never rises', () => {
    fc.assert(
      fc.property(
        fc.array(collateral, { minLength: 1, maxLength: 4 }),
        fc.bigInt({ min: 1n, max: 10n ** 20n }),
        value,
        ([first, ...rest], debtValue, fall) => {
          if (!first) return
          const left = first.collateralValue > fall ? first.collateralValue - fall : 0n
          const before = v3_5.account.totals([first, ...rest, debtOf(debtValue)])
          const after = v3_5.account.totals([{ ...first, collateralValue: left }, ...rest, debtOf(debtValue)])
          expect(after.healthFactor).toBeLessThanOrEqual(before.healthFactor)
        },
      ),
    )
  })
})
