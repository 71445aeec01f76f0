// The proof: the contract's own predicate, stored and accrued, debt and collateral; and how complete the book is.
import { cometAbi } from '../../../abis/compound-v3.ts'
import type { Assessment, Health } from '../../model/assessment.ts'
import type { BlockRef } from '../../model/block.ts'
import type { Coverage } from '../../model/coverage.ts'
import type { CallResult, ContractCall } from '../../model/evm.ts'
import { formatMarketId } from '../../model/ids.ts'
import { PPM } from '../../units/brands.ts'
import type { AuditRead } from '../adapter.ts'
import { answerOf } from '../answers.ts'
import { unlessRefused } from '../refusing.ts'
import { accrue, readMarket, totalBorrowDown } from './accrual.ts'
import { presentValueDown } from './math.ts'
import { cometCall, refusalIn } from './reads/calls.ts'
import {
  type AssetInfo,
  type CometMarket,
  type CometMirror,
  type CometPosition,
  marketOf,
  tokenOf,
  trackedPrincipal,
} from './state.ts'

const VIEW_GAS_MAX = 100_000
const BALANCE_GAS_MAX = 25_000
/** For each price that isLiquidatable may ask for. */
const PRICE_GAS_MAX = 200_000

const callsOf = (
  { comet }: CometMarket,
  { owner, collateral }: CometPosition,
  assets: readonly AssetInfo[],
): readonly ContractCall[] => {
  const gasMax = VIEW_GAS_MAX + PRICE_GAS_MAX * (Object.keys(collateral).length + 1)
  const verdict = cometCall(comet, 'isLiquidatable', [owner], gasMax)
  const accrual = cometCall(comet, 'accrueAccount', [owner], 2 * VIEW_GAS_MAX)
  return [
    cometCall(comet, 'totalsBasic', [], VIEW_GAS_MAX),
    verdict,
    cometCall(comet, 'borrowBalanceOf', [owner], VIEW_GAS_MAX),
    ...assets.map(({ asset }) => cometCall(comet, 'userCollateral', [owner, asset], BALANCE_GAS_MAX)),
    { ...verdict, gasMax: verdict.gasMax + accrual.gasMax, before: [accrual] },
  ]
}

const isSilent = (result: CallResult | undefined): boolean => !result || (!result.ok && result.data === '0x')

const compareVerdict = (
  name: string,
  result: CallResult | undefined,
  ours: boolean | undefined,
): readonly string[] => {
  if (isSilent(result)) return []
  const theirs = answerOf(cometAbi, 'isLiquidatable', result)
  if (!theirs.ok) return [`${name}: ours ${ours}, Comet refuses with ${refusalIn(result)}`]
  return theirs.value === ours ? [] : [`${name}: ours ${ours}, Comet's ${theirs.value}`]
}

const compareAmounts = (
  assets: readonly AssetInfo[],
  debt: CallResult | undefined,
  balances: readonly CallResult[],
  health: Health,
): readonly string[] => {
  const owed = answerOf(cometAbi, 'borrowBalanceOf', debt)
  const ours = health.debt[0]?.amount ?? 0n
  const differs = owed.ok && owed.value !== ours ? [`debt: ours ${ours}, Comet's ${owed.value}`] : []
  const held = assets.flatMap(({ asset }, index) => {
    const answer = answerOf(cometAbi, 'userCollateral', balances[index])
    const leg = health.collateral.find((one) => one.asset === asset)
    // A leg without a price is left out of an assessment.
    if (!answer.ok || (!leg && health.liquidationValue === null)) return []
    const amount = leg?.amount ?? 0n
    return answer.value[0] === amount ? [] : [`${asset}: ours ${amount}, Comet's ${answer.value[0]}`]
  })
  return [...differs, ...held]
}

const compare = (
  assets: readonly AssetInfo[],
  results: readonly CallResult[],
  assessment: Assessment,
): readonly string[] | undefined => {
  const [basic, view, debt, ...rest] = results
  const totals = answerOf(cometAbi, 'totalsBasic', basic)
  if (!totals.ok || isSilent(view)) return undefined
  const accrued = rest.at(-1)
  if (assessment.kind === 'unassessable') {
    const verdict = answerOf(cometAbi, 'isLiquidatable', accrued)
    return verdict.ok && assessment.reason === 'maths-reverts'
      ? [`Comet answers, but our maths reverts: ${assessment.detail}`]
      : []
  }
  // An audit before this one in the same call may have accrued: then the view has nothing stored to show.
  const isAccrued = totals.value.lastAccrualTime === assessment.block.timestamp
  const stored = isAccrued ? assessment.isLiquidatable : assessment.stored?.isLiquidatable
  return [
    ...compareVerdict('isLiquidatable as stored', view, stored),
    ...compareVerdict('isLiquidatable', accrued, assessment.isLiquidatable),
    ...compareAmounts(assets, debt, rest, assessment),
  ]
}

/** Comet.isLiquidatable as it stands and after accrueAccount, borrowBalanceOf, and the balance of every collateral. */
export const audit = (market: CometMarket, position: CometPosition): AuditRead => {
  const assets = market.configuration?.assets ?? []
  return {
    calls: callsOf(market, position, assets),
    compare: (results, assessment) => compare(assets, results, assessment),
  }
}

/** Σ tracked debt against the market's own total, both as principal at the index of the block. */
export const coverage = (mirror: CometMirror, block: BlockRef): readonly Coverage[] => {
  const market = marketOf(mirror)
  if (!market?.configuration || !market.totals || market.fault) return []
  const { baseToken } = market.configuration
  const accrued = unlessRefused(() => accrue(readMarket(market), block.timestamp))
  if ('kind' in accrued) return []
  const { totalBorrowBase, baseBorrowIndex } = accrued.totals
  if (totalBorrowBase === 0n) return []
  const tracked = trackedPrincipal(mirror)
  return [
    {
      market: formatMarketId(market.id),
      asset: baseToken,
      ...tokenOf(market, baseToken),
      trackedDebt: presentValueDown(tracked, baseBorrowIndex),
      totalDebt: totalBorrowDown(accrued),
      ppm: Number((tracked * PPM) / totalBorrowBase),
    },
  ]
}
