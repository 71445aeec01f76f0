// Boundaries of health, liquidations and actions, in a spoke of two assets at a price of one dollar each.
import fc from 'fast-check'
import { type Address, getAddress, pad, toHex } from 'viem'
import { describe, expect, test } from 'vitest'
import { RAY, UINT256_MAX, WAD } from '../../units/brands.ts'
import type { Env } from '../adapter.ts'
import { act } from './action.ts'
import { assess } from './assess.ts'
import type { AaveV4Request } from './execution.ts'
import { liquidate, terms } from './liquidation.ts'
import {
  type AaveV4Position,
  type DynamicConfig,
  type HubAsset,
  type HubMarket,
  NOTHING,
  type Reserve,
  type SpokeData,
  type SpokeMarket,
  USD,
  type UserReserve,
} from './state.ts'

const NOW = 1_000
const UNIT = 10n ** 6n
const addressOf = (n: number): Address => getAddress(pad(toHex(n), { size: 20 }))
const [HUB, SPOKE, ORACLE, OWNER, STRATEGY, COLLATERAL, DEBT] = Array.from({ length: 7 }, (_, n) =>
  addressOf(n + 1),
) as [Address, Address, Address, Address, Address, Address, Address]
const idOf = (market: string) => ({ chainId: 1, protocol: 'aave-v4', deployment: 'test', market })
const base = { label: 'test', quote: USD, revision: '1', revisionRaw: '1', fidelity: 'exact' } as const

/** Nothing accrues: the rate is zero. */
const asset = (underlying: Address, drawnShares: bigint): HubAsset => ({
  underlying,
  decimals: 6,
  liquidity: 1_000_000n * UNIT,
  swept: 0n,
  realizedFees: 0n,
  addedShares: 1_000_000n * UNIT + drawnShares,
  drawnShares,
  premiumShares: 0n,
  premiumOffsetRay: 0n,
  deficitRay: 0n,
  drawnIndex: RAY,
  drawnRate: 0n,
  lastUpdateTimestamp: NOW,
  liquidityFee: 0n,
  irStrategy: STRATEGY,
})

const spokeData = (drawnShares: bigint): SpokeData => ({
  drawnShares,
  premiumShares: 0n,
  premiumOffsetRay: 0n,
  addedShares: 1_000_000n * UNIT,
  deficitRay: 0n,
  addCap: 2n ** 40n - 1n,
  drawCap: 2n ** 40n - 1n,
  riskPremiumThreshold: 2n ** 24n - 1n,
  active: true,
  halted: false,
})

const reserve = (id: number, underlying: Address): Reserve => ({
  id,
  underlying,
  hub: HUB,
  assetId: id,
  decimals: 6,
  collateralRisk: 0n,
  paused: false,
  frozen: false,
  borrowable: true,
  receiveSharesEnabled: true,
  dynamicConfigKey: 0,
})

const CONFIG: DynamicConfig = { collateralFactor: 8_000n, maxLiquidationBonus: 10_500n, liquidationFee: 0n }

const OWED = 8_000n * UNIT

type Changes = {
  readonly reserves?: Readonly<Record<number, Partial<Reserve>>>
  readonly configs?: Readonly<Record<number, DynamicConfig>>
  readonly data?: Partial<SpokeData>
  readonly hub?: Partial<HubAsset>
  readonly prices?: Readonly<Record<number, bigint | string>>
  readonly userReservesMax?: number
}

/** Reserve 0 is the collateral, at a factor of 80 % and a bonus of 5 %; reserve 1 is owed, 8000 of it. */
const worldOf = (changes: Changes = {}) => {
  const { reserves = {}, configs = { 0: CONFIG }, data = {}, hub = {}, prices = {} } = changes
  const hubMarket: HubMarket = {
    ...base,
    id: idOf(HUB),
    kind: 'hub',
    isShared: true,
    faults: {},
    hub: HUB,
    assets: { 0: { ...asset(COLLATERAL, 0n), ...hub }, 1: asset(DEBT, OWED) },
    symbols: { 0: 'COLL', 1: 'DEBT' },
  }
  const market: SpokeMarket = {
    ...base,
    id: idOf('main'),
    kind: 'spoke',
    faults: {},
    spoke: SPOKE,
    oracle: ORACLE,
    userReservesMax: changes.userReservesMax ?? 2 ** 16 - 1,
    liquidationConfig: {
      targetHealthFactor: (105n * WAD) / 100n,
      healthFactorForMaxBonus: (9n * WAD) / 10n,
      liquidationBonusFactor: 0n,
    },
    reserveCount: 2,
    reserves: {
      0: { ...reserve(0, COLLATERAL), ...reserves[0] },
      1: { ...reserve(1, DEBT), ...reserves[1] },
    },
    dynamicConfigs: { 0: configs, 1: configs },
    spokeData: { 0: { ...spokeData(0n), ...data }, 1: { ...spokeData(OWED), ...data } },
  }
  const env: Env = {
    block: { chainId: 1, number: 1n, hash: '0x', timestamp: NOW },
    timestamp: NOW,
    prices: (key) => {
      const said = prices[Number(key.slice(-1))] ?? 10n ** 8n
      return typeof said === 'string'
        ? { kind: 'failed', key, error: said }
        : { kind: 'price', key, price: said, scale: 10n ** 8n, source: 'test' }
    },
    markets: (name) => (name === HUB ? hubMarket : undefined),
    debtInFront: () => null,
    quotes: () => null,
  }
  return { market, env }
}

