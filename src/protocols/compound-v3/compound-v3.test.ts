// What holds for every state: rounding, predicates, absorption, the storefront. The contract's own numbers are the vectors'.
import fc from 'fast-check'
import { decodeFunctionData } from 'viem'
import { describe, expect, test } from 'vitest'
import { cometAbi } from '../../../abis/compound-v3.ts'
import { UINT256_MAX, WAD } from '../../units/brands.ts'
import type { Env } from '../adapter.ts'
import { accrue, ratePerSecondDown, utilizationDown } from './accrual.ts'
import { act } from './action.ts'
import { assess } from './assess.ts'
import { ABSORB, BUY_COLLATERAL, call, liquidate, terms } from './liquidation.ts'
import { balanceTowardZero, principalDown } from './math.ts'
import type { CometMarket } from './state.ts'
import { baseAmountMax, collateralReserves, quoteCollateralDown, reservesAt } from './storefront.ts'
import { assetOf, BASE, envOf, marketOf, positionOf } from './vectors/recorded.ts'

const NOW = 1_750_000_000
const scales = ['1000000000000000000', '100000000', '1000000'] as const

const file = {
  market: {
    variant: 'Comet',
    baseScale: '1000000',
    ...{ supplyKink: '800000000000000000', borrowKink: '800000000000000000' },
    ...{ supplyPerSecondInterestRateBase: '0', borrowPerSecondInterestRateBase: '475646879' },
    ...{
      supplyPerSecondInterestRateSlopeLow: '1141552511',
      borrowPerSecondInterestRateSlopeLow: '951293759',
    },
    ...{
      supplyPerSecondInterestRateSlopeHigh: '101978691019',
      borrowPerSecondInterestRateSlopeHigh: '107813292744',
    },
    ...{ storeFrontPriceFactor: '600000000000000000', targetReserves: '5000000000000' },
    ...{ trackingIndexScale: '1000000000000000', baseTrackingSupplySpeed: '0', baseTrackingBorrowSpeed: '0' },
    ...{ baseMinForRewards: '1000000000000', baseBorrowMin: '100000000', numAssets: '3' },
  },
  assets: scales.map((scale, offset) => ({
    offset,
    scale,
    borrowCollateralFactor: '800000000000000000',
    liquidateCollateralFactor: '850000000000000000',
    liquidationFactor: '930000000000000000',
    supplyCap: '1000000000000000000000000000000',
  })),
}

const totals = (changes: object = {}) => ({
  ...{ baseSupplyIndex: '1050000000000000', baseBorrowIndex: '1080000000000000' },
  ...{ trackingSupplyIndex: '0', trackingBorrowIndex: '0' },
  ...{ totalSupplyBase: '900000000000000', totalBorrowBase: '700000000000000' },
  ...{ lastAccrualTime: `${NOW}`, pauseFlags: '0', baseTokenBalance: '200000000000000' },
  ...changes,
})

const pricesArbitrary = fc.tuple(
  fc.bigInt(1n, 10n ** 13n),
  fc.bigInt(1n, 10n ** 13n),
  fc.bigInt(1n, 10n ** 13n),
)

/** A borrower with any of the three collaterals, some of them none. */
const accountArbitrary = fc
  .record({
    principal: fc.bigInt(-(10n ** 14n), -1n),
    balances: fc.tuple(fc.bigInt(0n, 10n ** 24n), fc.bigInt(0n, 10n ** 13n), fc.bigInt(0n, 10n ** 12n)),
  })
  .map(({ principal, balances }) => accountOf(principal, balances))

const accountOf = (principal: bigint, balances: readonly bigint[]) => ({
  principal: `${principal}`,
  ...{ baseTrackingIndex: '0', baseTrackingAccrued: '0', _reserved: '0' },
  assetsIn: `${balances.reduce((bits, balance, offset) => (balance > 0n ? bits | (1 << offset) : bits), 0)}`,
  collateralBalances: balances.map(String),
})

const worldOf = (
  account: ReturnType<typeof accountOf>,
  prices: readonly bigint[],
  timestamp = NOW,
  changes: object = {},
) => {
  const position = positionOf(account, 'borrower')
  const market = marketOf(totals(changes), file, [position])
  const env = envOf(`${timestamp}`, '100000000', prices.map(String))
  return { market, position, env }
}

