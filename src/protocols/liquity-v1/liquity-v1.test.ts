// What holds for every state: rounding, the predicate, that nothing is lost or made. The contracts' own numbers are the vectors'.
import fc from 'fast-check'
import { decodeFunctionData } from 'viem'
import { describe, expect, test } from 'vitest'
import { troveManagerAbi } from '../../../abis/liquity-v1.ts'
import { UINT256_MAX, WAD } from '../../units/brands.ts'
import { act } from './action.ts'
import { assess } from './assess.ts'
import { BATCH, call, LIQUIDATE, liquidate, SEQUENCE, terms } from './liquidation.ts'
import { collateralRatioDown, decPowHalfUp } from './math.ts'
import { debtInFront, queueOf } from './queue.ts'
import { redemptions } from './redemption.ts'
import type { RevisionName } from './revisions.ts'
import { NATIVE, positionKey, type ReadMarket, type Trove } from './state.ts'
import { entireSystem } from './system.ts'
import { entireAmounts } from './trove.ts'
import { envOf, marketOf, mirrorOf, queued, requestOf } from './vectors/recorded.ts'

const NOW = '1750000000'
const LUSD = 10n ** 18n

type Plan = {
  readonly debts: readonly bigint[]
  readonly ratios: readonly bigint[]
  readonly deposits: bigint
}

/** Troves by their debts and their ratios (percent) at a price of 2000, sorted from the lowest; the last of them is large. */
const systemOf = ({ debts, ratios, deposits }: Plan, version: Exclude<RevisionName, 'zero'>) => {
  const sorted = [...ratios].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  const recorded = sorted.map((ratio, index) => {
    const debt = debts[index] ?? 2_000n * LUSD
    const coll = (debt * ratio) / 200_000n
    return {
      trove: `t${index}`,
      status: 'active',
      ...{ debt: `${debt}`, coll: `${coll}`, stake: `${coll}` },
      rewardSnapshot: { ETH: '0', LUSDDebt: '0' },
    }
  })
  const sum = (field: 'debt' | 'coll'): string =>
    recorded.reduce((total, one) => total + BigInt(one[field]), 0n).toString()
  const market = marketOf(
    {
      ...{ L_ETH: '0', L_LUSDDebt: '0', totalStakes: sum('coll') },
      ...{ lastETHError_Redistribution: '0', lastLUSDDebtError_Redistribution: '0' },
      ...{ totalStakesSnapshot: '0', totalCollateralSnapshot: '0', baseRate: '0', lastFeeOperationTime: NOW },
      troveOwnersCount: `${recorded.length}`,
      activePool: { ETH: sum('coll'), LUSDDebt: sum('debt') },
      defaultPool: { ETH: '0', LUSDDebt: '0' },
      stabilityPool: { totalLUSDDeposits: `${deposits}`, lastLUSDLossError_Offset: '0' },
    },
    version,
  )
  return { market, troves: queued(recorded) }
}

const plans = fc.record({
  debts: fc.array(fc.bigInt(2_000n * LUSD, 500_000n * LUSD), { minLength: 5, maxLength: 5 }),
  ratios: fc.array(fc.bigInt(90n, 320n), { minLength: 2, maxLength: 5 }),
  deposits: fc.oneof(fc.constantFrom(0n, 1n, LUSD, LUSD + 1n), fc.bigInt(0n, 600_000n * LUSD)),
})
const versions = fc.constantFrom('deployed' as const, 'head' as const)
const env = envOf(`${2_000n * LUSD}`, NOW)

const first = (troves: readonly Trove[]): Trove => {
  const [trove] = troves
  if (!trove) throw new Error('there is no trove')
  return trove
}

const amountOf = (amounts: readonly { readonly amount: bigint }[] | undefined, index = 0): bigint =>
  amounts?.[index]?.amount ?? 0n

test('a power of the decay falls with every minute, and is one at first', () => {
  const decay = 999_037_758_833_783_000n
  expect(decPowHalfUp(decay, 0n)).toBe(WAD)
  expect(decPowHalfUp(decay, 1n)).toBe(decay)
  fc.assert(
    fc.property(fc.bigInt(0n, 100_000n), (minutes) => {
      expect(decPowHalfUp(decay, minutes + 1n) <= decPowHalfUp(decay, minutes)).toBe(true)
    }),
  )
  expect(decPowHalfUp(decay, 10n ** 12n)).toBe(0n)
})

