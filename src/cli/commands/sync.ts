import { logFollowEvent } from '../../app/events.ts'
import { sync as runSync } from '../../app/sync.ts'
import { formatFixed } from '../../units/format.ts'
import { loadContext, type SharedOptions } from '../context.ts'
import { EXIT, type ExitCode } from '../exit.ts'
import { wholeArgument } from '../parse.ts'
import { plain, print, printJson } from '../print/output.ts'
import { table } from '../print/table.ts'
import { discoveryProgress, logOf, stopSignal } from './watch.ts'

/** `sync`: finds and reads every borrower, follows to a block, then stops; shows how complete the book is. */
export const sync = async (
  options: SharedOptions & { readonly to?: string; readonly level: string },
): Promise<ExitCode> => {
  const to = options.to === undefined ? undefined : BigInt(wholeArgument('--to', options.to))
  const context = loadContext(options)
  const log = logOf(context, options.level)
  const signal = stopSignal()
  const showProgress = discoveryProgress()
  const chains = await runSync(context.config, log, to, signal, (chainId, event) => {
    showProgress(event)
    logFollowEvent(log, chainId, event)
  })
  if (options.json) printJson({ chains })
  else
    for (const { block, positionCount, coverage } of chains) {
      print(`chain ${block.chainId} at block ${block.number}: ${positionCount} positions`)
      const rows = coverage.map(({ market, symbol, decimals, trackedDebt, totalDebt, ppm }) => [
        market,
        plain(symbol),
        formatFixed(trackedDebt, decimals, 2),
        formatFixed(totalDebt, decimals, 2),
        `${formatFixed(BigInt(ppm), 4, 2)} %`,
      ])
      if (rows.length > 0)
        print(
          table(
            [
              { head: 'market' },
              { head: 'debt' },
              { head: 'tracked', align: 'right' },
              { head: 'total', align: 'right' },
              { head: 'coverage', align: 'right' },
            ],
            rows,
          ),
        )
    }
  return signal.aborted ? EXIT.unknown : EXIT.fine
}
