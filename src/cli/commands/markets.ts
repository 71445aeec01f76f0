import colors from 'picocolors'
import { distributionJson } from '../../app/distribution-json.ts'
import { assessStored, type StoredAssessments } from '../../app/stored.ts'
import { type MarketSurvey, surveyOf } from '../../app/survey.ts'
import type { Coverage } from '../../model/coverage.ts'
import { formatMarketId } from '../../model/ids.ts'
import type { Market } from '../../model/market.ts'
import type { Database } from '../../store/database.ts'
import { formatFixed } from '../../units/format.ts'
import { withStore } from '../context.ts'
import { EXIT, type ExitCode } from '../exit.ts'
import { distributionLines } from '../print/distribution.ts'
import { plain, print, printJson } from '../print/output.ts'
import { table } from '../print/table.ts'
import type { Run } from '../run.ts'

const PPM_PLACES = 4

type Row = MarketSurvey & { readonly market: Market }

const rowsOf = (chain: StoredAssessments): readonly Row[] => {
  const found = new Map(surveyOf(chain).markets.map((one) => [one.id, one]))
  return chain.markets.flatMap((market) => {
    const survey = found.get(formatMarketId(market.id))
    return survey ? [{ market, ...survey }] : []
  })
}

const jsonOf = ({ market, coverage, positionCount, distribution }: Row, { block }: StoredAssessments) => {
  const { id, label, quote, revision, revisionRaw, fidelity, fault } = market
  return {
    ...id,
    ...{ label, quote, revision, revisionRaw, fidelity },
    ...(fault ? { fault } : {}),
    ...{ block, positionCount, surveyBlock: block, coverage, distribution: distributionJson(distribution) },
  }
}

const coverageTable = (coverage: readonly Coverage[]): string =>
  table(
    [
      { head: 'debt' },
      { head: 'tracked', align: 'right' },
      { head: 'total', align: 'right' },
      { head: 'coverage', align: 'right' },
    ],
    coverage.map((row) => [
      plain(row.symbol),
      formatFixed(row.trackedDebt, row.decimals, 2),
      formatFixed(row.totalDebt, row.decimals, 2),
      `${formatFixed(BigInt(row.ppm), PPM_PLACES, 2)} %`,
    ]),
  )

const printMarket = (
  { market, coverage, positionCount, distribution }: Row,
  { block }: StoredAssessments,
): void => {
  const { id, label, revision, revisionRaw, fidelity, fault } = market
  const raw = revisionRaw === '' ? '' : ` (${revisionRaw})`
  const observed = fidelity === 'observed' ? ' · observed' : ''
  print(colors.bold(formatMarketId(id)))
  print(
    `  ${plain(label)} · revision ${revision}${raw}${observed} · ${positionCount} loans · block ${block.number}`,
  )
  if (fault) print(colors.magenta(`  ${fault.reason}: ${plain(fault.detail)}`))
  if (coverage.length > 0) print(coverageTable(coverage))
  if (distribution.weightedHealth !== null) print(...distributionLines(distribution))
}

/** Whether a market says anything: a singleton has thousands in which nobody tracked has a loan. */
const isTelling = ({ market, positionCount }: Row, all: readonly Row[]): boolean =>
  positionCount > 0 ||
  market.fault !== undefined ||
  all.filter(
    ({ market: { id } }) => id.protocol === market.id.protocol && id.deployment === market.id.deployment,
  ).length === 1

const listMarkets = (database: Database, { json }: { readonly json: boolean }): ExitCode => {
  const chains = assessStored(database)
  if (json) {
    printJson({ markets: chains.flatMap((chain) => rowsOf(chain).map((row) => jsonOf(row, chain))) })
    return EXIT.fine
  }
  if (chains.every((chain) => chain.markets.length === 0)) print('no markets in the store')
  for (const chain of chains) {
    const rows = rowsOf(chain)
    const shown = rows.filter((row) => isTelling(row, rows))
    for (const row of shown) printMarket(row, chain)
    if (shown.length < rows.length)
      print(colors.dim(`${rows.length - shown.length} more markets without a tracked loan; see --json`))
  }
  return EXIT.fine
}

/** `markets`: followed markets with their revision, how complete the book is, and how its loans are spread over health. */
export const markets: Run = (_args, options) =>
  withStore(options, (database) => listMarkets(database, { json: options.json !== undefined }))