test('rounding is never in the account’s favour', () => {
  fc.assert(
    fc.property(
      fc.bigInt(-(10n ** 26n), 10n ** 26n),
      fc.bigInt(10n ** 15n, 10n ** 17n),
      fc.bigInt(10n ** 15n, 10n ** 17n),
      (balance, baseSupplyIndex, baseBorrowIndex) => {
        const indices = { baseSupplyIndex, baseBorrowIndex }
        expect(balanceTowardZero(principalDown(balance, indices), indices)).toBeLessThanOrEqual(balance)
      },
    ),
  )
})

test('a rate does not jump at its kink, and more use never costs less', () => {
  const { borrowRate } = marketOf(totals(), file).configuration
  fc.assert(
    fc.property(fc.bigInt(0n, 3n * WAD), (utilization) => {
      const rate = ratePerSecondDown(borrowRate, utilization)
      expect(ratePerSecondDown(borrowRate, utilization + 1n)).toBeGreaterThanOrEqual(rate)
    }),
  )
  const atKink = ratePerSecondDown(borrowRate, borrowRate.kink)
  expect(ratePerSecondDown(borrowRate, borrowRate.kink + 1n) - atKink).toBeLessThanOrEqual(1n)
})

test('utilisation of a market without supply is 0, whatever is borrowed', () => {
  expect(utilizationDown(marketOf(totals({ totalSupplyBase: '0' }), file).totals)).toBe(0n)
})

test('accrual grows no index backwards, and nothing happens within a second', () => {
  const market = marketOf(totals(), file)
  expect(accrue(market, NOW)).toBe(market)
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10 ** 8 }), (seconds) => {
      const after = accrue(market, NOW + seconds).totals
      expect(after.baseSupplyIndex).toBeGreaterThanOrEqual(market.totals.baseSupplyIndex)
      expect(after.baseBorrowIndex).toBeGreaterThan(market.totals.baseBorrowIndex)
    }),
  )
})

describe('health', () => {
  const healthOf = (world: ReturnType<typeof worldOf>) => {
    const health = assess(world.market, world.position, world.env)
    if (health.kind === 'unassessable') throw new Error(health.detail)
    return health
  }

  test('is below one exactly where the account is liquidatable, stored and accrued', () => {
    fc.assert(
      fc.property(
        accountArbitrary,
        pricesArbitrary,
        fc.integer({ min: 0, max: 10 ** 8 }),
        (account, prices, seconds) => {
          const health = healthOf(worldOf(account, prices, NOW + seconds))
          expect(health.healthFactor < WAD).toBe(health.isLiquidatable)
          expect((health.stored?.healthFactor ?? 0n) < WAD).toBe(health.stored?.isLiquidatable)
          expect(health.stored?.healthFactor).toBeGreaterThanOrEqual(health.healthFactor)
        },
      ),
    )
  })

  test('never rises when a collateral price falls', () => {
    fc.assert(
      fc.property(accountArbitrary, pricesArbitrary, fc.nat(2), (account, prices, offset) => {
        const fallen = prices.map((price, index) => (index === offset ? (price + 1n) / 2n : price))
        const before = healthOf(worldOf(account, prices)).healthFactor
        expect(healthOf(worldOf(account, fallen)).healthFactor).toBeLessThanOrEqual(before)
      }),
    )
  })

  test('a debt whose value is cut to 0 is healthy; no debt needs no price', () => {
    const dust = worldOf(accountOf(-1n, [0n, 0n, 0n]), [1n, 1n, 1n])
    const env = envOf(`${NOW}`, '1', ['1', '1', '1'])
    expect(healthOf({ ...dust, env })).toMatchObject({
      healthFactor: UINT256_MAX,
      phase: 'healthy',
      debtValue: 0n,
    })
    const idle = worldOf(accountOf(0n, [10n ** 18n, 0n, 0n]), [0n, 0n, 0n])
    expect(healthOf(idle)).toMatchObject({ phase: 'no-debt', liquidationValue: null, isLiquidatable: false })
  })

  test('a broken feed matters exactly where the contract reads it', () => {
    const covered = accountOf(-(10n ** 9n), [10n ** 19n, 10n ** 8n, 0n])
    const beyond = healthOf(worldOf(covered, [200_000_000_000n, 0n, 1n]))
    expect(beyond).toMatchObject({ isLiquidatable: false, liquidationValue: null })
    expect(beyond.collateral.map(({ asset }) => asset)).toEqual([assetOf(0)])
    expect(beyond.healthFactor).toBeGreaterThanOrEqual(WAD)
    const { market, position, env } = worldOf(covered, [1n, -1n, 1n])
    expect(assess(market, position, env)).toMatchObject({ kind: 'unassessable', reason: 'price-failed' })
  })

  test('an asset that a classic Comet cannot tell refuses whoever holds it', () => {
    const { market, position, env } = worldOf(accountOf(-(10n ** 9n), [0n, 0n, 1n]), [1n, 1n, 1n])
    const { assets } = market.configuration
    const configuration = { ...market.configuration, assets: assets.slice(0, 2), assetError: 'Absurd' }
    expect(assess({ ...market, configuration }, position, env)).toMatchObject({ detail: 'Absurd' })
    const supply = { kind: 'supply', asset: assetOf(9), amount: 1n } as const
    expect(act({ ...market, configuration }, position, env, supply)).toMatchObject({ revert: 'Absurd' })
  })
})

