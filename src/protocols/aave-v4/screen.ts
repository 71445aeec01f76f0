// How accounts are screened: health is Σ value · collateral factor over Σ value of debt, as _processUserAccountData sums them
// up, in 1e26 of a US dollar.
//
// Collateral: toAddedAssetsDown cuts less than one unit of the asset, which is the slack; what follows are products.
// Debt: (drawn + premium shares) · index − premium offset, a ray without any rounding, hence no slack. What a hub accrues is in
// its index and in what a share is worth. A premium is not negative: its offset was taken at an index, and that never falls.
import { BPS, RAY } from '../../units/brands.ts'
import type { Env, Screening } from '../adapter.ts'
import { requireThat, unlessRefused } from '../refusing.ts'
import { type ScreenFactor, type ScreenRow, type ScreenTerm, screenFactor } from '../screening.ts'
import { addedTotals } from './hub-asset.ts'
import { toValue } from './math.ts'
import { assetOf, dynamicConfigOf, priceOf, reserveOf, surroundingsOf } from './pool.ts'
import {
  type AaveV4Market,
  type AaveV4Position,
  isBorrowed,
  priceKeyOf,
  type UserReserve,
  userReserves,
} from './state.ts'

/**
 * Whole tokens, dollars (eight decimals), assets a share, an index: with 128 reserves at these limits no sum or product of
 * the contract's comes near 256 bits, nor does the health factor, since a share that is drawn owes a ray at least.
 */
const TOKENS_MAX = 2n ** 40n
const PRICE_MAX = 2n ** 48n
const SHARE_VALUE_MAX = 2n ** 10n
const INDEX_MAX = 2n ** 94n

type Part = 'collateral' | 'shares' | 'offset'

const nameOf = (part: Part, id: number, configKey = 0): string => `${part}:${id}:${configKey}`

const termsOf = (id: number, one: UserReserve): ScreenRow => {
  const { dynamicConfigKey, suppliedShares, drawnShares, premiumShares, premiumOffsetRay } = one
  const supplied = { factor: nameOf('collateral', id, dynamicConfigKey), amount: suppliedShares }
  const drawn = { factor: nameOf('shares', id), amount: drawnShares + premiumShares }
  const offset = { factor: nameOf('offset', id), amount: -premiumOffsetRay }
  return {
    // The price of a collateral of which there is nothing is asked for, too.
    collateral: one.isCollateral ? [supplied] : [],
    debt: isBorrowed(one) ? (premiumOffsetRay === 0n ? [drawn] : [drawn, offset]) : [],
  }
}

const isLarge = ({ factor, amount }: ScreenTerm, sharesMax: bigint): boolean => {
  const max = factor.startsWith('offset') ? sharesMax * INDEX_MAX : sharesMax
  return amount > max || -amount > max
}

const rowOf = (market: AaveV4Market, position: AaveV4Position): ScreenRow | 'always-exact' => {
  if (position.fault || market.kind !== 'spoke') return 'always-exact'
  const collateral: ScreenTerm[] = []
  const debt: ScreenTerm[] = []
  for (const [id, one] of userReserves(position)) {
    const terms = termsOf(id, one)
    const decimals = market.reserves[id]?.decimals
    const all = [...terms.collateral, ...terms.debt]
    if (all.length === 0) continue
    if (decimals === undefined) return 'always-exact'
    if (all.some((term) => isLarge(term, TOKENS_MAX * 10n ** BigInt(decimals)))) return 'always-exact'
    collateral.push(...terms.collateral)
    debt.push(...terms.debt)
  }
  return collateral.length + debt.length === 0 ? 'always-exact' : { collateral, debt }
}

const limited = (isWithin: boolean): void => requireThat(isWithin, 'too large to be screened')

const factorIn = (market: AaveV4Market, name: string, env: Env): ScreenFactor => {
  const [part, id, configKey] = name.split(':') as [Part, string, string]
  const world = surroundingsOf(market, env)
  const reserve = reserveOf(world, Number(id))
  const price = priceOf(world, reserve)
  limited(price <= PRICE_MAX)
  const unit = toValue(1n, reserve.decimals, price)
  const priceKey = priceKeyOf(world.spoke, reserve.id)
  if (part === 'collateral') {
    const { collateralFactor } = dynamicConfigOf(world, reserve, Number(configKey))
    if (collateralFactor === 0n) return { low: 0, high: 0, slack: 0, priceKey: null }
    const { assets, shares } = addedTotals(assetOf(world, reserve))
    limited(assets <= shares * SHARE_VALUE_MAX)
    const weighed = unit * collateralFactor
    const slack = Number(weighed) / Number(BPS)
    return screenFactor({ numerator: assets * weighed, denominator: shares * BPS, slack, priceKey })
  }
  const { drawnIndex } = assetOf(world, reserve)
  limited(drawnIndex >= RAY && drawnIndex <= INDEX_MAX)
  const numerator = part === 'shares' ? drawnIndex * unit : unit
  return screenFactor({ numerator, denominator: RAY, slack: 0, priceKey })
}

/** An account by its shares: of what it uses as collateral under its own configuration, and of what it owes. */
export const screen: Screening<AaveV4Market, AaveV4Position> = {
  row: rowOf,
  factor: (market, name, env) => {
    const known = unlessRefused(() => factorIn(market, name, env))
    return 'kind' in known ? undefined : known
  },
}
