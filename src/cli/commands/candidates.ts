import colors from 'picocolors'
import { assessStored } from '../../app/stored.ts'
import { byReward, type Candidate } from '../../monitor/candidates.ts'
import type { Database } from '../../store/database.ts'
import { formatFixed } from '../../units/format.ts'
import { withStore } from '../context.ts'
import { EXIT, type ExitCode } from '../exit.ts'
import { wadArgument } from '../parse.ts'
import { amountText } from '../print/amount.ts'
import { healthText, marketText, phaseText } from '../print/assessment.ts'
import { auctionFailureLine, auctionTable } from '../print/auctions.ts'
import { plain, print, printJson } from '../print/output.ts'
import { table } from '../print/table.ts'
import type { Run } from '../run.ts'
import { blockLine, blocksOf, type ListOptions, listOptions } from './stored.ts'

const PAYERS = { protocol: 'the protocol', auction: 'auction' } as const

/** What the best option repays, seizes and earns; dashes where there is none. */
const optionCells = ({ options, incentiveUsd }: Candidate): readonly string[] => {
  const [best] = options
  if (!best) return ['–', '–', '–']
  const incentive = incentiveUsd
    ? `${incentiveUsd} USD`
    : `${formatFixed(best.incentive, best.quote.decimals, 2)} ${plain(best.quote.symbol)}`
  const by = best.payer === 'liquidator' ? '' : colors.dim(` (by ${PAYERS[best.payer]})`)
  return [`${amountText(best.repaid)}${by}`, best.seized.map(amountText).join(', '), incentive]
}

/** What makes a loan a candidate that is none yet. */
const BASES = {
  now: '',
  refreshed: colors.yellow(' · near once refreshed'),
  next: colors.yellow(' · near with the next price'),
} as const

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
      `${phaseText(candidate.position)}${BASES[candidate.basis]}`,
    ]),
  )

const listCandidates = (
  database: Database,
  { json, limit, maxHealth }: ListOptions & { readonly maxHealth: bigint },
): ExitCode => {
  const chains = assessStored(database)
  const found = chains.map((chain) => chain.candidates(maxHealth))
  const shown = found
    .flatMap((one) => one.candidates)
    .sort(byReward)
    .slice(0, limit)
  const listed = chains.map((chain) => chain.auctions())
  const auctions = listed.flatMap((one) => one.candidates)
  const auctionFailures = listed.flatMap((one) => one.failures)
  const unassessableCount = found.reduce((sum, one) => sum + one.unassessableCount, 0)
  if (json)
    printJson({
      block: chains[0]?.block ?? null,
      blocks: blocksOf(chains),
      candidates: shown,
      auctions,
      auctionFailures,
      unassessableCount,
    })
  else {
    print(...chains.map(blockLine))
    print(shown.length === 0 ? 'no candidates' : candidateTable(shown))
    if (auctions.length > 0) print('', auctionTable(auctions))
    if (auctionFailures.length > 0) print(...auctionFailures.map(auctionFailureLine))
    if (unassessableCount > 0)
      print(colors.magenta(`${unassessableCount} loans could not be assessed; see "positions"`))
  }
  return shown.some(({ position }) => position.isLiquidatable) ? EXIT.finding : EXIT.fine
}

/**
 * `candidates`: loans whose health is at most `maxHealth` (wad), each with every way to liquidate it now, most rewarding
 * first, and running auctions of seized collateral; exit 1 where a loan is liquidatable.
 */
export const candidates: Run = (_args, options) => {
  const maxHealth = wadArgument('--max-health', options['maxHealth'] ?? '1')
  return withStore(options, (database) => listCandidates(database, { ...listOptions(options), maxHealth }))
}