describe('absorb', () => {
  const request = { method: ABSORB, debtAsset: BASE, collateralAsset: assetOf(0) }

  test('takes everything, and reserves fall by what the event says', () => {
    fc.assert(
      fc.property(accountArbitrary, pricesArbitrary, (account, prices) => {
        const { market, position, env } = worldOf(account, prices)
        const outcome = liquidate(market, position, env, request)
        const health = assess(market, position, env)
        expect(outcome.kind === 'liquidated').toBe(health.kind === 'assessed' && health.isLiquidatable)
        if (outcome.kind !== 'liquidated' || health.kind !== 'assessed') return
        const after = { ...market, ...outcome.after.market } as typeof market
        const paid = outcome.repaid.amount + (outcome.badDebt[0]?.amount ?? 0n)
        const fallen = reservesAt(market, NOW) - reservesAt(after, NOW)
        // Principals are rounded, so reserves may follow by a unit or two.
        expect(fallen >= paid - 2n && fallen <= paid + 2n).toBe(true)
        expect(health.phase === 'bad-debt').toBe(outcome.badDebt.length > 0)
        for (const { asset, amount } of outcome.seized) expect(collateralReserves(after, asset)).toBe(amount)
        expect(outcome.after.position).toBeUndefined()
      }),
    )
  })

  test('is refused while paused, and the account is liquidatable all the same', () => {
    const { market, position, env } = worldOf(accountOf(-(10n ** 9n), [1n, 0n, 0n]), [1n, 1n, 1n], NOW, {
      pauseFlags: '8',
    })
    expect(liquidate(market, position, env, request)).toMatchObject({ revert: 'Paused' })
    expect(assess(market, position, env)).toMatchObject({
      isLiquidatable: true,
      isExecutable: false,
      blockedBy: ['paused'],
    })
    expect(terms(market, position, env)).toEqual([])
  })
})

