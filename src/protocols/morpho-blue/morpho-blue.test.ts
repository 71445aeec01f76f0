// The adapter's own promises, apart from the chain: health by price, terms and requests, keys, logs.
import fc from 'fast-check'
import { encodeAbiParameters, encodeEventTopics, getAddress, type Hex, pad, toHex } from 'viem'
import { describe, expect, test } from 'vitest'
import { morphoAbi } from '../../../abis/morpho-blue.ts'
import type { Log } from '../../model/evm.ts'
import type { PriceReading } from '../../model/price.ts'
import { WAD } from '../../units/brands.ts'
import type { Env } from '../adapter.ts'
import { UnknownKeyError } from '../unknown-key.ts'
import { assess } from './assess.ts'
import { LIQUIDATE, type MorphoRequest } from './execution.ts'
import { stateKeys } from './following.ts'
import { keys, parseKey } from './keys.ts'
import { call, liquidate, terms, UnresolvedRequestError } from './liquidation.ts'
import { announced } from './reads/params.ts'
import type { MorphoDeployment, MorphoMarket, MorphoMirror, MorphoPosition } from './state.ts'
import { reduce, subscriptions } from './sync.ts'

const addressOf = (seed: bigint) => getAddress(pad(toHex(seed), { size: 20 }))
const ID: Hex = pad('0x1d', { size: 32 })
const OTHER: Hex = pad('0x0e', { size: 32 })
const OWNER = addressOf(7n)
const E24 = 10n ** 24n

const deployment: MorphoDeployment = {
  chainId: 1,
  protocol: 'morpho-blue',
  deployment: 'main',
  morpho: addressOf(1n),
}

const mirrorOf = (
  more: Partial<MorphoDeployment> = {},
  markets: readonly MorphoMarket[] = [],
): MorphoMirror => ({
  deployment: { ...deployment, ...more },
  markets: new Map(markets.map((market) => [market.id.market, market])),
  positions: new Map(),
  prices: new Map(),
  tallies: new Map(),
})

const market: MorphoMarket = {
  ...announced(mirrorOf(), ID, {
    loanToken: addressOf(2n),
    collateralToken: addressOf(3n),
    oracle: addressOf(4n),
    irm: addressOf(5n),
    lltv: (86n * WAD) / 100n,
  }),
  reading: {
    totals: {
      totalSupplyAssets: 10n ** 12n,
      totalSupplyShares: 10n ** 18n,
      totalBorrowAssets: 9n * 10n ** 11n,
      totalBorrowShares: 8n * 10n ** 17n,
      lastUpdate: 1_700_000_000,
      fee: WAD / 10n,
    },
    rate: { kind: 'adaptive-curve', rateAtTarget: 1_268_391_679n },
    feeRecipient: addressOf(6n),
    loan: { symbol: 'USDC', decimals: 6 },
    collateral: { symbol: 'WETH', decimals: 18 },
  },
}

const positionOf = (borrowShares: bigint, collateral: bigint): MorphoPosition => ({
  id: { ...market.id, account: OWNER },
  owner: OWNER,
  asOf: 1n,
  supplyShares: 0n,
  borrowShares,
  collateral,
  authorized: [],
})

const envAt = (price: bigint, timestamp = 1_700_100_000): Env => ({
  block: { chainId: 1, number: 1n, hash: '0x01', timestamp },
  timestamp,
  prices: (key): PriceReading => ({ kind: 'price', key, price, scale: 1n, source: '' }),
  markets: () => undefined,
  debtInFront: () => null,
  quotes: () => null,
})

const healthAt = (position: MorphoPosition, price: bigint) => {
  const health = assess(market, position, envAt(price))
  if (health.kind !== 'assessed') throw new Error(health.detail)
  return health
}

const loan = fc.record({
  borrowShares: fc.bigInt({ min: 1n, max: 10n ** 17n }),
  collateral: fc.bigInt({ min: 1n, max: 10n ** 24n }),
})
const price = fc.bigInt({ min: 0n, max: 10_000n * E24 })

const ceil = (a: bigint, b: bigint): bigint => (a + b - 1n) / b

describe('health', () => {
  test('turns at the price ⌈⌈debt ÷ lltv⌉ ÷ collateral⌉, healthy there and not one below', () => {
    fc.assert(
      fc.property(loan, ({ borrowShares, collateral }) => {
        const position = positionOf(borrowShares, collateral)
        const { debtValue } = healthAt(position, E24)
        const turn = ceil(ceil(debtValue * WAD, market.params.lltv) * 10n ** 36n, collateral)
        expect(healthAt(position, turn).isLiquidatable).toBe(false)
        expect(healthAt(position, turn - 1n).isLiquidatable).toBe(true)
      }),
    )
  })

  test('never rises as the price falls, and is below 1 exactly where the loan is liquidatable', () => {
    fc.assert(
      fc.property(loan, price, price, ({ borrowShares, collateral }, one, other) => {
        const position = positionOf(borrowShares, collateral)
        const [low, high] = one < other ? [one, other] : [other, one]
        const [worse, better] = [healthAt(position, low), healthAt(position, high)]
        expect(worse.healthFactor).toBeLessThanOrEqual(better.healthFactor)
        for (const { healthFactor, isLiquidatable } of [worse, better])
          expect(isLiquidatable).toBe(healthFactor < WAD)
      }),
    )
  })

  test('without debt is no finding', () => {
    expect(healthAt(positionOf(0n, 1n), 1n)).toMatchObject({ phase: 'no-debt', isLiquidatable: false })
  })

  test('is unknown without a price, or before the rate is read', () => {
    const position = positionOf(1n, 1n)
    const failed = (key: string): PriceReading => ({ kind: 'failed', key, error: 'reverted: no answer' })
    expect(assess(market, position, { ...envAt(1n), prices: failed })).toMatchObject({
      reason: 'price-failed',
    })
    const { reading: _reading, ...unread } = market
    expect(assess(unread, position, envAt(1n))).toMatchObject({ reason: 'not-yet-read' })
  })
})