test('without debt the ratio is without bounds', () => {
  expect(collateralRatioDown(1n, 0n, 1n)).toBe(UINT256_MAX)
})

describe('a liquidation', () => {
  test('moves all that a trove has: what others lose is what others get', () =>
    fc.assert(
      fc.property(plans, versions, (plan, version) => {
        const { market, troves } = systemOf(plan, version)
        const trove = first(troves)
        const outcome = liquidate(market, trove, env, requestOf(market, LIQUIDATE))
        if (outcome.kind === 'blocked') return
        const after = outcome.after.market as ReadMarket
        const [before, behind] = [entireSystem(market.system), entireSystem(after.system)]
        const burnt = market.system.deposits - after.system.deposits
        expect(before.debt - behind.debt).toBe(burnt)
        const { coll, debt } = entireAmounts(trove, market.system)
        expect(outcome.repaid.amount).toBe(debt)
        const [toOthers, toCaller] = [amountOf(outcome.seized), amountOf(outcome.reward, 1)]
        expect(toOthers + toCaller + amountOf(outcome.surplus)).toBe(coll)
        expect(after.system.troveCount).toBe(market.system.troveCount - 1n)
      }),
    ))

  test('redistributes to the wei, but for what its divisions keep for the next time', () =>
    fc.assert(
      fc.property(plans, versions, (plan, version) => {
        const { market, troves } = systemOf({ ...plan, deposits: 0n }, version)
        const outcome = liquidate(market, first(troves), env, requestOf(market, LIQUIDATE))
        if (outcome.kind === 'blocked') return
        const { system } = outcome.after.market as ReadMarket
        const others = troves.slice(1).map((trove) => entireAmounts(trove, system))
        const owed = others.reduce((sum, { debt }) => sum + debt, 0n)
        const lost = entireSystem(system).debt - owed
        expect(lost >= 0n && lost <= BigInt(troves.length) + system.totalStakes / WAD).toBe(true)
      }),
    ))

  test('is listed exactly where health says so, and never of a part', () =>
    fc.assert(
      fc.property(plans, versions, (plan, version) => {
        const { market, troves } = systemOf(plan, version)
        for (const trove of troves) {
          const health = assess(market, trove, env)
          if (health.kind !== 'assessed') throw new Error(health.detail)
          const [only] = terms(market, trove, env)
          expect(health.isExecutable).toBe(only !== undefined)
          expect(health.isLiquidatable || health.healthFactor >= WAD).toBe(true)
          if (!only) continue
          const part = liquidate(market, trove, env, { ...only.request, repay: only.repayMax - 1n })
          expect(part).toMatchObject({ kind: 'blocked' })
        }
      }),
    ))

  test('never closes the last trove', () => {
    const plan = { debts: [2_000n * LUSD], ratios: [95n], deposits: 10_000n * LUSD }
    const { market, troves } = systemOf(plan, 'deployed')
    const outcome = liquidate(market, first(troves), env, requestOf(market, LIQUIDATE))
    expect(outcome).toEqual({ kind: 'blocked', revert: 'TroveManager: nothing to liquidate' })
    const blocked = { isLiquidatable: true, isExecutable: false, blockedBy: ['last-position'] }
    expect(assess(market, first(troves), env)).toMatchObject(blocked)
  })

  test('smaller than the last loss error reverts where the code is that of mainnet', () => {
    const plan = { debts: [2_000n * LUSD, 10n ** 24n], ratios: [105n, 300n], deposits: 10n ** 23n }
    const stateOf = (version: 'deployed' | 'head') => {
      const { market, troves } = systemOf(plan, version)
      const system = { ...market.system, lossError: 3_000n * LUSD * WAD }
      return { market: { ...market, system }, trove: first(troves) }
    }
    const attempt = ({ market, trove }: ReturnType<typeof stateOf>) =>
      liquidate(market, trove, env, requestOf(market, LIQUIDATE))
    const deployed = stateOf('deployed')
    expect(attempt(deployed)).toEqual({ kind: 'blocked', revert: 'SafeMath: subtraction overflow' })
    expect(assess(deployed.market, deployed.trove, env)).toMatchObject({ blockedBy: ['dust'] })
    expect(attempt(stateOf('head'))).toMatchObject({ kind: 'liquidated' })
  })

  test('is one transaction, of one trove or of several', () => {
    const { market, troves } = systemOf({ debts: [], ratios: [105n, 300n], deposits: 0n }, 'head')
    const trove = first(troves)
    const decoded = (method: string) =>
      decodeFunctionData({
        abi: troveManagerAbi,
        data: call(market, trove, { ...requestOf(market, method), troves, count: 7n }).data,
      })
    expect(decoded(LIQUIDATE)).toMatchObject({ functionName: LIQUIDATE, args: [trove.owner] })
    expect(decoded(BATCH).args).toEqual([troves.map(({ owner }) => owner)])
    expect(decoded(SEQUENCE)).toMatchObject({ functionName: SEQUENCE, args: [7n] })
  })
})