const collateral = (suppliedShares: bigint): UserReserve => ({
  ...NOTHING,
  suppliedShares,
  isCollateral: true,
})

const positionOf = (supplied: bigint, owed = OWED): AaveV4Position => ({
  id: { ...idOf('main'), account: OWNER },
  owner: OWNER,
  asOf: 1n,
  riskPremium: 0n,
  reserves: { 0: collateral(supplied), ...(owed > 0n ? { 1: { ...NOTHING, drawnShares: owed } } : {}) },
})

const REQUEST: AaveV4Request = {
  method: 'liquidationCall',
  debtAsset: DEBT,
  collateralAsset: COLLATERAL,
  collateralReserveId: 0,
  debtReserveId: 1,
}

const AT_ONE = 10_000n * UNIT

describe('health', () => {
  test('is liquidatable below one, not at it', () => {
    const { market, env } = worldOf()
    expect(assess(market, positionOf(AT_ONE), env)).toMatchObject({
      healthFactor: WAD,
      isLiquidatable: false,
      phase: 'healthy',
    })
    expect(assess(market, positionOf(AT_ONE - 1n), env)).toMatchObject({
      isLiquidatable: true,
      isExecutable: true,
      phase: 'liquidatable',
    })
  })

  test('goes by the key that the user has, not by the latest', () => {
    const configs = { 0: CONFIG, 1: { ...CONFIG, collateralFactor: 1_000n } }
    const { market, env } = worldOf({ configs, reserves: { 0: { dynamicConfigKey: 1 } } })
    expect(assess(market, positionOf(AT_ONE), env)).toMatchObject({ healthFactor: WAD })
  })

  test('rests on every price while something is owed, and on none without', () => {
    const { market, env } = worldOf({ prices: { 0: 'InvalidPrice' } })
    expect(assess(market, positionOf(AT_ONE), env)).toMatchObject({
      kind: 'unassessable',
      reason: 'price-failed',
    })
    expect(assess(market, positionOf(AT_ONE, 0n), env)).toMatchObject({
      kind: 'assessed',
      phase: 'no-debt',
      healthFactor: UINT256_MAX,
      liquidationValue: null,
      collateral: [],
    })
  })

  test('is not known where the hub is not', () => {
    const { market, env } = worldOf()
    expect(assess(market, positionOf(AT_ONE), { ...env, markets: () => undefined })).toMatchObject({
      kind: 'unassessable',
      reason: 'not-yet-read',
    })
  })
})

describe('a liquidation', () => {
  const below = positionOf(9_000n * UNIT)

  test('takes no more than brings the account to its target', () => {
    const { market, env } = worldOf()
    const outcome = liquidate(market, positionOf(9_900n * UNIT), env, REQUEST)
    if (outcome.kind === 'blocked' || !outcome.after.position) throw new Error('it goes through')
    const { markets = new Map(), market: behind, position } = outcome.after
    const after = assess(behind, position, {
      ...env,
      markets: (name) => markets.get(name) ?? env.markets(name),
    })
    const target = market.liquidationConfig.targetHealthFactor
    const { healthFactor } = after as { healthFactor: bigint }
    expect(healthFactor >= target - WAD / 10n ** 6n && healthFactor <= target + WAD / 10n ** 6n).toBe(true)
  })

  test('is refused to the borrower, for nothing, and for less than leaves no dust', () => {
    const { market, env } = worldOf()
    const refusal = (request: Partial<AaveV4Request>) =>
      liquidate(market, below, env, { ...REQUEST, ...request })
    expect(refusal({ liquidator: OWNER })).toEqual({ kind: 'blocked', revert: 'SelfLiquidation' })
    expect(refusal({ repay: 0n })).toEqual({ kind: 'blocked', revert: 'InvalidDebtToCover' })
    const whole = liquidate(market, positionOf(7_500n * UNIT), env, { ...REQUEST, repay: 7_142n * UNIT })
    expect(whole).toEqual({ kind: 'blocked', revert: 'MustNotLeaveDust' })
    expect(refusal({ debtReserveId: 7 })).toEqual({ kind: 'blocked', revert: 'ReserveNotListed' })
  })

  test('writes off what is left when the last collateral is used up', () => {
    const { market, env } = worldOf()
    const outcome = liquidate(market, positionOf(5_000n * UNIT), env, REQUEST)
    if (outcome.kind === 'blocked') throw new Error(outcome.revert)
    const [badDebt] = outcome.badDebt
    expect(outcome.repaid.amount + (badDebt?.amount ?? 0n)).toBe(OWED)
    expect(outcome.after.position).toBeUndefined()
    const hub = outcome.after.markets?.get(HUB) as HubMarket
    expect(hub.assets[1]?.deficitRay).toBe((badDebt?.amount ?? 0n) * RAY)
  })

  test('leaves the collateral in the spoke where the hub cannot pay it out', () => {
    const { market, env } = worldOf({ hub: { liquidity: 0n, swept: 1_000_000n * UNIT } })
    expect(terms(market, below, env).map(({ request }) => request.receiveShares)).toEqual([true])
    const { market: strict, env: same } = worldOf({
      hub: { liquidity: 0n, swept: 1_000_000n * UNIT },
      reserves: { 0: { receiveSharesEnabled: false } },
    })
    expect(terms(strict, below, same)).toEqual([])
    expect(assess(strict, below, same)).toMatchObject({ isExecutable: false, blockedBy: ['no-liquidity'] })
  })

  test('is blocked by pauses and by halted spokes', () => {
    const paused = worldOf({ reserves: { 1: { paused: true } } })
    expect(assess(paused.market, below, paused.env)).toMatchObject({ blockedBy: ['paused'] })
    const halted = worldOf({ data: { halted: true } })
    expect(assess(halted.market, below, halted.env)).toMatchObject({ blockedBy: ['inactive'] })
  })
})