describe('terms', () => {
  test('name what Morpho accepts: executed they repay `repayMax`, and with it as `repay` no more', () => {
    fc.assert(
      fc.property(loan, price, ({ borrowShares, collateral }, current) => {
        const position = positionOf(borrowShares, collateral)
        const env = envAt(current)
        const [best] = terms(market, position, env)
        expect(best !== undefined).toBe(healthAt(position, current).isLiquidatable)
        if (!best) return
        const whole = liquidate(market, position, env, best.request)
        expect(whole).toMatchObject({ kind: 'liquidated', repaid: { amount: best.repayMax } })
        if (best.repayMax === 0n) return
        const repaid = liquidate(market, position, env, { ...best.request, repay: best.repayMax })
        expect(repaid).toMatchObject({ kind: 'liquidated', repaid: { amount: best.repayMax } })
      }),
    )
  })

  test('a healthy loan has none, and Morpho refuses', () => {
    const position = positionOf(10n ** 15n, WAD)
    const { loanToken: debtAsset, collateralToken: collateralAsset } = market.params
    const request: MorphoRequest = { method: LIQUIDATE, debtAsset, collateralAsset }
    expect(terms(market, position, envAt(3_000n * E24))).toEqual([])
    expect(liquidate(market, position, envAt(3_000n * E24), request)).toEqual({
      kind: 'blocked',
      revert: 'position is healthy',
    })
    expect(() => call(market, position, request)).toThrow(UnresolvedRequestError)
    expect(() => call(market, position, { ...request, repay: 1n })).toThrow(UnresolvedRequestError)
  })
})

test('keys come apart as they were put together', () => {
  const seed = fc.bigInt({ min: 0n, max: 2n ** 160n - 1n }).map(addressOf)
  fc.assert(
    fc.property(seed, fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }), (address, number) => {
      const id = toHex(number, { size: 32 })
      expect(parseKey(keys.position(id, address))).toEqual({ kind: 'position', id, address })
      expect(parseKey(keys.preLiquidation(id, address))).toEqual({ kind: 'pre-liquidation', id, address })
      expect(parseKey(keys.params(id))).toEqual({ kind: 'params', id })
      expect(parseKey(keys.price(address))).toEqual({ kind: 'price', address })
      expect(parseKey(keys.account(address))).toEqual({ kind: 'account', address })
    }),
  )
  expect(() => parseKey('reserve:0x')).toThrow(UnknownKeyError)
})

const borrowLog = (id: Hex, from = deployment.morpho): Log => ({
  address: from,
  topics: encodeEventTopics({
    abi: morphoAbi,
    eventName: 'Borrow',
    args: { id, onBehalf: OWNER, receiver: OWNER },
  }) as Hex[],
  data: encodeAbiParameters([{ type: 'address' }, { type: 'uint256' }, { type: 'uint256' }], [OWNER, 1n, 1n]),
  blockNumber: 1n,
  blockHash: '0x01',
  logIndex: 0,
  transactionHash: '0x02',
})

describe('following', () => {
  test('markets are announced by logs, unless configuration names them', () => {
    const announces = (mirror: MorphoMirror) => subscriptions(mirror).filter((one) => one.announces).length
    expect(announces(mirrorOf({ preLiquidationFactory: addressOf(9n) }))).toBe(2)
    expect(announces(mirrorOf({ preLiquidationFactory: addressOf(9n), markets: [ID] }))).toBe(0)
    expect(stateKeys(mirrorOf({ markets: [ID] }))).toEqual([keys.params(ID)])
  })

  test('a borrow names its position, in every market or in those that are named, of this Morpho alone', () => {
    const position = { kind: 'due', key: keys.position(OTHER, OWNER) }
    expect(reduce(mirrorOf(), borrowLog(OTHER))).toEqual([position])
    expect(reduce(mirrorOf({ markets: [ID] }), borrowLog(OTHER))).toEqual([])
    expect(reduce(mirrorOf(), borrowLog(OTHER, addressOf(8n)))).toEqual([])
  })

  test('a borrow in a market that was read touches the market too', () => {
    expect(reduce(mirrorOf({}, [market]), borrowLog(ID))).toEqual([
      { kind: 'due', key: keys.market(ID) },
      { kind: 'due', key: keys.position(ID, OWNER) },
    ])
  })
})
