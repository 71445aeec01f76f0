import { describe, expect, test } from 'vitest'
import type { Assessment, Health } from '../model/assessment.ts'
import type { Env } from '../protocols/adapter.ts'
import { liquidationPrices } from './liquidation-price.ts'

const WETH = '0x0000000000000000000000000000000000000001'
const USDC = '0x0000000000000000000000000000000000000002'

const leg = (asset: `0x${string}`, symbol: string, price: bigint) => ({
  asset,
  symbol,
  decimals: 0,
  priceKey: symbol,
  amount: 10n,
  price,
  value: 10n * price,
})

const health = {
  kind: 'assessed',
  collateral: [{ ...leg(WETH, 'WETH', 2_000n), liquidationThreshold: 10n ** 18n }],
  debt: [leg(USDC, 'USDC', 1_000n)],
} as unknown as Health

const env: Env = {
  block: { chainId: 1, number: 1n, hash: '0x', timestamp: 0 },
  timestamp: 0,
  prices: (key) => ({
    kind: 'price',
    key,
    price: key === 'WETH' ? 2_000n : 1_000n,
    scale: 1n,
    source: 'test',
  }),
  markets: () => undefined,
  debtInFront: () => null,
  quotes: () => null,
}

/** Liquidatable while 10 WETH · 80 % is worth less than 10 USDC. */
const assess = (at: Env): Assessment => {
  const priceOf = (key: string): bigint => {
    const reading = at.prices(key)
    return reading?.kind === 'price' ? reading.price : 0n
  }
  return { kind: 'assessed', isLiquidatable: priceOf('WETH') * 8n < priceOf('USDC') * 10n } as Assessment
}

describe('liquidation prices', () => {
  test('collateral as it falls, debt as it rises: liquidatable there, safe one tick nearer', () => {
    expect(liquidationPrices(health, env, assess)).toEqual([
      {
        asset: WETH,
        symbol: 'WETH',
        price: 2_000n,
        scale: 1n,
        liquidationPrice: 1_249n,
        changePpm: -375_500n,
      },
      {
        asset: USDC,
        symbol: 'USDC',
        price: 1_000n,
        scale: 1n,
        liquidationPrice: 1_601n,
        changePpm: 601_000n,
      },
    ])
  })

  test('null where no price does it, the current price where it is liquidatable already', () => {
    const never = liquidationPrices(
      health,
      env,
      () => ({ kind: 'assessed', isLiquidatable: false }) as Assessment,
    )
    expect(never.map(({ liquidationPrice }) => liquidationPrice)).toEqual([null, null])
    const already = liquidationPrices(
      health,
      env,
      () => ({ kind: 'assessed', isLiquidatable: true }) as Assessment,
    )
    expect(already.map(({ changePpm }) => changePpm)).toEqual([0n, 0n])
  })
})
