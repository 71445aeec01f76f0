// What a spoke's calls do to a hub's asset and to the spoke's own account of it, refusals in the hub's words and order.
// Tokens themselves are not modelled: what is sent arrives.
import { checkedUint256 } from '../../units/mul-div.ts'
import { requireThat } from '../refusing.ts'
import { toAddedAssetsUp, toAddedSharesDown, toAddedSharesUp, withDrawnRate } from './hub-asset.ts'
import {
  checkedUint,
  fromRayUp,
  percentMulUp,
  premiumRay,
  rayDivDown,
  rayDivUp,
  rayMulUp,
  toInt200,
  toUint,
} from './math.ts'
import { assetOf, type Pool, spokeDataOf, withHub } from './pool.ts'
import { applyShares, type PremiumDelta } from './premium.ts'
import type { HubAsset, Reserve, SpokeData } from './state.ts'

/** Hub.MAX_ALLOWED_SPOKE_CAP, MAX_RISK_PREMIUM_THRESHOLD: no limit. */
const CAP_UNLIMITED = 2n ** 40n - 1n
const THRESHOLD_UNLIMITED = 2n ** 24n - 1n

type Books = { readonly asset: HubAsset; readonly data: SpokeData }

/** Does something to an accrued asset and the spoke's account of it; the rate follows. */
const change = (pool: Pool, reserve: Reserve, movement: (books: Books) => Books): Pool => {
  const { asset, data } = movement({ asset: assetOf(pool, reserve), data: spokeDataOf(pool, reserve) })
  return withHub(pool, reserve, withDrawnRate(asset), data)
}

const requireActive = ({ active }: SpokeData): void => requireThat(active, 'SpokeNotActive')

const requireOpen = (data: SpokeData): void => {
  requireActive(data)
  requireThat(!data.halted, 'SpokeHalted')
}

/** A cap in whole tokens leaves room for this amount in units. */
const isWithinCap = (cap: bigint, { decimals }: HubAsset, amount: bigint): boolean =>
  cap === CAP_UNLIMITED || cap * 10n ** BigInt(decimals) >= amount

const withLiquidity = (asset: HubAsset, liquidity: bigint): HubAsset => ({
  ...asset,
  liquidity: toUint(liquidity, 120n),
})

/** A number of shares that both the asset and the spoke's account of it gain or lose. */
const addShares = ({ asset, data }: Books, which: 'addedShares' | 'drawnShares', shares: bigint): Books => ({
  asset: { ...asset, [which]: checkedUint(asset[which] + shares, 120n) },
  data: { ...data, [which]: checkedUint(data[which] + shares, 120n) },
})

/** The spoke's debt at the hub, in units of the asset, both parts rounded up. */
const drawnUp = ({ asset, data }: Books): bigint => rayMulUp(data.drawnShares, asset.drawnIndex)
const premiumDebtRay = ({ asset, data }: Books): bigint =>
  premiumRay(data.premiumShares, data.premiumOffsetRay, asset.drawnIndex)

/** Hub.add: shares for what is supplied, rounded down. */
export const add = (pool: Pool, reserve: Reserve, amount: bigint): { pool: Pool; shares: bigint } => {
  let shares = 0n
  const after = change(pool, reserve, (books) => {
    const { asset, data } = books
    requireThat(amount > 0n, 'InvalidAmount')
    requireOpen(data)
    const added = checkedUint256(toAddedAssetsUp(asset, data.addedShares) + amount)
    requireThat(isWithinCap(data.addCap, asset, added), 'AddCapExceeded', [data.addCap])
    const liquidity = checkedUint256(asset.liquidity + amount)
    shares = toUint(toAddedSharesDown(asset, amount), 120n)
    requireThat(shares > 0n, 'InvalidShares')
    const moved = addShares(books, 'addedShares', shares)
    return { ...moved, asset: withLiquidity(moved.asset, liquidity) }
  })
  return { pool: after, shares }
}

const requireLiquidity = ({ liquidity }: HubAsset, amount: bigint): void =>
  requireThat(amount <= liquidity, 'InsufficientLiquidity', [liquidity])

/** Hub.remove: shares for what is withdrawn, rounded up. */
export const remove = (pool: Pool, reserve: Reserve, amount: bigint): { pool: Pool; shares: bigint } => {
  let shares = 0n
  const after = change(pool, reserve, (books) => {
    requireThat(amount > 0n, 'InvalidAmount')
    requireOpen(books.data)
    requireLiquidity(books.asset, amount)
    shares = toUint(toAddedSharesUp(books.asset, amount), 120n)
    const moved = addShares(books, 'addedShares', -shares)
    return { ...moved, asset: withLiquidity(moved.asset, books.asset.liquidity - amount) }
  })
  return { pool: after, shares }
}