describe('the queue', () => {
  test('begins with the lowest ratio, and what is in front of a trove is redeemed before it', () =>
    fc.assert(
      fc.property(plans, versions, fc.bigInt(LUSD, 10n ** 24n), (plan, version, amount) => {
        const { market, troves } = systemOf(plan, version)
        expect(queueOf([...troves].reverse())).toEqual(troves)
        const fronts = debtInFront(market, troves, env)
        const done = redemptions.redeem(mirrorOf(market, troves), env, amount)
        if (done.kind === 'blocked') return
        let redeemed = 0n
        for (const { owner, debt } of done.positions) {
          expect(fronts.get(positionKey(owner))).toBe(redeemed)
          redeemed += debt.amount
        }
        expect(redeemed).toBe(done.redeemed.amount)
        expect(redeemed <= amount).toBe(true)
      }),
    ))

  test('ends where a link leads nowhere, and then nothing can be redeemed', () => {
    const { market, troves } = systemOf({ debts: [], ratios: [150n, 200n, 300n], deposits: 0n }, 'head')
    const known = troves.filter((_, index) => index !== 1)
    expect(queueOf(known)).toEqual(troves.slice(0, 1))
    expect(redemptions.redeem(mirrorOf(market, known), env, LUSD)).toMatchObject({ kind: 'blocked' })
  })
})

describe('actions', () => {
  const asset = NATIVE
  const { market, troves } = systemOf({ debts: [], ratios: [180n, 400n], deposits: 0n }, 'deployed')
  const trove = first(troves)

  test('borrowing with collateral opens a trove where none is open, and repaying everything closes one', () => {
    const closed: Trove = { ...trove, coll: 0n, debt: 0n, stake: 0n, status: 2, links: null }
    const debtAsset = market.wiring.debtToken
    const borrow = { kind: 'borrow', asset: debtAsset, amount: 5_000n * LUSD } as const
    expect(act(market, closed, env, borrow)).toMatchObject({
      revert: 'BorrowerOps: Trove does not exist or is closed',
    })
    const opened = act(market, closed, env, { ...borrow, collateral: 10n * LUSD })
    expect(opened).toMatchObject({
      kind: 'acted',
      after: { position: { status: 1, coll: 10n * LUSD, debt: 5_225n * LUSD } },
    })
    const everything = { kind: 'repay', asset: debtAsset, amount: UINT256_MAX } as const
    expect(act(market, trove, env, everything)).toMatchObject({
      kind: 'acted',
      after: { position: undefined },
    })
  })

  test('of other assets are refused', () => {
    const stranger = market.wiring.priceFeed
    for (const kind of ['supply', 'withdraw', 'borrow', 'repay'] as const)
      expect(act(market, trove, env, { kind, asset: stranger, amount: 1n })).toMatchObject({
        kind: 'blocked',
      })
    expect(act(market, trove, env, { kind: 'supply', asset, amount: 1n })).toMatchObject({ kind: 'acted' })
  })
})
