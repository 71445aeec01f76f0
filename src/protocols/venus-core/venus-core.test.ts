// The adapter's rules on a small world: pools, forced debts, pauses, the liquidator contract, terms, transactions, and logs.
import { type Address, encodeAbiParameters, encodeEventTopics, type Hex, pad, zeroAddress } from 'viem'
import { describe, expect, test } from 'vitest'
import { comptrollerAbi } from '../../../abis/venus-core.ts'
import type { Log } from '../../model/evm.ts'
import { UINT256_MAX, WAD } from '../../units/brands.ts'
import type { Env } from '../adapter.ts'
import { act } from './action.ts'
import { assess } from './assess.ts'
import type { VenusRequest } from './execution.ts'
import { venusCore } from './index.ts'
import { keys, parseKey } from './keys.ts'
import { call, liquidate, terms } from './liquidation.ts'
import { effectiveParameters } from './pool-parameters.ts'
import {
  boundedPriceKeyOf,
  type EModePool,
  MARKET,
  priceKeyOf,
  type VenusMarket,
  type VenusMirror,
  type VenusPosition,
  type VToken,
} from './state.ts'
import { reduce } from './sync.ts'

const OWNER: Address = '0x00000000000000000000000000000000000000AA'
const COLLATERAL: Address = '0x0000000000000000000000000000000000000001'
const DEBT: Address = '0x0000000000000000000000000000000000000002'
const CONTRACT: Address = '0x0000000000000000000000000000000000000003'
const COMPTROLLER: Address = '0x0000000000000000000000000000000000000004'
const id = { chainId: 56, protocol: 'venus-core', deployment: 'core', market: MARKET }
const block = { chainId: 56, number: 1_000n, hash: '0x01', timestamp: 1_000 } as const

const percent = (value: number): bigint => (BigInt(value) * WAD) / 100n

/** A market in which a vToken unit is one unit of the underlying, without interest. */
const vToken = (address: Address, more: Partial<VToken> = {}): VToken => ({
  ...{ address, symbol: `v${address.slice(-1)}`, decimals: 18, isNative: false, namesBorrower: true },
  underlying: { asset: `0x10${address.slice(4)}` as Address, symbol: address.slice(-1), decimals: 18 },
  ...{ isListed: true, isBorrowAllowed: true, isForcedLiquidationEnabled: false, pausedActions: [] },
  ...{ collateralFactor: percent(70), liquidationThreshold: percent(80), liquidationIncentive: percent(110) },
  ...{ supplyCap: UINT256_MAX, borrowCap: UINT256_MAX, protocolSeizeShare: 0n },
  ...{ interestRateModel: zeroAddress, rateModel: { kind: 'given', borrowRate: 0n }, borrowRateMax: WAD },
  ...{ reserveFactor: 0n, initialExchangeRate: WAD },
  totals: {
    ...{ cash: 900n * WAD, totalBorrows: 100n * WAD, totalReserves: 0n, totalSupply: 1_000n * WAD },
    ...{ borrowIndex: WAD, accruedAt: 1_000n },
  },
  ...more,
})

const market = (more: Partial<VenusMarket> = {}, debt: Partial<VToken> = {}): VenusMarket => ({
  id,
  label: 'Venus core',
  quote: { symbol: 'USD', decimals: 18 },
  ...{ revision: 'core-diamond', revisionRaw: zeroAddress, fidelity: 'exact' },
  ...{ comptroller: COMPTROLLER, oracle: zeroAddress, boundedOracle: zeroAddress },
  ...{ blocksPerYear: 70_080_000n, closeFactor: percent(50), isProtocolPaused: false },
  ...{ listed: [COLLATERAL, DEBT], traits: {}, faults: {}, pools: {} },
  cTokens: { [COLLATERAL]: vToken(COLLATERAL), [DEBT]: vToken(DEBT, debt) },
  ...more,
})

