import colors from 'picocolors'
import { assessStored } from '../../app/stored.ts'
import type { Redemption } from '../../model/redemption.ts'
import type { RedemptionPreview } from '../../monitor/redemptions.ts'
import type { Database } from '../../store/database.ts'
import { formatFixed, shortAddress } from '../../units/format.ts'
import { withStore } from '../context.ts'
import { EXIT, type ExitCode } from '../exit.ts'
import { wadArgument } from '../parse.ts'
import { amountText } from '../print/amount.ts'
import { plain, print, printJson } from '../print/output.ts'
import { table } from '../print/table.ts'
import type { Run } from '../run.ts'

/** A rate as a percentage: a wad has two places fewer. */
const PERCENT_DECIMALS = 16

const redemptionText = ({ redeemed, received, feeRate, positions }: Redemption): string =>
  [
    `  ${amountText(redeemed)} for ${received.map(amountText).join(', ')}, fee ${formatFixed(feeRate, PERCENT_DECIMALS, 2)} %`,
    table(
      [
        { head: 'position' },
        { head: 'owner' },
        { head: 'debt redeemed', align: 'right' },
        { head: 'collateral taken', align: 'right' },
        { head: '' },
      ],
      positions.map(({ position, owner, debt, collateral, isClosed }) => [
        position
          .split(':')
          .slice(3)
          .map((part) => (part.startsWith('0x') ? shortAddress(part) : part))
          .join(':'),
        owner,
        amountText(debt),
        amountText(collateral),
        isClosed ? colors.red('closed') : '',
      ]),
    ),
  ].join('\n')

const previewText = ({ deployment, outcome }: RedemptionPreview): string => {
  const title = colors.bold(deployment)
  if (outcome.kind === 'unknown')
    return `${title}\n  ${colors.magenta('not known: the book is not whole (follow: book, and wait until all borrowers are read)')}`
  if (outcome.kind === 'blocked') return `${title}\n  refused: ${plain(outcome.revert)}`
  return `${title}\n${redemptionText(outcome)}`
}

const preview = (database: Database, amount: bigint, { json }: { readonly json: boolean }): ExitCode => {
  const chains = assessStored(database)
  const previews = chains.flatMap((chain) => chain.redemptions(amount))
  if (json) printJson({ block: chains[0]?.block ?? null, redemptions: previews })
  else
    print(
      previews.length === 0
        ? 'nothing that is followed can be redeemed'
        : previews.map(previewText).join('\n\n'),
    )
  return previews.some(({ outcome }) => outcome.kind === 'unknown') ? EXIT.unknown : EXIT.fine
}

/** `redemptions`: whose debts redeeming `amount` (in units of the debt asset) now would take, in order; exit 3 where a book is not whole. */
export const redemptions: Run = ([text = ''], options) => {
  const amount = wadArgument('the amount', text)
  return withStore(options, (database) => preview(database, amount, { json: options.json !== undefined }))
}