/** Hub.draw: shares for what is borrowed, rounded up. */
export const draw = (pool: Pool, reserve: Reserve, amount: bigint): { pool: Pool; shares: bigint } => {
  let shares = 0n
  const after = change(pool, reserve, (books) => {
    const { asset, data } = books
    requireThat(amount > 0n, 'InvalidAmount')
    requireOpen(data)
    const owed = drawnUp(books) + fromRayUp(premiumDebtRay(books)) + amount + fromRayUp(data.deficitRay)
    requireThat(isWithinCap(data.drawCap, asset, checkedUint256(owed)), 'DrawCapExceeded', [data.drawCap])
    requireLiquidity(asset, amount)
    shares = toUint(rayDivUp(amount, asset.drawnIndex), 120n)
    const moved = addShares(books, 'drawnShares', shares)
    return { ...moved, asset: withLiquidity(moved.asset, asset.liquidity - amount) }
  })
  return { pool: after, shares }
}

const withPremium = <T extends HubAsset | SpokeData>(one: T, drawnIndex: bigint, delta: PremiumDelta): T => {
  const before = premiumRay(one.premiumShares, one.premiumOffsetRay, drawnIndex)
  const shares = applyShares(one.premiumShares, delta)
  const offsetRay = one.premiumOffsetRay + delta.offsetRayDelta
  const after = premiumRay(shares, offsetRay, drawnIndex)
  requireThat(after + delta.restoredPremiumRay === before, 'InvalidPremiumChange')
  return { ...one, premiumShares: toUint(shares, 120n), premiumOffsetRay: toInt200(offsetRay) }
}

/** Hub._applyPremiumDelta: the premium falls by exactly what is restored, and stays within the spoke's threshold. */
const applyPremium = ({ asset, data }: Books, delta: PremiumDelta): Books => {
  const books = {
    asset: withPremium(asset, asset.drawnIndex, delta),
    data: withPremium(data, asset.drawnIndex, delta),
  }
  const { premiumShares, drawnShares, riskPremiumThreshold } = books.data
  requireThat(
    riskPremiumThreshold === THRESHOLD_UNLIMITED ||
      premiumShares <= percentMulUp(drawnShares, riskPremiumThreshold),
    'InvalidPremiumChange',
  )
  return books
}

/** Debt that leaves the spoke's account, repaid or written off; `what` is in the hub's errors. */
const takeDebt = (
  books: Books,
  drawnAmount: bigint,
  delta: PremiumDelta,
  what: 'Restored' | 'DeficitReported',
): Books & { readonly shares: bigint } => {
  const drawn = drawnUp(books)
  const owedRay = premiumDebtRay(books)
  requireThat(drawnAmount <= drawn, `SurplusDrawn${what}`, [drawn])
  requireThat(delta.restoredPremiumRay <= owedRay, `SurplusPremiumRay${what}`, [owedRay])
  const shares = toUint(rayDivDown(drawnAmount, books.asset.drawnIndex), 120n)
  return { ...applyPremium(addShares(books, 'drawnShares', -shares), delta), shares }
}

const requireSome = (drawnAmount: bigint, { restoredPremiumRay }: PremiumDelta): void =>
  requireThat(drawnAmount > 0n || restoredPremiumRay > 0n, 'InvalidAmount')

/** Hub.restore: drawn debt and premium debt are repaid. */
export const restore = (pool: Pool, reserve: Reserve, drawnAmount: bigint, delta: PremiumDelta): Pool =>
  change(pool, reserve, (books) => {
    requireSome(drawnAmount, delta)
    requireOpen(books.data)
    const { asset, data } = takeDebt(books, drawnAmount, delta, 'Restored')
    const paid = drawnAmount + fromRayUp(delta.restoredPremiumRay)
    return { asset: withLiquidity(asset, checkedUint256(asset.liquidity + paid)), data }
  })

/** Hub.reportDeficit: drawn debt and premium debt that nobody will repay; suppliers keep them as a claim. */
export const reportDeficit = (pool: Pool, reserve: Reserve, drawnAmount: bigint, delta: PremiumDelta): Pool =>
  change(pool, reserve, (books) => {
    requireSome(drawnAmount, delta)
    requireActive(books.data)
    const { asset, data, shares } = takeDebt(books, drawnAmount, delta, 'DeficitReported')
    const deficitRay = toUint(shares * asset.drawnIndex + delta.restoredPremiumRay, 200n)
    return {
      asset: { ...asset, deficitRay: checkedUint(asset.deficitRay + deficitRay, 200n) },
      data: { ...data, deficitRay: checkedUint(data.deficitRay + deficitRay, 200n) },
    }
  })

/** Hub.refreshPremium: a new risk premium, which changes nothing that is owed now. */
export const refreshPremium = (pool: Pool, reserve: Reserve, delta: PremiumDelta): Pool =>
  change(pool, reserve, (books) => {
    requireActive(books.data)
    return applyPremium(books, delta)
  })

/** Hub.payFeeShares: supplied shares go to the fee receiver. */
export const payFeeShares = (pool: Pool, reserve: Reserve, shares: bigint): Pool =>
  change(pool, reserve, ({ asset, data }) => {
    requireActive(data)
    requireThat(shares > 0n, 'InvalidShares')
    return { asset, data: { ...data, addedShares: checkedUint(data.addedShares - shares, 120n) } }
  })
