// Commands that read the store: positions, liquidations.
import colors from 'picocolors'
import { assessStored, type StoredAssessments } from '../../app/stored.ts'
import type { DebtLeg } from '../../model/assessment.ts'
import { byHealth } from '../../monitor/ranking.ts'
import type { Database } from '../../store/database.ts'
import { listLiquidations } from '../../store/views.ts'
import { formatAmount, shortAddress } from '../../units/format.ts'
import { withStore } from '../context.ts'
import { EXIT, type ExitCode } from '../exit.ts'
import { limitOption } from '../parse.ts'
import { assessmentTable } from '../print/assessment.ts'
import { plain, print, printJson } from '../print/output.ts'
import { table } from '../print/table.ts'
import type { Options, Run } from '../run.ts'

export type ListOptions = { readonly json: boolean; readonly limit: number }

export const listOptions = (options: Options): ListOptions => ({
  json: options.json !== undefined,
  limit: limitOption(options),
})

/** At which block one chain's answers are, and whether its book is complete. */
export const blockLine = ({ block, isComplete }: StoredAssessments): string =>
  colors.dim(
    `chain ${block.chainId} at block ${block.number}${isComplete ? '' : ' · the book is not complete yet: some borrowers are still to be read'}`,
  )

/** The same for programs. */
export const blocksOf = (chains: readonly StoredAssessments[]) =>
  chains.map(({ block, isComplete }) => ({ ...block, isComplete }))

const listPositions = (database: Database, { json, limit }: ListOptions): ExitCode => {
  const chains = assessStored(database)
  const shown = chains
    .flatMap((chain) => chain.worst(limit))
    .sort(byHealth)
    .slice(0, limit)
  const count = chains
    .flatMap((chain) => [...chain.positionCounts().values()])
    .reduce((sum, one) => sum + one, 0)
  if (json) printJson({ block: chains[0]?.block ?? null, blocks: blocksOf(chains), positions: shown })
  else {
    print(...chains.map(blockLine))
    print(shown.length === 0 ? 'no loans in the store' : assessmentTable(shown))
    if (shown.length < count) print(colors.dim(`${count - shown.length} more; see --limit`))
  }
  return EXIT.fine
}

type Leg = Pick<DebtLeg, 'asset' | 'symbol' | 'decimals'>

/** Assets with their symbols, from the first loans in the store that have them. */
const namedIn = (
  chains: readonly StoredAssessments[],
  assets: ReadonlySet<string>,
): ReadonlyMap<string, Leg> => {
  const known = new Map<string, Leg>()
  for (const { assessments } of chains)
    for (const loan of assessments()) {
      if (known.size === assets.size) return known
      if (loan.kind !== 'assessed') continue
      for (const leg of [...loan.collateral, ...loan.debt])
        if (assets.has(leg.asset)) known.set(leg.asset, leg)
    }
  return known
}

/** An amount with its asset's symbol where any loan in the store names it, else the raw integer and the address. */
const amountTexts = (
  chains: readonly StoredAssessments[],
  assets: ReadonlySet<string>,
): ((asset: string, amount: bigint) => string) => {
  const known = namedIn(chains, assets)
  return (asset, amount) => {
    const leg = known.get(asset)
    return leg
      ? `${formatAmount(amount, leg.decimals)} ${plain(leg.symbol)}`
      : `${amount} of ${shortAddress(asset)}`
  }
}

const showLiquidations = (database: Database, { json, limit }: ListOptions): ExitCode => {
  const list = listLiquidations(database, limit)
  if (json) {
    printJson({ liquidations: list.map((row) => ({ ...row, blockNumber: String(row.blockNumber) })) })
    return EXIT.fine
  }
  if (list.length === 0) {
    print('no liquidations seen')
    return EXIT.fine
  }
  const assets = new Set(list.flatMap(({ debtAsset, collateralAsset }) => [debtAsset, collateralAsset]))
  const amountText = amountTexts(assessStored(database), assets)
  print(
    table(
      [
        { head: 'chain' },
        { head: 'block', align: 'right' },
        { head: 'owner' },
        { head: 'repaid', align: 'right' },
        { head: 'seized', align: 'right' },
        { head: 'liquidator' },
      ],
      list.map((row) => [
        String(row.chainId),
        String(row.blockNumber),
        row.owner,
        amountText(row.debtAsset, row.repaid),
        amountText(row.collateralAsset, row.seized),
        shortAddress(row.liquidator),
      ]),
    ),
  )
  return EXIT.fine
}

/** `positions`: every loan in the store, worst health first. */
export const positions: Run = (_args, options) =>
  withStore(options, (database) => listPositions(database, listOptions(options)))

/** `liquidations`: those seen on followed chains, newest first. */
export const liquidations: Run = (_args, options) =>
  withStore(options, (database) => showLiquidations(database, listOptions(options)))