/** 100 of collateral against `owed` of debt, at a dollar each. */
const position = (owed: bigint, more: Partial<VenusPosition> = {}): VenusPosition => ({
  ...{ id: { ...id, account: OWNER }, owner: OWNER, asOf: 1_000n, entered: [COLLATERAL, DEBT] },
  legs: {
    [COLLATERAL]: { tokens: 100n * WAD },
    [DEBT]: { tokens: 0n, borrow: { principal: owed * WAD, interestIndex: WAD } },
  },
  ...{
    poolId: '0',
    vai: { minted: 0n, pastInterest: 0n, interestIndex: WAD },
    forced: [],
    isRestricted: false,
  },
  ...more,
})

const envAt = (prices: Readonly<Record<string, bigint>> = {}): Env => ({
  block,
  timestamp: block.timestamp,
  prices: (key) => ({ kind: 'price', key, price: prices[key] ?? WAD, scale: WAD, source: 'test' }),
  markets: () => undefined,
  debtInFront: () => null,
  quotes: () => null,
})
const env = envAt()

const request: VenusRequest = {
  method: 'liquidateBorrow',
  ...{ borrowed: DEBT, debtAsset: DEBT, collateralAsset: COLLATERAL },
}

const pool = (more: Partial<EModePool> = {}): EModePool => ({
  ...{ label: 'stable', isActive: true, allowCorePoolFallback: false, markets: {} },
  ...more,
})

describe('pools', () => {
  const own = { ...vToken(COLLATERAL), liquidationThreshold: percent(95), liquidationIncentive: percent(104) }
  const thresholdIn = (one: EModePool): bigint =>
    effectiveParameters(market({ pools: { 7: one } }), '7', vToken(COLLATERAL)).liquidationThreshold

  test('a member’s parameters are the pool’s, the core pool’s while it is inactive or falls back, else nothing', () => {
    expect(thresholdIn(pool({ markets: { [COLLATERAL]: own } }))).toBe(percent(95))
    expect(thresholdIn(pool({ markets: { [COLLATERAL]: own }, isActive: false }))).toBe(percent(80))
    expect(thresholdIn(pool({ allowCorePoolFallback: true }))).toBe(percent(80))
    expect(thresholdIn(pool())).toBe(0n)
  })

  test('governance changes every member’s health at once', () => {
    const inPool = position(90n, { poolId: '7' })
    const healthIn = (one: EModePool) => assess(market({ pools: { 7: one } }), inPool, env)
    expect(healthIn(pool({ markets: { [COLLATERAL]: own } }))).toMatchObject({ isLiquidatable: false })
    expect(healthIn(pool())).toMatchObject({ isLiquidatable: true, healthFactor: 0n })
  })

  test('a pool that is not read yet makes its members unassessable', () => {
    expect(assess(market(), position(50n, { poolId: '7' }), env)).toMatchObject({
      ...{ kind: 'unassessable', reason: 'not-yet-read' },
    })
  })
})

