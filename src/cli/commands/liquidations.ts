// `liquidations`: what was liquidated, and what was said of it at the block before.
import colors from 'picocolors'
import { type ComparedLiquidation, comparedLiquidations } from '../../app/liquidations.ts'
import { assessStored, type StoredAssessments } from '../../app/stored.ts'
import type { DebtLeg } from '../../model/assessment.ts'
import type { Foretold } from '../../monitor/foretelling.ts'
import type { Database } from '../../store/database.ts'
import { formatAmount, isoTime, shortAddress } from '../../units/format.ts'
import { withStore } from '../context.ts'
import { EXIT, type ExitCode } from '../exit.ts'
import { healthText } from '../print/assessment.ts'
import { plain, print, printJson } from '../print/output.ts'
import { table } from '../print/table.ts'
import type { Run } from '../run.ts'
import { type ListOptions, listOptions } from './stored.ts'

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

/** The health at the block before, and how many blocks before that is where it is not the very one. */
const beforeText = (before: Foretold | null, blockNumber: bigint): string => {
  if (before === null) return colors.magenta('not observed')
  const health = before.healthFactor === null ? colors.magenta('unknown') : healthText(before.healthFactor)
  const distance = blockNumber - before.block.number
  return distance === 1n ? health : `${health} ${colors.dim(`${distance} blocks before`)}`
}

/** What the state before gives at the prices of the liquidation's own block: the same, or by how much the seizure differs. */
const foretoldText = (
  { seized, collateralAsset, foretold: { within, difference } }: ComparedLiquidation,
  amountText: (asset: string, amount: bigint) => string,
): string => {
  if (within === null) return colors.magenta('not observed')
  if (within.seized === null) return colors.yellow('none')
  if (difference === null) return `${amountText(collateralAsset, within.seized)} for less`
  if (difference === 0n) return colors.green('to the unit')
  const sign = difference > 0n ? '+' : '−'
  const ppm = (difference * 1_000_000n) / (seized || 1n)
  return `${sign}${amountText(collateralAsset, difference < 0n ? -difference : difference)} (${ppm} ppm)`
}

const show = (database: Database, { json, limit }: ListOptions): ExitCode => {
  const list = comparedLiquidations(database, limit)
  if (json) {
    printJson({ liquidations: list })
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
        { head: 'seen' },
        { head: 'owner' },
        { head: 'repaid', align: 'right' },
        { head: 'seized', align: 'right' },
        { head: 'as foretold', align: 'right' },
        { head: 'health before', align: 'right' },
        { head: 'liquidator' },
      ],
      list.map((row) => [
        String(row.chainId),
        String(row.blockNumber),
        row.seenAt === null ? '' : isoTime(row.seenAt),
        row.owner,
        amountText(row.debtAsset, row.repaid),
        amountText(row.collateralAsset, row.seized),
        foretoldText(row, amountText),
        beforeText(row.foretold.before, row.blockNumber),
        shortAddress(row.liquidator),
      ]),
    ),
  )
  return EXIT.fine
}

/** `liquidations`: those seen on followed chains, newest first, against what the state of the block before gives. */
export const liquidations: Run = (_args, options) =>
  withStore(options, (database) => show(database, listOptions(options)))
