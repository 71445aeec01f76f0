// The proof: the pool's own account data, and how complete the book is.
import { encodeFunctionData } from 'viem'
import { poolAbi } from '../../../abis/aave-v3.ts'
import type { Assessment } from '../../model/assessment.ts'
import type { BlockRef } from '../../model/block.ts'
import type { Coverage } from '../../model/coverage.ts'
import type { CallResult } from '../../model/evm.ts'
import { formatMarketId } from '../../model/ids.ts'
import { PPM } from '../../units/brands.ts'
import type { AuditRead } from '../adapter.ts'
import { answerOf } from '../answers.ts'
import { decodeConfiguration } from './configuration.ts'
import { revisionOf } from './revisions/index.ts'
import type { AccountMath } from './revisions/revision.ts'
import { type AaveMarket, type AaveMirror, type AavePosition, marketOf, reservesOf } from './state.ts'

const ACCOUNT_DATA_GAS_MAX = 2_000_000

const compare = (results: readonly CallResult[], assessment: Assessment): readonly string[] | undefined => {
  const [result] = results
  if (!result || (!result.ok && result.data === '0x')) return undefined
  const answer = answerOf(poolAbi, 'getUserAccountData', result)
  if (assessment.kind === 'unassessable')
    return answer.ok && assessment.reason === 'maths-reverts'
      ? [`the pool answers, but our maths reverts: ${assessment.detail}`]
      : []
  if (!answer.ok) return [`the pool does not answer (${answer.fault.detail}), but we assessed`]
  const [collateral, debt, , , , healthFactor] = answer.value
  const pairs = [
    ['collateralValue', assessment.collateralValue, collateral],
    ['debtValue', assessment.debtValue, debt],
    ['healthFactor', assessment.healthFactor, healthFactor],
  ] as const
  return pairs.flatMap(([name, ours, theirs]) =>
    ours === theirs ? [] : [`${name}: ours ${ours}, the pool's ${theirs}`],
  )
}

/**
 * Pool.getUserAccountData of one account; collateral, debt and health factor must agree to the unit. A failure without
 * a word is no answer: an endpoint that gives too little gas looks the same.
 */
export const audit = (market: AaveMarket, position: AavePosition): AuditRead => ({
  calls: [
    {
      to: market.wiring.pool,
      data: encodeFunctionData({ abi: poolAbi, functionName: 'getUserAccountData', args: [position.owner] }),
      gasMax: ACCOUNT_DATA_GAS_MAX,
    },
  ],
  compare,
})

type Tracked = { readonly scaled: bigint; readonly stable: bigint }

/** Tracked debts by asset, scaled and stable, in one pass over all positions. */
const trackedDebts = (
  mirror: AaveMirror,
  math: AccountMath,
  timestamp: number,
): ReadonlyMap<string, Tracked> => {
  const tracked = new Map<string, Tracked>()
  for (const { legs } of mirror.positions.values())
    for (const [asset, { scaledVariableDebt, stableDebt }] of Object.entries(legs)) {
      if (scaledVariableDebt === 0n && !stableDebt) continue
      const { scaled, stable } = tracked.get(asset) ?? { scaled: 0n, stable: 0n }
      const balance = stableDebt ? math.stableBalance(stableDebt, timestamp) : 0n
      tracked.set(asset, { scaled: scaled + scaledVariableDebt, stable: stable + balance })
    }
  return tracked
}

/** Σ tracked debt against the reserve's own total, both accrued to the block, for every reserve that has debt. */
export const coverage = (mirror: AaveMirror, block: BlockRef): readonly Coverage[] => {
  const market = marketOf(mirror)
  const math = market && revisionOf(market.revision)?.account
  if (!market || !math) return []
  const debts = trackedDebts(mirror, math, block.timestamp)
  return reservesOf(market).flatMap((reserve) => {
    if (!reserve.totals || reserve.fault) return []
    const { scaledVariableDebt, stableDebt } = reserve.totals
    const index = math.normalizedDebt(reserve, block.timestamp)
    const totalDebt =
      math.variableDebtBalance(scaledVariableDebt, index) + math.stableBalance(stableDebt, block.timestamp)
    if (totalDebt === 0n) return []
    const { scaled, stable } = debts.get(reserve.asset) ?? { scaled: 0n, stable: 0n }
    const tracked = math.variableDebtBalance(scaled, index) + stable
    return [
      {
        market: formatMarketId(market.id),
        asset: reserve.asset,
        symbol: reserve.symbol,
        decimals: decodeConfiguration(reserve.configuration).decimals,
        trackedDebt: tracked,
        totalDebt,
        ppm: Number((tracked * PPM) / totalDebt),
      },
    ]
  })
}
