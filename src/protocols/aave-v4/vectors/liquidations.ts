// Recorded liquidations: the account before, the events, and the state behind them.
import { zeroAddress } from 'viem'
import { UINT256_MAX } from '../../../units/brands.ts'
import { unlessRefused } from '../../refusing.ts'
import { compareRecorded, type VectorFile } from '../../vectors.ts'
import { accountOf } from '../account.ts'
import { type AaveV4Request, type Execution, executeLiquidation } from '../execution.ts'
import { liquidate } from '../liquidation.ts'
import { type Pool, poolOf } from '../pool.ts'
import type { PremiumDelta } from '../premium.ts'
import {
  type AaveV4Position,
  type HubMarket,
  isBorrowed,
  type SpokeMarket,
  userReserveOf,
  userReserves,
} from '../state.ts'
import { accountDataOf } from './accounts.ts'
import { accountNamed, userReserveOf as recordedReserve, worldOf } from './recorded.ts'

const requestOf = ({ input, liquidator }: VectorFile, { reserves }: SpokeMarket): AaveV4Request => {
  const collateralReserveId = Number(input.collateralReserveId)
  const debtReserveId = Number(input.debtReserveId)
  return {
    method: 'liquidationCall',
    debtAsset: reserves[debtReserveId]?.underlying ?? zeroAddress,
    collateralAsset: reserves[collateralReserveId]?.underlying ?? zeroAddress,
    collateralReserveId,
    debtReserveId,
    repay: input.debtToCover === 'max' ? UINT256_MAX : BigInt(input.debtToCover),
    receiveShares: input.receiveShares,
    liquidator: accountNamed(liquidator),
  }
}

/** The events of the premium that follow a liquidation, by what they changed: what its own event did not. */
const refreshesOf = (before: AaveV4Position, { pool, debt, premiumDelta, deficits }: Execution) => {
  const isQuiet = before.riskPremium === 0n && pool.position.riskPremium === 0n
  if (deficits.length > 0 || isQuiet) return []
  const none: PremiumDelta = { sharesDelta: 0n, offsetRayDelta: 0n, restoredPremiumRay: 0n }
  return [...userReserves(pool.position)].reverse().flatMap(([id, after]) => {
    if (!isBorrowed(after)) return []
    const own = id === debt.id ? premiumDelta : none
    const was = userReserveOf(before, id)
    const changed: PremiumDelta = {
      sharesDelta: after.premiumShares - was.premiumShares - own.sharesDelta,
      offsetRayDelta: after.premiumOffsetRay - was.premiumOffsetRay - own.offsetRayDelta,
      restoredPremiumRay: 0n,
    }
    return [{ reserveId: String(id), premiumDelta: changed }]
  })
}

const riskPremiumEvent = (before: AaveV4Position, { pool, deficits }: Execution): bigint | null => {
  const isQuiet = before.riskPremium === 0n && pool.position.riskPremium === 0n
  return deficits.length === 0 && isQuiet ? null : pool.position.riskPremium
}

/** Raw numbers with counts and keys as the records write them. */
const reserveRecord = (reserve: ReturnType<typeof userReserveOf>) => ({
  ...reserve,
  dynamicConfigKey: String(reserve.dynamicConfigKey),
})

const accountRecord = ({ spoke, position }: Pool, name: string) => {
  const all = Array.from({ length: spoke.reserveCount }, (_, id) => userReserveOf(position, id))
  return {
    name,
    riskPremium: position.riskPremium,
    positions: all.map(reserveRecord),
    usingAsCollateral: all.map(({ isCollateral }) => isCollateral),
    borrowing: all.map(isBorrowed),
  }
}

/** The assets of the hub behind it; what other spokes have there stays as it was. */
const hubRecord = ({ pool, collateral, debt }: Execution, record: VectorFile, file: VectorFile) => {
  const { spoke } = pool
  const hub = (pool.hubs.get(debt.hub) ?? pool.env.markets(debt.hub)) as HubMarket
  const entries = [collateral, debt].map(({ id, assetId }) => {
    const asset = hub.assets[assetId]
    const others = file['hubStates'][record['hubState']][assetId].spokes
    return [
      assetId,
      {
        ...asset,
        decimals: String(asset?.decimals),
        lastUpdateTimestamp: String(asset?.lastUpdateTimestamp),
        spokes: { ...others, [record['spoke']]: spoke.spokeData[id] },
      },
    ]
  })
  return Object.fromEntries(entries)
}

const outcomeOf = (executed: Execution, before: AaveV4Position, record: VectorFile, file: VectorFile) => {
  const { pool, amounts, deficits } = executed
  const recorded = recordedReserve(record['liquidatorPosition'], false)
  const received = record['input'].receiveShares ? amounts.liquidatorShares : 0n
  return {
    LiquidationCall: {
      debtAmountRestored: executed.amountRestored,
      drawnSharesLiquidated: amounts.drawnShares,
      premiumDelta: executed.premiumDelta,
      collateralAmountRemoved: executed.amountRemoved,
      collateralSharesLiquidated: amounts.collateralShares,
      collateralSharesToLiquidator: amounts.liquidatorShares,
    },
    ReportDeficit: deficits.map(({ reserve, debt, delta }) => ({
      reserveId: String(reserve.id),
      drawnShares: debt.drawnShares,
      premiumDelta: delta,
    })),
    RefreshPremiumDebt: refreshesOf(before, executed),
    UpdateUserRiskPremium: riskPremiumEvent(before, executed),
    after: {
      account: accountRecord(pool, record['violator'].name),
      getUserAccountData: accountDataOf(accountOf(pool)),
      liquidatorPosition: reserveRecord({
        ...recorded,
        suppliedShares: recorded.suppliedShares + received,
      }),
      hubAssets: hubRecord(executed, record, file),
    },
  }
}

export const checkAttempt = (record: VectorFile, file: VectorFile): readonly string[] => {
  const { market, position, env } = worldOf(file, record, record['violator'], record['txTimestamp'])
  const request = requestOf(record, market)
  const data = unlessRefused(() => accountDataOf(accountOf(poolOf(market, position, env))))
  const atTx = compareRecorded(record['atTx'], {
    getUserAccountData: 'kind' in data ? { revert: data.revert } : data,
  })
  const liquidated = liquidate(market, position, env, request)
  const outcome =
    liquidated.kind === 'blocked'
      ? { revert: liquidated.revert }
      : outcomeOf(executeLiquidation(poolOf(market, position, env), request), position, record, file)
  return [...atTx, ...compareRecorded(record['outcome'], outcome)]
}
