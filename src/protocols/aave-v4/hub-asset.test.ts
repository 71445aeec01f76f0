// What holds of a hub's asset in every state: shares never gain by rounding, and interest is never negative.
import fc from 'fast-check'
import { zeroAddress } from 'viem'
import { expect, test } from 'vitest'
import { RAY } from '../../units/brands.ts'
import {
  accrued,
  addedAssetsUp,
  toAddedAssetsDown,
  toAddedAssetsUp,
  toAddedSharesDown,
  toAddedSharesUp,
  withDrawnRate,
} from './hub-asset.ts'
import type { HubAsset } from './state.ts'

const NOW = 1_700_000_000
const upTo = (max: bigint) => fc.bigInt({ min: 0n, max })

const assets = fc
  .record({
    liquidity: upTo(10n ** 30n),
    addedShares: upTo(10n ** 30n),
    drawnShares: upTo(10n ** 30n),
    premiumShares: upTo(10n ** 28n),
    drawnIndex: fc.bigInt({ min: RAY, max: 3n * RAY }),
    drawnRate: upTo(RAY),
    deficitRay: upTo(10n ** 40n),
    liquidityFee: upTo(10_000n),
  })
  .map(
    (drawn): HubAsset => ({
      ...drawn,
      underlying: zeroAddress,
      decimals: 18,
      swept: 0n,
      realizedFees: 0n,
      premiumOffsetRay: drawn.premiumShares * RAY,
      lastUpdateTimestamp: NOW,
      irStrategy: zeroAddress,
    }),
  )
const amounts = upTo(10n ** 30n)

test('assets that become shares and assets again are never more', () => {
  fc.assert(
    fc.property(assets, amounts, (asset, amount) => {
      expect(toAddedAssetsDown(asset, toAddedSharesDown(asset, amount)) <= amount).toBe(true)
      expect(toAddedSharesUp(asset, amount) >= toAddedSharesDown(asset, amount)).toBe(true)
      expect(toAddedAssetsUp(asset, amount) >= toAddedAssetsDown(asset, amount)).toBe(true)
    }),
  )
})

test('time raises the index and what suppliers own together, and the fees by no more than their part', () => {
  fc.assert(
    fc.property(assets, fc.integer({ min: 0, max: 10 * 31_536_000 }), (asset, seconds) => {
      const after = accrued(asset, NOW + seconds)
      expect(after.drawnIndex >= asset.drawnIndex).toBe(true)
      expect(addedAssetsUp(after) >= addedAssetsUp(asset)).toBe(true)
      expect(accrued(after, NOW + seconds)).toBe(after)
    }),
  )
})

test('nothing accrues while nothing is drawn', () => {
  fc.assert(
    fc.property(assets, fc.integer({ min: 1, max: 31_536_000 }), (asset, seconds) => {
      const idle: HubAsset = { ...asset, drawnShares: 0n, premiumShares: 0n, premiumOffsetRay: 0n }
      expect(accrued(idle, NOW + seconds)).toEqual({ ...idle, lastUpdateTimestamp: NOW + seconds })
    }),
  )
})

test('the rate rises with usage, and stays where the strategy is of an unknown kind', () => {
  const rateCurve = {
    optimalUsageRatio: 8_000n,
    baseDrawnRate: 100n,
    rateGrowthBeforeOptimal: 400n,
    rateGrowthAfterOptimal: 6_000n,
  }
  fc.assert(
    fc.property(assets, amounts, (asset, more) => {
      const rateAt = (drawnShares: bigint): bigint =>
        withDrawnRate({ ...asset, rateCurve, drawnShares }).drawnRate
      expect(rateAt(asset.drawnShares + more) >= rateAt(asset.drawnShares)).toBe(true)
      expect(withDrawnRate(asset)).toBe(asset)
    }),
  )
})
