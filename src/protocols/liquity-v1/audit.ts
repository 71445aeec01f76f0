// The proof: the contract's own account of a trove, and a liquidation tried on it.
import { troveManagerAbi } from '../../../abis/liquity-v1.ts'
import type { Assessment } from '../../model/assessment.ts'
import type { BlockRef } from '../../model/block.ts'
import type { Coverage } from '../../model/coverage.ts'
import type { CallResult } from '../../model/evm.ts'
import { formatMarketId } from '../../model/ids.ts'
import { PPM } from '../../units/brands.ts'
import type { AuditRead } from '../adapter.ts'
import { answerOf } from '../answers.ts'
import { unlessRefused } from '../refusing.ts'
import { debtAsset } from './amounts.ts'
import { callOf } from './reads/calls.ts'
import { faultOf, type LiquityMarket, type LiquityMirror, marketOf, readMarket, type Trove } from './state.ts'
import { entireSystem } from './system.ts'
import { entireAmounts } from './trove.ts'

const TRIAL_GAS_MAX = 2_000_000

/**
 * How a liquidation fails that is tried through a contract which takes no coins: at its very end, when the caller is to
 * be paid. So a trial leaves nothing behind.
 */
const UNPAID = 'ActivePool: sending ETH failed'

/** What a liquidation is refused with that the contract would not make. */
const REFUSED = /nothing to liquidate|Only one trove in the system|Trove does not exist|SafeMath/

/** Whether the contract would liquidate; undefined where it does not get as far as judging. */
const verdictIn = (result: CallResult | undefined): boolean | undefined => {
  if (!result) return undefined
  if (result.ok || result.error.endsWith(UNPAID)) return true
  return REFUSED.test(result.error) ? false : undefined
}

const compare = (
  [amounts, trial]: readonly CallResult[],
  assessment: Assessment,
): readonly string[] | undefined => {
  const entire = answerOf(troveManagerAbi, 'getEntireDebtAndColl', amounts)
  if (!entire.ok) return undefined
  if (assessment.kind === 'unassessable')
    return assessment.reason === 'maths-reverts'
      ? [`the contract answers, but our maths reverts: ${assessment.detail}`]
      : []
  const [debt, coll] = entire.value
  const verdict = verdictIn(trial)
  const pairs: readonly (readonly [string, unknown, unknown])[] = [
    ['debt', assessment.debtValue, debt],
    ['collateral', assessment.collateral[0]?.amount ?? 0n, coll],
    ...(verdict === undefined ? [] : [['isExecutable', assessment.isExecutable, verdict] as const]),
  ]
  return pairs.flatMap(([name, ours, theirs]) =>
    ours === theirs ? [] : [`${name}: ours ${ours}, the contract's ${theirs}`],
  )
}

/** TroveManager.getEntireDebtAndColl, and whether `liquidate` would go through in this block, by its own price. */
export const audit = ({ wiring }: LiquityMarket, { owner }: Trove): AuditRead => ({
  calls: [
    callOf(wiring.troveManager, troveManagerAbi, 'getEntireDebtAndColl', [owner]),
    callOf(wiring.troveManager, troveManagerAbi, 'liquidate', [owner], TRIAL_GAS_MAX),
  ],
  compare,
})

/** Σ tracked debt against the debt of both pools, what was redistributed included. Its divisions leave a few wei to nobody. */
export const coverage = (mirror: LiquityMirror, _block: BlockRef): readonly Coverage[] => {
  const market = marketOf(mirror)
  if (!market || faultOf(market)) return []
  const read = readMarket(market)
  const totalDebt = entireSystem(read.system).debt
  if (totalDebt === 0n) return []
  let trackedDebt = 0n
  for (const trove of mirror.positions.values()) {
    const entire = unlessRefused(() => entireAmounts(trove, read.system))
    if (!('kind' in entire)) trackedDebt += entire.debt
  }
  const ppm = Number((trackedDebt * PPM) / totalDebt)
  return [{ market: formatMarketId(market.id), ...debtAsset(read), trackedDebt, totalDebt, ppm }]
}
