// Spoke._processUserAccountData: what an account has and owes, its health factor and its risk premium.
import { RAY, UINT256_MAX } from '../../units/brands.ts'
import { checkedUint256 } from '../../units/mul-div.ts'
import { requireThat, unlessRefused } from '../refusing.ts'
import { toAddedAssetsDown } from './hub-asset.ts'
import { bpsToWad, divUp, fromRayUp, fullMulDivDown, toValue } from './math.ts'
import { assetOf, dynamicConfigOf, type Pool, priceOf, reserveOf } from './pool.ts'
import { type Debt, debtOf, debtRayOf } from './premium.ts'
import { isBorrowed, type Reserve, type UserReserve, userReserves } from './state.ts'

/** KeyValueList.MAX_VALUE: the largest value by which collaterals can be sorted. */
const SORTED_VALUE_MAX = 2n ** 224n - 1n

/** Collateral that counts. `amount` in units of the asset, `value` 1e26 a US dollar, `collateralFactor` bps. */
export type Collateral = {
  readonly reserve: Reserve
  readonly price: bigint
  readonly amount: bigint
  readonly value: bigint
  readonly collateralFactor: bigint
}

/** A debt; `valueRay` 1e53 a US dollar. */
export type Owed = {
  readonly reserve: Reserve
  readonly price: bigint
  readonly debt: Debt
  readonly valueRay: bigint
}

/**
 * ISpoke.UserAccountData and what it was made from. `riskPremium` bps, `avgCollateralFactor` and `healthFactor` wads,
 * `totalCollateralValue` 1e26 a US dollar, `totalDebtValueRay` 1e53; `weighedValue` is Σ value · collateral factor, × bps.
 */
export type Account = {
  readonly collaterals: readonly Collateral[]
  readonly debts: readonly Owed[]
  readonly weighedValue: bigint
  readonly riskPremium: bigint
  readonly avgCollateralFactor: bigint
  readonly healthFactor: bigint
  readonly totalCollateralValue: bigint
  readonly totalDebtValueRay: bigint
}

const sum = (values: readonly bigint[]): bigint =>
  values.reduce((total, value) => checkedUint256(total + value), 0n)

/** Ascending by risk, then descending by value. */
const byRisk = (a: Collateral, b: Collateral): number => {
  const [first, second] = [a.reserve.collateralRisk, b.reserve.collateralRisk]
  if (first !== second) return first < second ? -1 : 1
  return a.value === b.value ? 0 : a.value > b.value ? -1 : 1
}

/** The risk of the collateral that covers the debt, least risky first, weighed by value: bps, rounded up. */
const riskPremiumUp = (collaterals: readonly Collateral[], totalDebtValueRay: bigint): bigint => {
  const total = fromRayUp(totalDebtValueRay)
  let left = total
  let weighed = 0n
  for (const { value, reserve } of [...collaterals].sort(byRisk)) {
    const covered = value < left ? value : left
    weighed = checkedUint256(weighed + covered * reserve.collateralRisk)
    left -= covered
  }
  return left < total ? divUp(weighed, total - left) : weighed
}

/** What a user has in a reserve as collateral; none where its factor is zero, though its price is asked for even then. */
const collateralIn = (pool: Pool, id: number, userReserve: UserReserve): readonly Collateral[] => {
  const { suppliedShares, dynamicConfigKey } = userReserve
  const reserve = reserveOf(pool, id)
  const price = priceOf(pool, reserve)
  const { collateralFactor } = dynamicConfigOf(pool, reserve, dynamicConfigKey)
  if (collateralFactor === 0n || suppliedShares === 0n) return []
  const amount = toAddedAssetsDown(assetOf(pool, reserve), suppliedShares)
  const value = toValue(amount, reserve.decimals, price)
  requireThat(value < SORTED_VALUE_MAX, 'MaxDataSizeExceeded')
  return [{ reserve, price, amount, value, collateralFactor }]
}

const owedIn = (pool: Pool, id: number, userReserve: UserReserve): Owed => {
  const reserve = reserveOf(pool, id)
  const price = priceOf(pool, reserve)
  const debt = debtOf(userReserve, assetOf(pool, reserve).drawnIndex)
  const valueRay = toValue(checkedUint256(debtRayOf(debt)), reserve.decimals, price)
  return { reserve, price, debt, valueRay }
}

const accountWith = (collaterals: readonly Collateral[], debts: readonly Owed[]): Account => {
  const weighedValue = sum(collaterals.map((one) => checkedUint256(one.collateralFactor * one.value)))
  const totalCollateralValue = sum(collaterals.map(({ value }) => value))
  const totalDebtValueRay = sum(debts.map(({ valueRay }) => valueRay))
  return {
    collaterals,
    debts,
    weighedValue,
    totalCollateralValue,
    totalDebtValueRay,
    healthFactor:
      totalDebtValueRay > 0n ? fullMulDivDown(bpsToWad(weighedValue), RAY, totalDebtValueRay) : UINT256_MAX,
    avgCollateralFactor:
      totalCollateralValue > 0n ? bpsToWad(weighedValue) / totalCollateralValue : weighedValue,
    riskPremium: riskPremiumUp(collaterals, totalDebtValueRay),
  }
}

/** The account by its own dynamic configurations. Reserves are looked at from the last to the first, as the contract does, so that the same one refuses. */
export const accountOf = (pool: Pool): Account => {
  const collaterals: Collateral[] = []
  const debts: Owed[] = []
  for (const [id, userReserve] of [...userReserves(pool.position)].reverse()) {
    if (userReserve.isCollateral) collaterals.push(...collateralIn(pool, id, userReserve))
    if (isBorrowed(userReserve)) debts.push(owedIn(pool, id, userReserve))
  }
  return accountWith(collaterals, debts)
}

/** An account that owes nothing, as far as its collateral has prices: its health rests on none of them, though the contract's view does. */
export const debtFreeAccountOf = (pool: Pool): Account =>
  accountWith(
    userReserves(pool.position).flatMap(([id, userReserve]) => {
      if (!userReserve.isCollateral) return []
      const legs = unlessRefused(() => collateralIn(pool, id, userReserve))
      return 'kind' in legs ? [] : legs
    }),
    [],
  )
