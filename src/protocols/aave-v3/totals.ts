// What all accounts of a pool hold and owe together.
import type { AssetTotals } from '../../model/totals.ts'
import { WAD } from '../../units/brands.ts'
import { mulDivDown } from '../../units/mul-div.ts'
import type { Env } from '../adapter.ts'
import { unlessRefused } from '../refusing.ts'
import { indicesOf } from './accrual.ts'
import { decodeConfiguration } from './configuration.ts'
import { revisionOf } from './revisions/index.ts'
import type { AccountMath } from './revisions/revision.ts'
import { type AaveMarket, type Reserve, reservesOf } from './state.ts'

/** The usage ratio of the rate strategies: debt ÷ (liquidity + debt). Liquidity is what the pool counts, or before 3.1 what the aToken holds. */
const usageDown = ({ virtualBalance, underlyingBalance }: Reserve, borrowed: bigint): bigint | null => {
  const liquidity = virtualBalance ?? underlyingBalance
  if (borrowed === 0n) return 0n
  return liquidity === undefined ? null : mulDivDown(borrowed, WAD, liquidity + borrowed)
}

const ofReserve = (reserve: Reserve, math: AccountMath, timestamp: number): AssetTotals | undefined => {
  const { asset, symbol, totals, fault, configuration } = reserve
  if (!totals || fault) return undefined
  const { income, debt } = indicesOf(reserve, math, timestamp)
  const { scaledSupply, scaledVariableDebt, stableDebt } = totals
  const borrowed =
    math.variableDebtBalance(scaledVariableDebt, debt) + math.stableBalance(stableDebt, timestamp)
  return {
    ...{ asset, symbol, decimals: decodeConfiguration(configuration).decimals },
    ...{ supplied: math.collateralBalance(scaledSupply, income), borrowed },
    utilization: usageDown(reserve, borrowed),
  }
}

/** totalSupply of each reserve's aToken and of its debt tokens. */
export const totals = (market: AaveMarket, { timestamp }: Env): readonly AssetTotals[] => {
  const math = revisionOf(market.revision)?.account
  if (!math) return []
  return reservesOf(market).flatMap((reserve) => {
    const found = unlessRefused(() => ofReserve(reserve, math, timestamp))
    return found === undefined || 'kind' in found ? [] : [found]
  })
}
