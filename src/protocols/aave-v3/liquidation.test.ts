// Boundaries of health and of liquidations, in a market of two assets at a price of one dollar each.
import fc from 'fast-check'
import { type Address, getAddress, pad, zeroAddress } from 'viem'
import { describe, expect, test } from 'vitest'
import { RAY, WAD } from '../../units/brands.ts'
import type { Env } from '../adapter.ts'
import { assess } from './assess.ts'
import { keys } from './keys.ts'
import { liquidate, terms } from './liquidation.ts'
import type { AaveMarket, AavePosition, Reserve } from './state.ts'

const DOLLAR = 10n ** 8n
const NOW = 1_000
const [COLLATERAL, DEBT, OWNER] = [1, 2, 3].map((n) => getAddress(pad(`0x${n}`, { size: 20 }))) as [
  Address,
  Address,
  Address,
]
const id = { chainId: 1, protocol: 'aave-v3', deployment: 'test', market: 'pool' }

/** Decimals 8, active, threshold 80 %, bonus 5 %, no protocol fee. */
const CONFIGURATION = 7_500n | (8_000n << 16n) | (10_500n << 32n) | (8n << 48n) | (1n << 56n) | (1n << 58n)

const reserve = (reserveId: number, asset: Address): Reserve => ({
  id: reserveId,
  asset,
  symbol: `R${reserveId}`,
  configuration: CONFIGURATION,
  liquidityIndex: RAY,
  liquidityRate: 0n,
  variableBorrowIndex: RAY,
  variableBorrowRate: 0n,
  lastUpdateTimestamp: NOW,
  aToken: zeroAddress,
  stableDebtToken: zeroAddress,
  variableDebtToken: zeroAddress,
  accruedToTreasury: 0n,
  isolationModeTotalDebt: 0n,
  deficit: 0n,
  liquidationGracePeriodUntil: 0,
})

const category = {
  ltv: 9_000n,
  liquidationThreshold: 9_500n,
  liquidationBonus: 10_100n,
  priceSource: zeroAddress,
  label: '',
  collateralBitmap: 0n,
  borrowableBitmap: 0n,
  ltvzeroBitmap: 0n,
  isIsolated: false,
}

const marketOf = (revision: string, more: Partial<AaveMarket> = {}): AaveMarket => ({
  id,
  label: 'test',
  quote: { symbol: 'USD', decimals: 8 },
  revision,
  revisionRaw: '',
  fidelity: 'exact',
  wiring: { pool: zeroAddress, configurator: zeroAddress, oracle: zeroAddress, sentinel: zeroAddress },
  faults: {},
  baseCurrencyUnit: DOLLAR,
  reserves: { [COLLATERAL]: reserve(0, COLLATERAL), [DEBT]: reserve(1, DEBT) },
  eModes: {},
  ...more,
})

/** Amounts in units of the assets: a dollar is 1e8. */
const positionOf = (supplied: bigint, owed: bigint, eMode = 0): AavePosition => ({
  id: { ...id, account: OWNER },
  owner: OWNER,
  asOf: 1n,
  eMode,
  userConfiguration: 0b0110n,
  legs: {
    [COLLATERAL]: { scaledCollateral: supplied, scaledVariableDebt: 0n },
    [DEBT]: { scaledCollateral: 0n, scaledVariableDebt: owed },
  },
})

const envAt = (price: bigint): Env => ({
  block: { chainId: 1, number: 1n, hash: '0x', timestamp: NOW },
  timestamp: NOW,
  prices: (key) => ({
    kind: 'price',
    key,
    price: key === keys.price(COLLATERAL) ? price : DOLLAR,
    scale: DOLLAR,
    source: '',
  }),
  markets: () => undefined,
  debtInFront: () => null,
  quotes: () => null,
})
const env = envAt(DOLLAR)

const healthOf = (market: AaveMarket, position: AavePosition, at = env) => {
  const assessment = assess(market, position, at)
  if (assessment.kind !== 'assessed') throw new Error(assessment.detail)
  return assessment
}

const request = { method: 'liquidationCall', debtAsset: DEBT, collateralAsset: COLLATERAL }

