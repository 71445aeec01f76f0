// What of screening a Comet's recordings cannot show: feeds that nothing asks for, upgrades, and accounts without debt.
import { describe, expect, test } from 'vitest'
import { WAD } from '../../units/brands.ts'
import type { Env } from '../adapter.ts'
import { assess } from './assess.ts'
import { factor, row } from './screen.ts'
import { assetOf, envOf, marketOf, positionOf } from './vectors/recorded.ts'

const NOW = 1_750_000_000

const curve = (side: string) => ({
  ...{ [`${side}Kink`]: `${(8n * WAD) / 10n}`, [`${side}PerSecondInterestRateBase`]: '475646879' },
  [`${side}PerSecondInterestRateSlopeLow`]: '951293759',
  [`${side}PerSecondInterestRateSlopeHigh`]: '107813292744',
})

const file = {
  market: {
    ...{ variant: 'Comet', baseScale: '1000000', ...curve('supply'), ...curve('borrow') },
    ...{ storeFrontPriceFactor: `${WAD / 2n}`, targetReserves: '0', trackingIndexScale: '1000000000000000' },
    ...{ baseTrackingSupplySpeed: '0', baseTrackingBorrowSpeed: '0', baseMinForRewards: '1' },
    ...{ baseBorrowMin: '1', numAssets: '2' },
  },
  assets: [0, 1].map((offset) => ({
    ...{ offset, scale: '100000000', borrowCollateralFactor: `${(8n * WAD) / 10n}` },
    ...{ liquidateCollateralFactor: `${(85n * WAD) / 100n}`, liquidationFactor: `${(9n * WAD) / 10n}` },
    supplyCap: '1000000000000',
  })),
}

const market = marketOf(
  {
    ...{ baseSupplyIndex: '1050000000000000', baseBorrowIndex: '1080000000000000' },
    ...{ trackingSupplyIndex: '0', trackingBorrowIndex: '0', pauseFlags: '0', baseTokenBalance: '0' },
    ...{ totalSupplyBase: '900000000000000', totalBorrowBase: '700000000000000', lastAccrualTime: `${NOW}` },
  },
  file,
)

const accountOf = (principal: bigint, collateralBalances: readonly string[], assetsIn: number) =>
  positionOf(
    {
      ...{ principal: `${principal}`, baseTrackingIndex: '0', baseTrackingAccrued: '0', _reserved: '0' },
      ...{ assetsIn: `${assetsIn}`, collateralBalances },
    },
    'borrower',
  )

/** Owes 108 of the base token; holds one of each collateral, the first of which is enough. */
const borrower = accountOf(-100_000_000n, ['100000000', '100000000'], 0b11)
const NAMES = [`0:${assetOf(0)}`, `1:${assetOf(1)}`, 'debt']

const factorsIn = (env: Env, where = market) => NAMES.map((name) => factor(where, name, env))
const env = envOf(`${NOW}`, '100000000', ['100000000000', '5000000000'])

describe('a Comet’s accounts', () => {
  test('are their principal and what they hold', () => {
    expect(row(market, borrower)).toEqual({
      collateral: [0, 1].map((at) => ({ factor: NAMES[at], amount: 100_000_000n })),
      debt: [{ factor: 'debt', amount: 100_000_000n }],
    })
    expect(factorsIn(env).map((known) => known?.high)).toEqual([
      expect.closeTo(1_000 * 0.85, 8),
      expect.closeTo(50 * 0.85, 8),
      expect.closeTo(100 * 1.08, 8),
    ])
  })

  test('that owe nothing have no debt, and are screened where they hold something', () => {
    expect(row(market, accountOf(7n, ['1', '0'], 0b01))).toMatchObject({ debt: [] })
    expect(row(market, accountOf(7n, ['0', '0'], 0))).toBe('always-exact')
  })

  test('are assessed exactly where a feed fails, also one that the contract’s early exit never asks', () => {
    const broken = envOf(`${NOW}`, '100000000', ['100000000000', null])
    expect(assess(market, borrower, broken)).toMatchObject({ kind: 'assessed', isLiquidatable: false })
    expect(factorsIn(broken).map((known) => known !== undefined)).toEqual([true, false, true])
  })

  test('are assessed exactly where an upgrade put another asset into a place, or one is held that is not known', () => {
    const { configuration } = market
    const [first, second] = configuration.assets
    if (!first || !second) throw new Error('two assets are configured')
    const upgraded = { ...market, configuration: { ...configuration, assets: [second, first] } }
    expect(factorsIn(env, upgraded).map((known) => known !== undefined)).toEqual([false, false, true])
    expect(row(market, accountOf(-1n, ['1', '1'], 0b111))).toBe('always-exact')
  })

  test('are assessed exactly where time runs backwards, an amount or a price is beyond all measure', () => {
    expect(factorsIn(envOf(`${NOW - 1}`, '100000000', ['1', '1']))).toEqual([undefined, undefined, undefined])
    expect(factorsIn(envOf(`${NOW}`, `${2n ** 72n}`, [`${2n ** 72n}`, '1'])).map(Boolean)).toEqual([
      ...[false, true, false],
    ])
    expect(row(market, accountOf(-1n, [`${2n ** 112n}`, '1'], 0b11))).toBe('always-exact')
  })
})