describe('health', () => {
  test('debt equal to what the collateral counts for is healthy, one unit more is not', () => {
    expect(assess(market(), position(80n), env)).toMatchObject({ isLiquidatable: false, healthFactor: WAD })
    const legs = {
      ...position(80n).legs,
      [DEBT]: { tokens: 0n, borrow: { principal: 80n * WAD + 1n, interestIndex: WAD } },
    }
    expect(assess(market(), position(80n, { legs }), env)).toMatchObject({ isLiquidatable: true })
  })

  test('a forced debt is liquidatable whatever the health, in full', () => {
    const forced = position(10n, { forced: [DEBT] })
    expect(assess(market(), forced, env)).toMatchObject({ isLiquidatable: true, isExecutable: true })
    expect(terms(market(), forced, env)).toMatchObject([{ repayMax: 10n * WAD }])
    expect(assess(market({}, { isForcedLiquidationEnabled: true }), position(10n), env)).toMatchObject({
      isLiquidatable: true,
    })
  })

  test('an empty entered market needs no price in the diamond, and makes the monolith answer PRICE_ERROR', () => {
    const entered = position(0n, { legs: { [COLLATERAL]: { tokens: WAD } } })
    const zero = envAt({ [priceKeyOf(DEBT)]: 0n })
    expect(assess(market(), entered, zero)).toMatchObject({ kind: 'assessed' })
    expect(assess(market({ revision: 'core-monolith' }), entered, zero)).toMatchObject({
      reason: 'price-failed',
    })
  })

  test('what stands in the way is said', () => {
    const fallen = position(90n)
    const blockedIn = (one: VenusMarket, who = fallen) => {
      const health = assess(one, who, env)
      return health.kind === 'assessed' ? [health.isExecutable, health.blockedBy] : health.detail
    }
    expect(blockedIn(market())).toEqual([true, []])
    expect(blockedIn(market({ isProtocolPaused: true }))).toEqual([false, ['paused']])
    expect(blockedIn(market({}, { pausedActions: ['REPAY'] }))).toEqual([false, ['paused']])
    expect(blockedIn(market(), position(90n, { isRestricted: true }))).toEqual([false, ['paused']])
    const bare = position(90n, { legs: { [DEBT]: fallen.legs[DEBT] ?? { tokens: 0n } } })
    expect(blockedIn(market(), bare)).toEqual([false, ['no-collateral']])
  })
})

describe('liquidations', () => {
  test('take the close factor’s part, or as much as the collateral covers', () => {
    expect(terms(market(), position(90n), env)).toMatchObject([
      { request: { ...request, debtAsset: vToken(DEBT).underlying.asset }, repayMax: 45n * WAD },
    ])
    const [best] = terms(market({ closeFactor: WAD }), position(95n), env)
    expect(best?.repayMax).toBe(((100n * WAD + 1n) * WAD - 1n) / percent(110))
  })

  test('failures without a revert carry the numbers of their event', () => {
    expect(liquidate(market(), position(10n), env, { ...request, repay: 1n })).toEqual({
      ...{ kind: 'blocked', revert: 'INSUFFICIENT_SHORTFALL', args: [3n, 18n, 3n] },
    })
  })

  test('go through the liquidator contract alone where there is one, which keeps its part', () => {
    const liquidatorContract = { address: CONTRACT, treasuryPercent: percent(50), splits: 'bonus' } as const
    const guarded = market({ liquidatorContract })
    const refused = liquidate(guarded, position(90n), env, { ...request, repay: WAD })
    expect(refused).toMatchObject({ revert: 'UNAUTHORIZED' })
    const [best] = terms(guarded, position(90n), env)
    const seized = (45n * WAD * 110n) / 100n
    const bonus = (seized * percent(10)) / percent(110)
    expect(best?.request.method).toBe('Liquidator.liquidateBorrow')
    expect(liquidate(guarded, position(90n), env, best?.request as VenusRequest)).toMatchObject({
      seized: [{ amount: seized - bonus / 2n }],
      protocolFee: [{ amount: bonus / 2n }],
    })
    expect(call(guarded, position(90n), best?.request as VenusRequest).to).toBe(CONTRACT)
  })

  test('of the native coin are sent with value', () => {
    const native = market({}, { isNative: true })
    expect(call(native, position(90n), { ...request, repay: 5n })).toMatchObject({ to: DEBT, value: 5n })
    expect(() => call(native, position(90n), request)).toThrow('does not say how much')
  })
})

