// `history --backfill`: the past sampled, then to be read like any other history.

import { backfill as runBackfill } from '../../app/backfill.ts'
import { failureReason } from '../../app/check.ts'
import { nowMs } from '../../app/clock.ts'
import { messageOf } from '../../model/errors.ts'
import type { Sampled } from '../../monitor/sampling.ts'
import { loadContext, type SharedOptions, UsageError } from '../context.ts'
import { EXIT, type ExitCode } from '../exit.ts'
import { explain } from '../explain.ts'
import { durationArgument, momentArgument } from '../parse.ts'
import { note, plain, print, printJson } from '../print/output.ts'
import { createProgress } from '../print/progress.ts'
import { stopSignal } from './watch.ts'

export type BackfillCommandOptions = SharedOptions & {
  readonly every?: string | undefined
  readonly since?: string | undefined
  readonly until?: string | undefined
  readonly out?: string | undefined
}

const DAY = 86_400

const spanOf = ({ every, since, until, out }: BackfillCommandOptions, historyDays: number) => {
  if (every === undefined || since === undefined)
    throw new UsageError('--backfill needs --every and --since', {
      remedy: 'Write for example: --backfill --every 1h --since 7d.',
    })
  if (out !== undefined)
    throw new UsageError('--backfill writes to the database, not to --out', {
      remedy: 'Run it first, then "plimsoll history" with --out and without --backfill.',
    })
  const nowSeconds = Math.floor(nowMs() / 1_000)
  const span = {
    since: momentArgument('--since', since, nowSeconds),
    until: until === undefined ? nowSeconds : momentArgument('--until', until, nowSeconds),
    everySeconds: durationArgument('--every', every),
  }
  if (span.everySeconds === 0)
    throw new UsageError(`--every is "${every}"`, { remedy: 'Give --every a span longer than nothing.' })
  if (span.since < nowSeconds - historyDays * DAY)
    throw new UsageError(`--since lies further back than history is kept, which is ${historyDays} days`, {
      remedy: 'Set store.historyDays higher first, or give a later --since.',
    })
  return span
}

const printChain = ({ chainId, readCount, skippedCount, snapshotCount, failures }: Sampled): void => {
  print(
    `chain ${chainId}: ${readCount} blocks read, ${snapshotCount} snapshots stored; ${skippedCount} steps needed no reading`,
  )
  for (const { market, reason, detail, sampleCount } of failures)
    print(
      `could not find out ${market ?? `chain ${chainId}`} in ${sampleCount} of them: ${reason}: ${plain(detail)}`,
    )
}

/**
 * `history --backfill`: samples the past of a position or an account through an archive endpoint. Exit 3 where something
 * could not be found out; the same command goes on from there.
 */
export const backfill = async (who: string, options: BackfillCommandOptions): Promise<ExitCode> => {
  const { config } = loadContext(options)
  const span = spanOf(options, config.historyDays)
  const progress = createProgress()
  const signal = stopSignal()
  const { chains, failures } = await runBackfill({
    ...{ config, who, span, signal },
    onProgress: (chainId, doneCount, timeCount) =>
      progress.update(`chain ${chainId}: samples`, doneCount, timeCount),
    onUnsaved: (reason) => note(`the list of markets is not remembered: ${reason}`),
  }).finally(progress.stop)
  if (options.json)
    printJson({
      chains,
      failures: failures.map(({ chainId, error }) => ({
        ...{ chainId, market: null, reason: failureReason(error), detail: messageOf(error) },
      })),
    })
  else for (const chain of chains) printChain(chain)
  for (const { chainId, error } of failures) explain(error, `chain ${chainId}`)
  const isWhole = !signal.aborted && chains.every((chain) => chain.failures.length === 0)
  return isWhole && failures.length === 0 ? EXIT.fine : EXIT.unknown
}
