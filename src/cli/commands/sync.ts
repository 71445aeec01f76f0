import { failureReason } from '../../app/check.ts'
import type { WorkProgress } from '../../app/progress.ts'
import { sync as runSync, type Synced, type SyncFailure } from '../../app/sync.ts'
import { messageOf } from '../../model/errors.ts'
import { formatFixed } from '../../units/format.ts'
import { loadContext } from '../context.ts'
import { EXIT } from '../exit.ts'
import { explain, isUnknown } from '../explain.ts'
import { wholeArgument } from '../parse.ts'
import { plain, print, printJson } from '../print/output.ts'
import { createProgress } from '../print/progress.ts'
import { table } from '../print/table.ts'
import type { Run } from '../run.ts'
import { logOf, stopSignal } from './watch.ts'

/** One line for each work of each chain. */
const lineOf = ({ chainId, work, subject }: WorkProgress): string =>
  work === 'search' ? `chain ${chainId}: ${subject}, blocks` : `chain ${chainId}: positions read`

const showProgress = (): ((progress: WorkProgress) => void) & { stop(): void } => {
  const lines = createProgress()
  const show = (progress: WorkProgress): void => {
    const { work, doneCount, leftCount, pendingCount, requestCount } = progress
    const found = work === 'search' ? `${pendingCount} found, ` : ''
    lines.update(lineOf(progress), doneCount, doneCount + leftCount, `${found}${requestCount} requests`)
  }
  return Object.assign(show, { stop: lines.stop })
}

const printChain = ({ block, positionCount, coverage }: Synced): void => {
  print(`chain ${block.chainId} at block ${block.number}: ${positionCount} positions`)
  const rows = coverage.map(({ market, symbol, decimals, trackedDebt, totalDebt, ppm }) => [
    market,
    plain(symbol),
    formatFixed(trackedDebt, decimals, 2),
    formatFixed(totalDebt, decimals, 2),
    `${formatFixed(BigInt(ppm), 4, 2)} %`,
  ])
  const heads = [
    { head: 'market' },
    { head: 'debt' },
    { head: 'tracked', align: 'right' },
    { head: 'total', align: 'right' },
    { head: 'coverage', align: 'right' },
  ] as const
  if (rows.length > 0) print(table(heads, rows))
}

/** As the failures of `check`: a whole chain, why, and what it said. */
const failureOf = ({ chainId, error }: SyncFailure) => ({
  ...{ chainId, market: null, reason: failureReason(error), detail: messageOf(error) },
})

/** `sync`: finds and reads every borrower, follows to a block, then stops; shows how complete the book is. */
export const sync: Run = async (_args, options) => {
  const target = options['to']
  const to = target === undefined ? undefined : BigInt(wholeArgument('--to', target))
  const context = loadContext(options)
  const log = logOf(context, options['level'] ?? 'warn')
  const signal = stopSignal()
  const onProgress = showProgress()
  const { chains, failures } = await runSync({ config: context.config, log, to, signal, onProgress })
  onProgress.stop()
  if (options.json) printJson({ chains, failures: failures.map(failureOf) })
  else for (const chain of chains) printChain(chain)
  for (const { chainId, error } of failures) explain(error, `chain ${chainId}`)
  if (signal.aborted || failures.some(({ error }) => isUnknown(error))) return EXIT.unknown
  return failures.length > 0 ? EXIT.usage : EXIT.fine
}
