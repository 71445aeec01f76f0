import type { Address } from 'viem'
import { describe, expect, test } from 'vitest'
import type { Assessment, Health } from '../model/assessment.ts'
import type { Feed } from '../model/feed.ts'
import type { Adapter, Env } from '../protocols/adapter.ts'
import { WAD } from '../units/brands.ts'
import { type Groups, groupingOf } from './groups.ts'
import { liquidationPrices } from './liquidation-price.ts'
import type { Loan } from './loan.ts'
import { shocksOf } from './shock.ts'
import { feedsByKey } from './shocked-prices.ts'

const address = (digit: string): Address => `0x${digit.repeat(40)}`
const ASSETS = { WETH: address('1'), USDC: address('2'), wstETH: address('3'), WBTC: address('4') } as const
type Symbol = keyof typeof ASSETS

const PRICES: Readonly<Record<Symbol, bigint>> = { WETH: 2_000n, USDC: 1_000n, wstETH: 2_500n, WBTC: 60_000n }
const USD = { symbol: 'USD', decimals: 0 }

type Holding = Partial<Record<Symbol, bigint>>

/** Collateral counts four fifths; liquidatable below equality. */
const loanOf = (collateral: Holding, debt: Holding, failed: readonly string[] = [], scale = 1n): Loan => {
  const assess = (_market: unknown, _position: unknown, env: Env): Assessment => {
    const legsOf = (holding: Holding) =>
      (Object.entries(holding) as [Symbol, bigint][]).map(([symbol, amount]) => {
        const reading = env.prices(symbol)
        const price = reading?.kind === 'price' ? reading.price : 0n
        const leg = { asset: ASSETS[symbol], symbol, decimals: 0, priceKey: symbol, amount, price }
        const threshold = (WAD * 4n) / 5n
        return { ...leg, value: amount * price, maxLtv: threshold, liquidationThreshold: threshold }
      })
    const [mine, theirs] = [legsOf(collateral), legsOf(debt)]
    const sum = (legs: readonly { value: bigint }[]) => legs.reduce((total, { value }) => total + value, 0n)
    const [liquidationValue, debtValue] = [(sum(mine) * 4n) / 5n, sum(theirs)]
    return {
      ...{ kind: 'assessed', collateral: mine, debt: theirs, phase: debtValue > 0n ? 'healthy' : 'no-debt' },
      ...{ collateralValue: sum(mine), liquidationValue, debtValue },
      healthFactor: debtValue === 0n ? 2n ** 256n - 1n : (liquidationValue * WAD) / debtValue,
      isLiquidatable: debtValue > 0n && liquidationValue < debtValue,
    } as unknown as Assessment
  }
  return {
    adapter: { assess } as unknown as Adapter,
    market: {} as Loan['market'],
    position: {} as Loan['position'],
    env: {
      prices: (key: string) =>
        failed.includes(key)
          ? { kind: 'failed', key, error: 'reverted' }
          : { kind: 'price', key, price: PRICES[key as Symbol] * scale, scale, source: 'test' },
    } as Env,
  }
}

const feeds = (Object.entries(ASSETS) as [Symbol, Address][]).map(
  ([symbol, asset]): Feed => ({ key: symbol, asset, symbol, quote: USD, source: null }),
)

const groupsOf = (together: readonly Symbol[] = []): Groups => ({
  ...groupingOf({
    feeds,
    settings: [
      { name: 'ether', assets: together },
      { name: 'dollar', assets: ['USDC'], stable: true },
    ],
    wiring: new Map(),
    usdPriceOf: () => undefined,
  }),
  feeds: feedsByKey(feeds),
})

const healthOf = ({ adapter, market, position, env }: Loan) => adapter.assess(market, position, env) as Health
const pricesIn = (loan: Loan, groups: Groups = groupsOf()) => liquidationPrices(loan, healthOf(loan), groups)
const shocksIn = (loan: Loan, groups: Groups = groupsOf()) => shocksOf(loan, healthOf(loan), groups)