describe('the storefront', () => {
  test('sells no more than is asked for, and one unit more of base would', () => {
    const market = marketOf(totals(), file)
    fc.assert(
      fc.property(pricesArbitrary, fc.nat(2), fc.bigInt(0n, 10n ** 20n), (prices, offset, amount) => {
        const env = envOf(`${NOW}`, '100000000', prices.map(String))
        const asset = assetOf(offset)
        fc.pre((prices[offset] ?? 0n) > 10n)
        const most = baseAmountMax(market, env, asset, amount)
        expect(quoteCollateralDown(market, env, asset, most)).toBeLessThanOrEqual(amount)
        expect(quoteCollateralDown(market, env, asset, most + 1n)).toBeGreaterThan(amount)
      }),
    )
  })

  const world = worldOf(
    accountOf(-(10n ** 10n), [10n ** 18n, 10n ** 8n, 0n]),
    [100_000_000_000n, 500_000_000_000n, 1n],
    NOW,
    {
      baseTokenBalance: '0',
    },
  )

  test('terms are purchases, best first, then absorb, whose caller gets nothing', () => {
    const { market, position, env } = world
    const ways = terms(market, position, env)
    expect(ways.map(({ request, payer }) => [request.method, request.collateralAsset, payer])).toEqual([
      [BUY_COLLATERAL, assetOf(1), 'liquidator'],
      [BUY_COLLATERAL, assetOf(0), 'liquidator'],
      [ABSORB, assetOf(0), 'protocol'],
    ])
    for (const { request, repayMax, incentiveFactor } of ways) {
      const outcome = liquidate(market, position, env, request)
      expect(outcome).toMatchObject({ kind: 'liquidated', repaid: { amount: repayMax } })
      expect(incentiveFactor > WAD).toBe(request.method === BUY_COLLATERAL)
    }
  })

  test('what is not bought stays with the protocol', () => {
    const { market, position, env } = world
    const [best] = terms(market, position, env)
    const outcome = best && liquidate(market, position, env, best.request)
    if (outcome?.kind !== 'liquidated') throw new Error('it is not liquidatable')
    const taken = [...outcome.seized, ...outcome.protocolFee]
    for (const offset of [0, 1]) {
      const amount = taken.reduce((sum, one) => (one.asset === assetOf(offset) ? sum + one.amount : sum), 0n)
      expect(amount).toBe(position.collateral[assetOf(offset)])
    }
  })

  test('is closed while reserves reach their target', () => {
    const { position, env } = world
    const market = marketOf(totals({ baseTokenBalance: '900000000000000000' }), file, [position])
    expect(terms(market, position, env).map(({ request }) => request.method)).toEqual([ABSORB])
  })

  test('the call is absorb, and with a recipient the purchase behind it', () => {
    const { market, position, env } = world
    const [best] = terms(market, position, env)
    if (!best) throw new Error('it is not liquidatable')
    const decoded = (request: typeof best.request) =>
      decodeFunctionData({ abi: cometAbi, data: call(market, position, request).data })
    expect(decoded(best.request)).toMatchObject({ functionName: 'absorb' })
    const { repay, minAmount } = best.request
    expect(decoded({ ...best.request, recipient: position.owner })).toEqual({
      functionName: 'buyCollateral',
      args: [assetOf(1), minAmount, repay, position.owner],
    })
  })
})

describe('an account’s own actions', () => {
  const env: Env = envOf(`${NOW + 100}`, '100000000', ['200000000000', '1', '1'])
  const position = positionOf(accountOf(-(10n ** 9n), [10n ** 18n, 0n, 0n]), 'borrower')
  const market: CometMarket = marketOf(totals(), file, [position])
  const acted = (kind: 'supply' | 'withdraw' | 'borrow' | 'repay', asset: typeof BASE, amount: bigint) =>
    act(market, position, env, { kind, asset, amount })

  test('repaying everything leaves no debt', () => {
    expect(acted('repay', BASE, UINT256_MAX)).toMatchObject({ after: { position: { principal: 0n } } })
  })

  test('is refused in the contract’s words', () => {
    expect(acted('borrow', BASE, 10n ** 9n)).toMatchObject({ revert: 'NotCollateralized' })
    expect(acted('withdraw', assetOf(0), 2n * 10n ** 18n)).toMatchObject({ revert: 'Panic(0x11)' })
    expect(acted('withdraw', assetOf(0), UINT256_MAX)).toMatchObject({ revert: 'InvalidUInt128' })
    expect(acted('supply', assetOf(7), 1n)).toMatchObject({ revert: 'BadAsset' })
    expect(acted('supply', assetOf(0), 2n * 10n ** 30n)).toMatchObject({ revert: 'SupplyCapExceeded' })
    const idle = positionOf(accountOf(0n, [10n ** 18n, 0n, 0n]), 'borrower')
    expect(act(market, idle, env, { kind: 'borrow', asset: BASE, amount: 1n })).toMatchObject({
      revert: 'BorrowTooSmall',
    })
  })

  test('a collateral’s bit is set exactly while there is any', () => {
    const supplied = acted('supply', assetOf(2), 5n)
    expect(supplied).toMatchObject({
      after: { position: { assetsIn: 0b101, collateral: { [assetOf(2)]: 5n } } },
    })
  })
})
