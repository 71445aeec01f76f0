// What recordings of the contracts do not have: categories with a price of their own, collateral that does not count, odd debts.
import fc from 'fast-check'
import { getAddress, pad, toHex, zeroAddress } from 'viem'
import { describe, expect, test } from 'vitest'
import { RAY } from '../../units/brands.ts'
import type { Env } from '../adapter.ts'
import { assess } from './assess.ts'
import { keys } from './keys.ts'
import { factor, row } from './screen.ts'
import type { AaveMarket, AavePosition, EModeCategory, Reserve } from './state.ts'

const [WETH, WBTC, DAI, FEED, OWNER] = [1, 2, 3, 4, 5].map((n) =>
  getAddress(pad(toHex(n), { size: 20 })),
) as [`0x${string}`, `0x${string}`, `0x${string}`, `0x${string}`, `0x${string}`]
const NOW = 1_700_000_000
const id = { chainId: 1, protocol: 'aave-v3', deployment: 'test', market: 'pool' }

const reserve = (at: number, asset: `0x${string}`, decimals: bigint, threshold: bigint): Reserve => ({
  id: at,
  asset,
  symbol: `R${at}`,
  configuration: (threshold << 16n) | (decimals << 48n) | (1n << 56n) | (1n << 168n),
  liquidityIndex: RAY + 7n,
  liquidityRate: RAY / 50n,
  variableBorrowIndex: RAY + 11n,
  variableBorrowRate: RAY / 20n,
  lastUpdateTimestamp: NOW - 1_000,
  aToken: zeroAddress,
  stableDebtToken: zeroAddress,
  variableDebtToken: zeroAddress,
  accruedToTreasury: 0n,
  isolationModeTotalDebt: 0n,
  deficit: 0n,
  liquidationGracePeriodUntil: 0,
})

const category: EModeCategory = {
  ltv: 9_000n,
  liquidationThreshold: 9_300n,
  liquidationBonus: 10_100n,
  priceSource: FEED,
  label: '',
  collateralBitmap: 0b10n,
  borrowableBitmap: 0n,
  ltvzeroBitmap: 0n,
  isIsolated: false,
}

const market: AaveMarket = {
  id,
  label: 'test',
  quote: { symbol: 'USD', decimals: 8 },
  revision: '3.0',
  revisionRaw: '3',
  fidelity: 'exact',
  wiring: { pool: zeroAddress, configurator: zeroAddress, oracle: zeroAddress, sentinel: zeroAddress },
  faults: {},
  baseCurrencyUnit: 10n ** 8n,
  reserves: {
    [WETH]: reserve(0, WETH, 18n, 8_250n),
    [WBTC]: reserve(1, WBTC, 8n, 7_001n),
    [DAI]: reserve(2, DAI, 18n, 0n),
  },
  eModes: { 1: category },
}

/** Supplies all three, of which DAI does not count, and owes DAI. */
const position = (eMode: number): AavePosition => ({
  id: { ...id, account: OWNER },
  owner: OWNER,
  asOf: 0n,
  eMode,
  userConfiguration: 0b111010n,
  legs: {
    [WETH]: { scaledCollateral: 3n * 10n ** 18n + 1n, scaledVariableDebt: 0n },
    [WBTC]: { scaledCollateral: 12_345_678n, scaledVariableDebt: 0n },
    [DAI]: { scaledCollateral: 5n * 10n ** 18n, scaledVariableDebt: 8_000n * 10n ** 18n },
  },
})

const prices = new Map([
  [keys.price(WETH), 2_000n * 10n ** 8n],
  [keys.price(WBTC), 40_000n * 10n ** 8n],
  [keys.price(DAI), 10n ** 8n],
  [keys.price(FEED), 3_000n * 10n ** 8n],
])

const envOf = (known: ReadonlyMap<string, bigint> = prices): Env => ({
  block: { chainId: 1, number: 1n, hash: '0x', timestamp: NOW },
  timestamp: NOW,
  prices: (key) => {
    const price = known.get(key)
    return price === undefined ? undefined : { kind: 'price', key, price, scale: 10n ** 8n, source: '' }
  },
  markets: () => undefined,
  debtInFront: () => null,
  quotes: () => null,
})

/** Health's bounds, by sums that leave the errors of floats out. */
const boundsOf = (where: AaveMarket, account: AavePosition): readonly [number, number] | undefined => {
  const terms = row(where, account)
  if (terms === 'always-exact') return undefined
  const [low, high] = [-1, 1].map((sign) =>
    [terms.collateral, terms.debt].map((side) =>
      side
        .map(({ factor: name, amount }) => {
          const known = factor(where, name, envOf())
          return known && Number(amount) * (sign < 0 ? known.low : known.high) + sign * known.slack
        })
        .reduce((sum: number, value) => sum + (value ?? Number.NaN), 0),
    ),
  ) as [[number, number], [number, number]]
  return [low[0] / high[1], high[0] / low[1]]
}

