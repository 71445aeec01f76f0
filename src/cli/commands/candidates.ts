import colors from 'picocolors'
import { assessStored } from '../../app/stored.ts'
import type { AssetAmount } from '../../model/liquidation.ts'
import { byReward, type Candidate } from '../../monitor/candidates.ts'
import type { Database } from '../../store/database.ts'
import { formatAmount, formatFixed } from '../../units/format.ts'
import { EXIT, type ExitCode } from '../exit.ts'
import { healthText, marketText, phaseText } from '../print/assessment.ts'
import { plain, print, printJson } from '../print/output.ts'
import { table } from '../print/table.ts'
import { blockLine, blocksOf, isHealth, type ListOptions } from './stored.ts'

const amountText = ({ amount, decimals, symbol }: AssetAmount): string =>
  `${formatAmount(amount, decimals)} ${plain(symbol)}`

/** What the best option repays, seizes and earns; dashes where there is none. */
const optionCells = ({ options, incentiveUsd }: Candidate): readonly string[] => {
  const [best] = options
  if (!best) return ['–', '–', '–']
  const incentive = incentiveUsd
    ? `${incentiveUsd} USD`
    : `${formatFixed(best.incentive, best.quote.decimals, 2)} ${plain(best.quote.symbol)}`
  const by = best.payer === 'liquidator' ? '' : colors.dim(' (by the protocol)')
  return [`${amountText(best.repaid)}${by}`, best.seized.map(amountText).join(', '), incentive]
}

const candidateTable = (candidates: readonly Candidate[]): string =>
  table(
    [
      { head: 'account' },
      { head: 'market' },
      { head: 'health', align: 'right' },
      { head: 'repay', align: 'right' },
      { head: 'seize', align: 'right' },
      { head: 'incentive', align: 'right' },
      { head: '' },
    ],
    candidates.map((candidate) => [
      candidate.position.owner,
      marketText(candidate.position),
      healthText(candidate.position.healthFactor),
      ...optionCells(candidate),
      phaseText(candidate.position),
    ]),
  )

/**
 * `candidates`: loans whose health is at most `maxHealth` (wad), each with every way to liquidate it now, most rewarding
 * first; exit 1 where one is liquidatable.
 */
export const candidates = (
  database: Database,
  { json, limit, maxHealth }: ListOptions & { readonly maxHealth: bigint },
): ExitCode => {
  const chains = assessStored(database)
  const found = chains.flatMap((chain) => chain.candidates(maxHealth)).sort(byReward)
  const shown = found.slice(0, limit)
  const unassessableCount = chains.flatMap((chain) => chain.positions).filter((one) => !isHealth(one)).length
  if (json)
    printJson({
      block: chains[0]?.block ?? null,
      blocks: blocksOf(chains),
      candidates: shown,
      unassessableCount,
    })
  else {
    print(...chains.map(blockLine))
    print(shown.length === 0 ? 'no candidates' : candidateTable(shown))
    if (unassessableCount > 0)
      print(colors.magenta(`${unassessableCount} loans could not be assessed; see "positions"`))
  }
  return shown.some(({ position }) => position.isLiquidatable) ? EXIT.finding : EXIT.fine
}