describe.each(['3.0', '3.1', '3.2', '3.3', '3.4', '3.5', '3.6', '3.7'])('revision %s', (revision) => {
  const market = marketOf(revision)

  test('a health factor of exactly 1 is healthy, one unit of debt more is not', () => {
    const onTheLine = positionOf(1_000n * DOLLAR, 800n * DOLLAR)
    expect(healthOf(market, onTheLine)).toMatchObject({ healthFactor: WAD, isLiquidatable: false })
    expect(terms(market, onTheLine, env)).toEqual([])
    expect(liquidate(market, onTheLine, env, request).kind).toBe('blocked')
    const below = positionOf(1_000n * DOLLAR, 800n * DOLLAR + 1n)
    expect(healthOf(market, below).isLiquidatable).toBe(true)
    expect(terms(market, below, env)).toHaveLength(1)
  })

  test('above a health factor of 0.95 half may be repaid, at exactly 0.95 all', () => {
    const atLine = positionOf(9_500n * DOLLAR, 8_000n * DOLLAR)
    expect(healthOf(market, atLine).healthFactor).toBe((95n * WAD) / 100n)
    expect(terms(market, atLine, env)[0]?.repayMax).toBe(8_000n * DOLLAR)
    const above = positionOf(9_500n * DOLLAR + DOLLAR, 8_000n * DOLLAR)
    expect(terms(market, above, env)[0]?.repayMax).toBe(4_000n * DOLLAR)
  })

  test('until 3.6 a sentinel protects from 0.95 on', () => {
    const guarded = marketOf(revision, {
      sentinel: { isLiquidationAllowed: false, isBorrowAllowed: false },
    })
    const atLine = positionOf(9_500n * DOLLAR, 8_000n * DOLLAR)
    const below = positionOf(9_500n * DOLLAR, 8_000n * DOLLAR + 1n)
    expect(healthOf(guarded, atLine).blockedBy).toEqual(revision === '3.7' ? [] : ['sequencer-down'])
    expect(healthOf(guarded, below).isExecutable).toBe(true)
  })

  test('since 3.3 neither side is left with less than 1000', () => {
    const position = positionOf(2_400n * DOLLAR, 1_950n * DOLLAR)
    const leaving = (left: bigint) =>
      liquidate(market, position, env, { ...request, repay: 1_950n * DOLLAR - left })
    expect(leaving(1_000n * DOLLAR).kind).toBe('liquidated')
    if (Number(revision.slice(2)) < 3) expect(leaving(1_000n * DOLLAR - 1n).kind).toBe('liquidated')
    else
      expect(leaving(1_000n * DOLLAR - 1n)).toMatchObject({
        kind: 'blocked',
        revert: expect.stringMatching(/^(MUST_NOT_LEAVE_DUST|MustNotLeaveDust)$/),
      })
  })

  test('when the price of the only collateral falls, health does not rise', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 1n, max: 10n ** 15n }),
        fc.bigInt({ min: 1n, max: 10n ** 15n }),
        fc.bigInt({ min: 1n, max: 10n ** 12n }),
        fc.bigInt({ min: 0n, max: 10n ** 12n }),
        (supplied, owed, price, fall) => {
          const position = positionOf(supplied, owed)
          const fallen = price > fall ? price - fall : 1n
          const [before, after] = [price, fallen].map((at) => healthOf(market, position, envAt(at)))
          expect(after?.healthFactor).toBeLessThanOrEqual(before?.healthFactor ?? 0n)
        },
      ),
    )
  })
})

describe('e-mode', () => {
  const inMode = positionOf(1_000n * DOLLAR, 800n * DOLLAR, 1)
  const thresholdOf = (market: AaveMarket) => healthOf(market, inMode).collateral[0]?.liquidationThreshold

  test.each(['3.2', '3.7'])('%s: its bitmap says who belongs to it', (revision) => {
    const members = { ...category, collateralBitmap: 0b01n }
    const others = { ...category, collateralBitmap: 0b10n }
    expect(thresholdOf(marketOf(revision, { eModes: { 1: members } }))).toBe((95n * WAD) / 100n)
    expect(thresholdOf(marketOf(revision, { eModes: { 1: others } }))).toBe((80n * WAD) / 100n)
  })

  test.each(['3.0', '3.1'])('%s: the reserve says to which it belongs', (revision) => {
    const market = marketOf(revision, { eModes: { 1: category } })
    const member = { ...reserve(0, COLLATERAL), configuration: CONFIGURATION | (1n << 168n) }
    expect(thresholdOf({ ...market, reserves: { ...market.reserves, [COLLATERAL]: member } })).toBe(
      (95n * WAD) / 100n,
    )
    expect(thresholdOf(market)).toBe((80n * WAD) / 100n)
  })
})