describe('an action', () => {
  const position = positionOf(20_000n * UNIT)
  const action = (kind: 'supply' | 'withdraw' | 'borrow' | 'repay', underlying: Address, amount: bigint) =>
    ({ kind, asset: underlying, amount }) as const

  test('that makes the account riskier takes over the latest configuration, and is refused under it', () => {
    const configs = { 0: CONFIG, 1: { ...CONFIG, collateralFactor: 3_000n } }
    const { market, env } = worldOf({ configs, reserves: { 0: { dynamicConfigKey: 1 } } })
    for (const one of [action('borrow', DEBT, 1n), action('withdraw', COLLATERAL, 1n)])
      expect(act(market, position, env, one)).toEqual({
        kind: 'blocked',
        revert: 'HealthFactorBelowThreshold',
      })
    const supplied = act(market, position, env, action('supply', COLLATERAL, UNIT))
    if (supplied.kind === 'blocked') throw new Error(supplied.revert)
    expect(supplied.after.position?.reserves[0]?.dynamicConfigKey).toBe(0)
  })

  test('takes over the risk premium of the collateral, without owing more at once', () => {
    const { market, env } = worldOf({ reserves: { 0: { collateralRisk: 500n } } })
    const borrowed = act(market, position, env, action('borrow', DEBT, UNIT))
    if (borrowed.kind === 'blocked') throw new Error(borrowed.revert)
    const { riskPremium, reserves } = borrowed.after.position as AaveV4Position
    expect(riskPremium).toBe(500n)
    expect(reserves[1]?.premiumShares).toBe(((OWED + UNIT) * 500n) / 10_000n)
    expect(reserves[1]?.premiumOffsetRay).toBe((reserves[1]?.premiumShares ?? 0n) * RAY)
  })

  test('is refused beyond caps, when frozen, and beyond the number of reserves', () => {
    const capped = worldOf({ data: { drawCap: 8_000n, addCap: 1n } })
    expect(act(capped.market, position, capped.env, action('borrow', DEBT, 1n))).toEqual({
      kind: 'blocked',
      revert: 'DrawCapExceeded',
      args: [8_000n],
    })
    expect(act(capped.market, position, capped.env, action('supply', COLLATERAL, 1n))).toMatchObject({
      revert: 'AddCapExceeded',
    })
    const frozen = worldOf({ reserves: { 1: { frozen: true } } })
    expect(act(frozen.market, position, frozen.env, action('borrow', DEBT, 1n))).toMatchObject({
      revert: 'ReserveFrozen',
    })
    const few = worldOf({ userReservesMax: 1 })
    expect(act(few.market, position, few.env, action('borrow', COLLATERAL, 1n))).toMatchObject({
      revert: 'MaximumUserReservesExceeded',
    })
  })

  test('repays everything or a part; what is withdrawn is what was supplied, at most', () => {
    const { market, env } = worldOf()
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 2n * OWED }), (amount) => {
        const repaid = act(market, position, env, action('repay', DEBT, amount))
        if (repaid.kind === 'blocked') throw new Error(repaid.revert)
        const left = repaid.after.position?.reserves[1]?.drawnShares ?? 0n
        expect(left).toBe(amount >= OWED ? 0n : OWED - amount)
      }),
    )
    const all = act(market, positionOf(20_000n * UNIT, 0n), env, action('withdraw', COLLATERAL, UINT256_MAX))
    expect(all).toMatchObject({ kind: 'acted', after: { position: undefined } })
  })
})
