// The adapter's own promises, apart from the chain: revisions, keys, rounding.
import fc from 'fast-check'
import { getAddress, pad, toHex } from 'viem'
import { describe, expect, test } from 'vitest'
import { RAY, UINT256_MAX, WAD } from '../../units/brands.ts'
import { ArithmeticError } from '../../units/errors.ts'
import { UnknownKeyError } from '../unknown-key.ts'
import { decodeConfiguration, isBorrowing, isUsing, isUsingAsCollateral } from './configuration.ts'
import { keys, parseKey } from './keys.ts'
import { identifyRevision, mathOf } from './revisions/index.ts'
import { compoundedInterestDown, v3_0 } from './revisions/v3-0.ts'
import type { Reserve } from './state.ts'

const address = fc
  .bigInt({ min: 0n, max: 2n ** 160n - 1n })
  .map((value) => getAddress(pad(toHex(value), { size: 20 })))

describe('revisions', () => {
  test.each([
    [{ poolRevision: 1n, hasGracePeriod: false, hasReserveDeficit: false }, '3.0'],
    [{ poolRevision: 3n, hasGracePeriod: false, hasReserveDeficit: false }, '3.0'],
    [{ poolRevision: 4n, hasGracePeriod: true, hasReserveDeficit: false }, undefined],
    [{ poolRevision: 7n, hasGracePeriod: true, hasReserveDeficit: true }, undefined],
    [{ poolRevision: 1n, hasGracePeriod: true, hasReserveDeficit: false }, undefined],
    [{ poolRevision: 0n, hasGracePeriod: false, hasReserveDeficit: false }, undefined],
    [{ poolRevision: 99n, hasGracePeriod: false, hasReserveDeficit: false }, undefined],
  ])('%o is %s', (evidence, name) => {
    expect(identifyRevision(evidence)).toBe(name)
  })

  test('a family that is not known has no maths', () => {
    expect([mathOf('3.0') === v3_0, mathOf('3.3'), mathOf('unknown')]).toEqual([true, undefined, undefined])
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
  const bitmap =
    8_050n | (8_300n << 16n) | (10_500n << 32n) | (18n << 48n) | (1n << 56n) | (1n << 59n) | (7n << 168n)
  expect(decodeConfiguration(bitmap)).toEqual({
    ltv: 8_050n,
    liquidationThreshold: 8_300n,
    decimals: 18,
    isActive: true,
    isFrozen: false,
    isStableBorrowingEnabled: true,
    isPaused: false,
    eMode: 7,
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

  test('compounds at least linearly, never falls with time, and is one at once', () => {
    fc.assert(
      fc.property(rate, seconds, seconds, (yearly, a, b) => {
        const [short, long] = a < b ? [a, b] : [b, a]
        expect(compoundedInterestDown(yearly, 0n)).toBe(RAY)
        expect(compoundedInterestDown(yearly, BigInt(long))).toBeGreaterThanOrEqual(
          compoundedInterestDown(yearly, BigInt(short)),
        )
        expect(compoundedInterestDown(yearly, BigInt(long))).toBeGreaterThanOrEqual(
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
    expect(() => v3_0.normalizedIncome(reserve, 9)).toThrow(ArithmeticError)
    expect(v3_0.normalizedDebt(reserve, 10)).toBe(RAY)
  })
})

describe('health', () => {
  const value = fc.bigInt({ min: 0n, max: 10n ** 20n })
  const leg = fc.record({
    collateralValue: value,
    debtValue: fc.constant(0n),
    liquidationThreshold: fc.bigInt({ min: 1n, max: 9_500n }),
  })

  test('without debt value it is 2^256 − 1', () => {
    expect(v3_0.totals([])).toEqual({
      collateralValue: 0n,
      debtValue: 0n,
      liquidationValue: 0n,
      healthFactor: UINT256_MAX,
    })
  })

  test('when a collateral falls, health rises by no more than a basis point of average threshold', () => {
    fc.assert(
      fc.property(
        fc.array(leg as never, { minLength: 1, maxLength: 4 }),
        fc.bigInt({ min: 1n, max: 10n ** 20n }),
        value,
        (raw, debtValue, fall) => {
          const legs = raw as Parameters<typeof v3_0.totals>[0]
          const debt = {
            collateralValue: 0n,
            liquidationThreshold: 0n,
            debtValue,
          } as unknown as (typeof legs)[number]
          const [first, ...rest] = legs
          if (!first) return
          const fallen = {
            ...first,
            collateralValue: first.collateralValue > fall ? first.collateralValue - fall : 0n,
          }
          const before = v3_0.totals([first, ...rest, debt])
          const after = v3_0.totals([fallen, ...rest, debt])
          const slack = (before.collateralValue * WAD) / (10_000n * debtValue) + 2n * (WAD / debtValue) + 2n
          expect(after.healthFactor).toBeLessThanOrEqual(before.healthFactor + slack)
        },
      ),
    )
  })
})
