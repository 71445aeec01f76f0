// How accounts are screened: two sums over the reserves in use, of scaled balances times what one unit of them is worth.
//
// Of s scaled units at index i and price p, in an asset of d decimals, the pool makes
//   balance = s · i / RAY, half-up or cut (debts half-up or up): off by at most one unit of the asset;
//   value   = balance · p / 10^d, cut (debts up since 3.5): off by at most one base unit besides.
// Collateral weighs value · t / BPS, t the threshold of the reserve or of the account's category: since 3.5 exactly so. Until 3.4
// the average threshold loses up to one basis point of all collateral, hence t − 1 at least, and the product is rounded half-up:
// one base unit more for all terms together. That health is rounded to a wad is below the error of a float64.
//
// Reverts: with s, i and p below 2^112 and p · i / (RAY · 10^d) below 2^60, balances stay below 2^135, balance · price below 2^247,
// a value below 2^172, and 128 reserves' values · t (2^16) · WAD (2^60) below 2^256.
import type { Address } from 'viem'
import { BPS, RAY } from '../../units/brands.ts'
import { powerOfTen } from '../../units/power-of-ten.ts'
import type { Env } from '../adapter.ts'
import { unlessRefused } from '../refusing.ts'
import { type ScreenFactor, type ScreenRow, type ScreenTerm, screenFactor } from '../screening.ts'
import { categoryOf, priceOf } from './account.ts'
import { indicesOf } from './accrual.ts'
import { bitsOf, decodeConfiguration, isBorrowing, isUsingAsCollateral } from './configuration.ts'
import { revisionOf } from './revisions/index.ts'
import type { AaveMarket, AavePosition } from './state.ts'

const WORD_LIMIT = 2n ** 112n
const UNIT_VALUE_LIMIT = 2n ** 60n

const COLLATERAL = 'collateral'
const DEBT = 'debt'

/** Names by asset and e-mode: the same strings for all accounts, which are found faster than equal ones. */
const namesOf = new Map<string, { readonly collateral: string; readonly debt: string }[]>()

const factorNames = (
  asset: string,
  eMode: number,
): { readonly collateral: string; readonly debt: string } => {
  const ofAsset = namesOf.get(asset) ?? []
  if (ofAsset.length === 0) namesOf.set(asset, ofAsset)
  const known = ofAsset[eMode]
  if (known) return known
  const name = `${asset}:${eMode}`
  const names = { collateral: `${COLLATERAL}:${name}`, debt: `${DEBT}:${name}` }
  ofAsset[eMode] = names
  return names
}

/** An account's used reserves as scaled balances; exact where anything is missing, and for stable or discounted debts. */
export const row = (market: AaveMarket, position: AavePosition): ScreenRow | 'always-exact' => {
  if (position.fault) return 'always-exact'
  const collateral: ScreenTerm[] = []
  const debt: ScreenTerm[] = []
  let missingBits = position.userConfiguration
  for (const asset in position.legs) {
    const leg = position.legs[asset as Address]
    const reserve = market.reserves[asset as Address]
    if (!leg || !reserve || reserve.id < 0) continue
    const { scaledCollateral, scaledVariableDebt, stableDebt, discount } = leg
    const isOdd = stableDebt || discount || scaledCollateral >= WORD_LIMIT || scaledVariableDebt >= WORD_LIMIT
    if (isOdd) return 'always-exact'
    const isCollateral = isUsingAsCollateral(position.userConfiguration, reserve.id)
    const isBorrowed = isBorrowing(position.userConfiguration, reserve.id)
    if (!isCollateral && !isBorrowed) continue
    const names = factorNames(asset, position.eMode)
    if (isCollateral) collateral.push({ factor: names.collateral, amount: scaledCollateral })
    if (isBorrowed) debt.push({ factor: names.debt, amount: scaledVariableDebt })
    missingBits &= ~bitsOf(reserve.id)
  }
  const isWhole = missingBits === 0n && collateral.length + debt.length > 0
  return isWhole ? { collateral, debt } : 'always-exact'
}

const NOTHING: ScreenFactor = { low: 0, high: 0, slack: 0, priceKey: null }

/** One scaled unit of a reserve as collateral or as debt of accounts in an e-mode: `collateral:asset:eMode`, `debt:asset:eMode`. */
export const factor = (market: AaveMarket, name: string, env: Env): ScreenFactor | undefined => {
  const [side, asset, eModeText] = name.split(':')
  const eMode = Number(eModeText)
  const math = revisionOf(market.revision)?.account
  const reserve = market.reserves[asset as Address]
  if (market.fault || !math || !reserve || reserve.fault || reserve.id < 0) return undefined
  const category = categoryOf(market, eMode)
  if (category && 'reason' in category) return undefined
  const configuration = decodeConfiguration(reserve.configuration)
  const isInCategory = category !== undefined && math.isInCategory(category, eMode, reserve.id, configuration)
  const priced = priceOf(reserve, isInCategory ? category : undefined, env)
  const indices = unlessRefused(() => indicesOf(reserve, math, env.timestamp))
  if ('reason' in priced || 'kind' in indices) return undefined
  const { price, priceKey } = priced
  const index = side === DEBT ? indices.debt : indices.income
  const unit = RAY * powerOfTen(configuration.decimals)
  if (index >= WORD_LIMIT || price >= WORD_LIMIT || index * price >= UNIT_VALUE_LIMIT * unit) return undefined
  const assetUnit = Number(price) / 10 ** configuration.decimals // base
  const { decimals } = configuration
  if (side === DEBT)
    return screenFactor({
      ...{ numerator: index * price, denominator: unit, slack: assetUnit + 1, priceKey },
      termOf: (amount) => {
        const value = Number(math.debtValue(math.variableDebtBalance(amount, index), price, decimals))
        return { low: value, high: value }
      },
    })
  const threshold = isInCategory ? category.liquidationThreshold : configuration.liquidationThreshold // bps
  if (!math.countsAsCollateral(configuration)) return NOTHING
  if (threshold === 0n) return math.isAverageCut ? undefined : NOTHING
  const lowThreshold = math.isAverageCut ? threshold - 1n : threshold
  const halfUp = math.isAverageCut ? 0.5 : 0 // base
  const known = screenFactor({
    numerator: index * price * threshold,
    lowNumerator: index * price * lowThreshold,
    denominator: unit * BPS,
    slack: (assetUnit + 1) * (Number(threshold) / Number(BPS)) + 1,
    priceKey,
    termOf: (amount) => {
      const value = Number(math.collateralValue(math.collateralBalance(amount, index), price, decimals))
      const [low, high] = [lowThreshold, threshold].map((one) => (value * Number(one)) / Number(BPS)) as [
        number,
        number,
      ]
      return { low: low - halfUp, high: high + halfUp }
    },
  })
  return math.isAverageCut ? { ...known, isWhole: true } : known
}