describe.each(['3.0', '3.1', '3.2', '3.3', '3.4', '3.5', '3.6', '3.7'])('revision %s', (revision) => {
  test.each([0, 1])('contains the health of an account in category %d', (eMode) => {
    const where = { ...market, revision }
    const health = assess(where, position(eMode), envOf())
    const bounds = boundsOf(where, position(eMode))
    if (health.kind !== 'assessed' || !bounds) throw new Error('not assessed')
    const healthFactor = Number(health.healthFactor) / 1e18
    expect(bounds[0] < healthFactor && healthFactor < bounds[1]).toBe(true)
    const isAverageCut = Number(revision.slice(2)) < 5
    expect(bounds[1] / bounds[0] - 1).toBeLessThan(isAverageCut ? 2e-4 : 1e-7)
    expect(bounds[1] / bounds[0] - 1).toBeGreaterThan(isAverageCut ? 1e-4 : 0)
  })
})

describe.each(['3.0', '3.4', '3.7'])('dust, revision %s', (revision) => {
  const where = { ...market, revision }
  const dust = fc.bigInt({ min: 1n, max: 10n ** 6n })
  const leg = (scaledCollateral: bigint, scaledVariableDebt: bigint) => ({
    scaledCollateral,
    scaledVariableDebt,
  })
  const narrowOf = (name: string, amount: bigint) => factor(where, name, envOf())?.termOf?.(amount)

  test('is bounded to what the roundings of its own terms leave', () => {
    const supply = fc.bigInt({ min: 1n, max: 10n ** 15n })
    fc.assert(
      fc.property(supply, dust, dust, (weth, wbtc, debt) => {
        const account: AavePosition = {
          ...position(0),
          userConfiguration: 0b001110n,
          legs: { [WETH]: leg(weth, 0n), [WBTC]: leg(wbtc, debt) },
        }
        const health = assess(where, account, envOf())
        if (health.kind !== 'assessed') throw new Error('not assessed')
        const supplied = [narrowOf(`collateral:${WETH}:0`, weth), narrowOf(`collateral:${WBTC}:0`, wbtc)]
        const low = supplied.reduce((sum, term) => sum + (term?.low ?? Number.NaN), 0)
        const high = supplied.reduce((sum, term) => sum + (term?.high ?? Number.NaN), 0)
        expect(narrowOf(`debt:${WBTC}:0`, debt)).toEqual({
          low: Number(health.debtValue),
          high: Number(health.debtValue),
        })
        const value = Number(health.liquidationValue)
        expect(low * (1 - 1e-12) - 1 <= value && value <= high * (1 + 1e-12)).toBe(true)
      }),
    )
  })

  test('of which no debt is counted is none', () => {
    const cut = Number(revision.slice(2)) < 5
    expect(narrowOf(`debt:${DAI}:0`, 1n)).toEqual(cut ? { low: 0, high: 0 } : { low: 1, high: 1 })
  })
})

describe('factors', () => {
  test('of a category with a price source are of that price, threshold and no other', () => {
    const [own, shared] = [
      factor(market, `collateral:${WETH}:0`, envOf()),
      factor(market, `collateral:${WETH}:1`, envOf()),
    ]
    expect([own?.priceKey, shared?.priceKey]).toEqual([keys.price(WETH), keys.price(FEED)])
    expect((shared?.high ?? 0) / (own?.high ?? 1)).toBeCloseTo((3_000 * 9_300) / (2_000 * 8_250), 12)
  })

  test('of collateral that does not count are nothing', () => {
    expect(factor(market, `collateral:${DAI}:0`, envOf())).toEqual({
      low: 0,
      high: 0,
      slack: 0,
      priceKey: null,
    })
  })

  test('are unknown with anything that they rest on', () => {
    const unknown = [
      factor({ ...market, revision: 'unknown' }, `debt:${DAI}:0`, envOf()),
      factor({ ...market, fault: { reason: 'read-failed', detail: '' } }, `debt:${DAI}:0`, envOf()),
      factor(market, `debt:${DAI}:2`, envOf()),
      factor(market, `debt:${OWNER}:0`, envOf()),
      factor(market, `debt:${DAI}:0`, envOf(new Map())),
      factor(market, `debt:${DAI}:0`, envOf(new Map([[keys.price(DAI), 2n ** 112n]]))),
      factor(market, `debt:${DAI}:0`, { ...envOf(), timestamp: NOW - 2_000 }),
    ]
    expect(unknown).toEqual(unknown.map(() => undefined))
  })
})

describe('rows', () => {
  const withLeg = (leg: object): AavePosition => {
    const { legs, ...rest } = position(0)
    return { ...rest, legs: { ...legs, [DAI]: { ...(legs[DAI] as object), ...leg } as never } }
  }

  test('name the asset and the category of every bit that is set', () => {
    const terms = row(market, position(1))
    expect(
      terms === 'always-exact' ? [] : [...terms.collateral, ...terms.debt].map((term) => term.factor),
    ).toEqual([WETH, WBTC, DAI].map((asset) => `collateral:${asset}:1`).concat(`debt:${DAI}:1`))
  })

  test('are exact where a debt is odd, a balance missing or beyond all measure', () => {
    const odd = [
      withLeg({ stableDebt: { principal: 1n, rate: 1n, timestamp: 1 } }),
      withLeg({ discount: { previousIndex: RAY, percent: 1n } }),
      withLeg({ scaledVariableDebt: 2n ** 112n }),
      { ...position(0), userConfiguration: 0b11111010n },
      { ...position(0), fault: { reason: 'read-failed', detail: '' } },
    ] as const
    expect(odd.map((one) => row(market, one))).toEqual(odd.map(() => 'always-exact'))
  })
})
