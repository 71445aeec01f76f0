// Recorded accruals of hubs and account data of spokes.
import { RAY } from '../../../units/brands.ts'
import { mulDivDown } from '../../../units/mul-div.ts'
import { unlessRefused } from '../../refusing.ts'
import { compareRecorded, type VectorFile } from '../../vectors.ts'
import { type Account, accountOf } from '../account.ts'
import { assess } from '../assess.ts'
import {
  accrued,
  addedAssetsUp,
  toAddedAssetsDown,
  toAddedAssetsUp,
  toAddedSharesDown,
  toAddedSharesUp,
  withDrawnRate,
} from '../hub-asset.ts'
import { bonusDown, LIQUIDATION_THRESHOLD } from '../liquidation-amounts.ts'
import { fromRayUp, premiumRay, rayDivDown, rayDivUp, rayMulUp } from '../math.ts'
import { assetOf, dynamicConfigOf, type Pool, poolOf, reserveOf } from '../pool.ts'
import { debtOf, drawnDebtUp, totalDebtUp } from '../premium.ts'
import { type HubAsset, userReserveOf } from '../state.ts'
import { hubOf, worldOf } from './recorded.ts'

/** The hub's previews, each of one amount. */
const PREVIEWS: Readonly<Record<string, (asset: HubAsset, amount: bigint) => bigint>> = {
  previewAddByAssets: toAddedSharesDown,
  previewAddByShares: toAddedAssetsUp,
  previewRemoveByAssets: toAddedSharesUp,
  previewRemoveByShares: toAddedAssetsDown,
  previewDrawByAssets: ({ drawnIndex }, amount) => rayDivUp(amount, drawnIndex),
  previewDrawByShares: ({ drawnIndex }, amount) => mulDivDown(amount, drawnIndex, RAY),
  previewRestoreByAssets: ({ drawnIndex }, amount) => rayDivDown(amount, drawnIndex),
  previewRestoreByShares: ({ drawnIndex }, amount) => rayMulUp(amount, drawnIndex),
}

const viewsOf = (asset: HubAsset) => {
  const premium = premiumRay(asset.premiumShares, asset.premiumOffsetRay, asset.drawnIndex)
  return {
    getAssetDrawnIndex: asset.drawnIndex,
    getAddedAssets: addedAssetsUp(asset),
    getAddedShares: asset.addedShares,
    getAssetTotalOwed: rayMulUp(asset.drawnShares, asset.drawnIndex) + fromRayUp(premium),
    getAssetPremiumRay: premium,
    getAssetAccruedFees: asset.realizedFees,
    getAssetDrawnRate: withDrawnRate(asset).drawnRate,
  }
}

export const checkAccrual = (record: VectorFile, file: VectorFile): readonly string[] => {
  const { assets } = hubOf(file, record['hubState'])
  return record['expected'].flatMap((expected: VectorFile, assetId: number) => {
    const asset = accrued(assets[assetId] as HubAsset, Number(record['timestamp']))
    const previews = Object.entries(PREVIEWS).map(([name, preview]) => [
      name,
      Object.fromEntries(
        Object.keys(expected[name] ?? {}).map((amount) => [amount, preview(asset, BigInt(amount))]),
      ),
    ])
    return compareRecorded(expected, { ...viewsOf(asset), ...Object.fromEntries(previews) })
  })
}

/** Spoke.getUserAccountData, or what makes it revert. */
export const accountDataOf = ({ collaterals, debts, ...account }: Account) => ({
  ...account,
  activeCollateralCount: String(collaterals.length),
  borrowCount: String(debts.length),
})

/** A reserve of the account's; the bonus at its health, null where it is healthy or has no health. */
const perReserve = (pool: Pool, account: Account | undefined, id: number) => {
  const reserve = reserveOf(pool, id)
  const userReserve = userReserveOf(pool.position, id)
  const asset = assetOf(pool, reserve)
  const debt = debtOf(userReserve, asset.drawnIndex)
  const config = dynamicConfigOf(pool, reserve, userReserve.dynamicConfigKey)
  return {
    getUserDebt: { drawn: drawnDebtUp(debt), premium: fromRayUp(debt.premiumRay) },
    getUserTotalDebt: totalDebtUp(debt),
    getUserPremiumDebtRay: debt.premiumRay,
    getUserSuppliedAssets: toAddedAssetsDown(asset, userReserve.suppliedShares),
    getLiquidationBonus:
      account && account.healthFactor < LIQUIDATION_THRESHOLD
        ? bonusDown(pool.spoke.liquidationConfig, config, account.healthFactor)
        : null,
  }
}

/** Health as the product tells it: the recorded account data; where that reverts for a price, whoever owes something is unassessable. */
const expectedHealth = (data: VectorFile, owes: boolean) => {
  if (data['revert'])
    return owes
      ? { kind: 'unassessable', reason: 'price-failed' }
      : { kind: 'assessed', phase: 'no-debt', liquidationValue: null }
  const { healthFactor, totalCollateralValue: collateralValue } = data
  return { kind: 'assessed', healthFactor, collateralValue }
}

export const checkScene = (record: VectorFile, file: VectorFile): readonly string[] => {
  const { market, position, env } = worldOf(file, record, record['account'], record['timestamp'])
  const pool = poolOf(market, position, env)
  const account = unlessRefused(() => accountOf(pool))
  const expected = record['expected']
  const reserves = Object.keys(expected['perReserve']).map((id) => [
    id,
    perReserve(pool, 'kind' in account ? undefined : account, Number(id)),
  ])
  return [
    ...compareRecorded(expected, {
      getUserAccountData: 'kind' in account ? { revert: account.revert } : accountDataOf(account),
      perReserve: Object.fromEntries(reserves),
    }),
    ...compareRecorded(
      expectedHealth(expected['getUserAccountData'], record['account'].borrowing.includes(true)),
      assess(market, position, env),
    ),
  ]
}