describe('liquidation prices', () => {
  test('collateral as it falls, debt as it rises: liquidatable there, safe one tick nearer', () => {
    expect(pricesIn(loanOf({ WETH: 10n }, { USDC: 10n }))).toEqual([
      {
        ...{ asset: ASSETS.WETH, symbol: 'WETH', price: 2_000n, scale: 1n, movesWith: [] },
        ...{ liquidationPrice: 1_249n, changePpm: -375_500n },
      },
      {
        ...{ asset: ASSETS.USDC, symbol: 'USDC', price: 1_000n, scale: 1n, movesWith: [] },
        ...{ liquidationPrice: 1_601n, changePpm: 601_000n },
      },
    ])
  })

  test('null where no price does it, the current price where it is liquidatable already', () => {
    const never = pricesIn(loanOf({ WETH: 1n, WBTC: 10n }, { USDC: 10n }))
    expect(never.map(({ symbol, liquidationPrice }) => [symbol, liquidationPrice])).toEqual([
      ['WETH', null],
      ['WBTC', 1_049n],
      ['USDC', 48_161n],
    ])
    const already = pricesIn(loanOf({ WETH: 10n }, { USDC: 17n }))
    expect(already.map(({ changePpm }) => changePpm)).toEqual([0n, 0n])
    expect(pricesIn(loanOf({ WETH: 10n }, {}))).toMatchObject([{ liquidationPrice: null, changePpm: null }])
  })

  test('members of a group move in proportion, on both sides', () => {
    const loan = loanOf({ wstETH: 10n, WETH: 10n }, { USDC: 20n })
    const [apart] = pricesIn(loan)
    expect(apart).toMatchObject({ liquidationPrice: 499n, movesWith: [] })
    const [together] = pricesIn(loan, groupsOf(['WETH', 'wstETH']))
    // 8 · (p + ⌊2000 · p / 2500⌋) < 20 000
    expect(together).toMatchObject({ liquidationPrice: 1_388n, movesWith: ['WETH'] })
  })

  test('what is owed in what secures it is liquidated by no fall of both', () => {
    const looped = loanOf({ wstETH: 100n }, { WETH: 90n })
    expect(pricesIn(looped, groupsOf(['WETH', 'wstETH']))[0]).toMatchObject({ liquidationPrice: null })
    expect(pricesIn(looped)[0]).toMatchObject({ liquidationPrice: 2_249n })
  })

  test('the same asset on both sides moves both: whichever way kills', () => {
    const [short] = pricesIn(loanOf({ WETH: 1n, USDC: 10n }, { WETH: 4n }))
    expect(short).toMatchObject({ symbol: 'WETH', liquidationPrice: 2_501n })
    const [long] = pricesIn(loanOf({ WETH: 10n }, { WETH: 2n, USDC: 10n }))
    expect(long).toMatchObject({ symbol: 'WETH', liquidationPrice: 1_666n })
  })

  test('a price that failed has no row', () => {
    const loan = loanOf({ WETH: 10n, WBTC: 1n }, { USDC: 10n }, ['WBTC'])
    expect(pricesIn(loan).map(({ symbol }) => symbol)).toEqual(['WETH', 'USDC'])
  })
})

describe('shocks', () => {
  test('the common fall of all that is volatile, and of each group; to the ppm', () => {
    const { shock, shocks } = shocksIn(loanOf({ WETH: 10n, WBTC: 1n, USDC: 5n }, { USDC: 30n }))
    // 0.8 · (⌊20 000 x⌋ + ⌊60 000 x⌋ + 5 000) < 30 000, rounded as prices are
    expect(shock).toEqual({ changePpm: -593_667n })
    expect(shocks.map(({ group, isStable }) => [group, isStable])).toEqual([
      ['WETH', false],
      ['WBTC', false],
      ['dollar', true],
    ])
    expect(shocks[0]?.shock).toBeNull()
    expect(shocks[1]?.shock).not.toBeNull()
  })

  test('a loan of its own kind does not care, and neither does one secured by dollars alone', () => {
    const looped = loanOf({ wstETH: 100n }, { WETH: 90n }, [], 10n ** 8n)
    expect(shocksIn(looped, groupsOf(['WETH', 'wstETH'])).shock).toBeNull()
    expect(shocksIn(looped).shock).toEqual({ changePpm: -100_001n })
    expect(shocksIn(loanOf({ USDC: 100n }, { WETH: 30n })).shock).toBeNull()
  })
})