describe('the owner’s actions', () => {
  test('loans go by collateral factors and bounded prices', () => {
    const borrow = (amount: bigint, at: Env) =>
      act(market(), position(10n), at, { kind: 'borrow', asset: DEBT, amount })
    expect(borrow(60n * WAD, env)).toMatchObject({ kind: 'acted' })
    expect(borrow(60n * WAD + 1n, env)).toEqual({ kind: 'blocked', revert: 'math error' })
    const bounded = envAt({ [boundedPriceKeyOf('collateral', COLLATERAL)]: WAD / 2n })
    expect(borrow(60n * WAD, bounded)).toEqual({ kind: 'blocked', revert: 'math error' })
  })

  test('a pool lends only what it allows', () => {
    const inPool = position(10n, { poolId: '7' })
    const pools = { 7: pool({ allowCorePoolFallback: true }) }
    expect(act(market({ pools }), inPool, env, { kind: 'borrow', asset: DEBT, amount: 1n })).toEqual({
      ...{ kind: 'blocked', revert: 'BorrowNotAllowedInPool' },
    })
  })

  test('a repayment takes no more than is owed, except of older code', () => {
    const repay = { kind: 'repay', asset: DEBT, amount: 11n * WAD } as const
    const repaid = act(market(), position(10n), env, repay)
    expect(repaid.kind === 'acted' && repaid.after.position?.legs).toEqual({
      [COLLATERAL]: { tokens: 100n * WAD },
    })
    expect(act(market({}, { namesBorrower: false }), position(10n), env, repay)).toMatchObject({
      revert: 'REPAY_BORROW_NEW_ACCOUNT_BORROW_BALANCE_CALCULATION_FAILED',
    })
  })
})

describe('logs', () => {
  const mirror: VenusMirror = {
    deployment: { ...id, comptroller: COMPTROLLER } as VenusMirror['deployment'],
    markets: new Map([[MARKET, market()]]),
    positions: new Map([[`${MARKET}:${OWNER}`, position(10n)]]),
    prices: new Map(),
    tallies: new Map(),
  }
  const log = (topics: readonly Hex[], data: Hex = '0x'): Log => ({
    ...{ address: COMPTROLLER, topics, data, blockNumber: 1n, blockHash: '0x01', logIndex: 0 },
    transactionHash: '0x02',
  })
  const dueOf = (one: Log): readonly string[] =>
    reduce(mirror, one).flatMap((change) => (change.kind === 'due' ? [change.key] : []))

  test('both generations’ MarketEntered touch the account, indexed or not', () => {
    const [topic] = encodeEventTopics({ abi: comptrollerAbi, eventName: 'MarketEntered' }) as [Hex]
    const words = [DEBT, OWNER].map((address) => pad(address))
    const data = encodeAbiParameters([{ type: 'address' }, { type: 'address' }], [DEBT, OWNER])
    expect(dueOf(log([topic, ...words]))).toEqual([keys.account(OWNER)])
    expect(dueOf(log([topic], data))).toEqual([keys.account(OWNER)])
  })

  test('a pool’s event reads that pool, of the core pool the market', () => {
    const topicsOf = (poolId: bigint) =>
      encodeEventTopics({
        abi: comptrollerAbi,
        eventName: 'NewLiquidationThreshold',
        args: { poolId, vToken: DEBT },
      }) as Hex[]
    expect(dueOf(log(topicsOf(7n)))).toEqual([keys.pool('7')])
    expect(dueOf(log(topicsOf(0n)))).toEqual([keys.vToken(DEBT)])
  })
})

test('every key is told by its parts, and no other', () => {
  for (const key of [
    keys.comptroller,
    keys.vai,
    keys.liquidatorContract,
    keys.vToken(DEBT),
    keys.totals(DEBT),
  ])
    expect(parseKey(key).kind).toBe(key.split(':')[0])
  expect(() => parseKey('reserve:1')).toThrow('is no key of Venus core')
})

test('configuration takes a comptroller and nothing else', () => {
  const { deploymentSchema } = venusCore.describe
  expect(deploymentSchema.safeParse({ comptroller: COMPTROLLER }).success).toBe(true)
  expect(deploymentSchema.safeParse({ comptroller: COMPTROLLER, quote: 'ETH' }).success).toBe(false)
})
