// `replay`: what rules would have said of the stored past.
import { builtInRules } from '../../alerts/built-in.ts'
import { nowMs } from '../../app/clock.ts'
import { type ReplayedChain, replayStored } from '../../app/replay.ts'
import { loadRules } from '../../app/rule-test-file.ts'
import { listWatches } from '../../app/watch-list.ts'
import { historySize } from '../../store/retention.ts'
import { storedWatches } from '../../store/watches.ts'
import { isoTime } from '../../units/format.ts'
import { type SharedOptions, UsageError, withStore } from '../context.ts'
import { EXIT, type ExitCode } from '../exit.ts'
import { accountArgument, durationArgument, momentArgument } from '../parse.ts'
import { print, printJson } from '../print/output.ts'
import { createProgress } from '../print/progress.ts'
import { replayLines, replaySummary } from '../print/replay.ts'

type ReplayCommandOptions = SharedOptions & {
  readonly since?: string
  readonly until?: string
  readonly every?: string
  readonly rules?: string
  readonly account?: readonly string[]
}

const jsonOf = (chains: readonly ReplayedChain[]) =>
  chains.map(({ loans, ...chain }) => ({
    ...chain,
    everySeconds: chain.everySeconds ?? null,
    bookLoanCount: chain.bookLoanCount ?? null,
    loans: loans.map(({ episodes, ...loan }) => ({
      ...loan,
      label: loan.label ?? null,
      episodes: episodes.map(({ subject: _subject, end, lowestHealth, ...episode }) => ({
        ...episode,
        end: end ?? null,
        lowestHealth: lowestHealth ?? null,
      })),
    })),
  }))

const optionsOf = (options: ReplayCommandOptions) => {
  const nowSeconds = Math.floor(nowMs() / 1_000)
  const { since, until, every, account = [] } = options
  const span = {
    since: since === undefined ? 0 : momentArgument('--since', since, nowSeconds),
    until: until === undefined ? Number.MAX_SAFE_INTEGER : momentArgument('--until', until, nowSeconds),
    everySeconds: every === undefined ? undefined : durationArgument('--every', every),
  }
  if (span.everySeconds === 0)
    throw new UsageError('--every is no time', { remedy: 'Give --every a span such as 5m.' })
  if (span.since > span.until)
    throw new UsageError('--since is later than --until', {
      remedy: 'A span such as 7d counts back from now: give --since the longer one.',
    })
  return {
    ...span,
    accounts: account.map(accountArgument),
  }
}

/** `replay`: rules over stored history; exit 1 where a liquidation came without an alert before, 3 where nothing was observed. */
export const replay = (_args: readonly string[], options: ReplayCommandOptions): ExitCode => {
  const { accounts, ...span } = optionsOf(options)
  return withStore(options, (database, { config }) => {
    const rules = options.rules === undefined ? (config.rules ?? builtInRules) : loadRules(options.rules)
    const watched = listWatches(config, storedWatches(database))
    const watches =
      accounts.length > 0
        ? accounts.map((account) => watched.find((one) => one.account === account) ?? { account })
        : watched
    const isBook = accounts.length === 0 && rules.some(({ scope }) => scope === 'book')
    if (watches.length === 0 && !isBook)
      throw new UsageError('no account is watched, and no rule is book-wide', {
        remedy: 'Give --account 0x…, or add one with "plimsoll watches add".',
      })
    const progress = createProgress()
    const chains = replayStored(database, {
      ...{ rules, watches, isBook, ...span },
      groupsOf: (chainId) => config.chains.find(({ id }) => id === chainId)?.groups ?? [],
      onProgress: (chainId, done, total) => progress.update(`chain ${chainId}`, done, total),
    })
    progress.stop()
    const unseen = config.chains.filter(({ follow }) => follow === 'watched').map(({ id }) => id)
    const summary = replaySummary(chains)
    if (options.json)
      printJson({
        rules: rules.map(({ name }) => name),
        historyDays: config.historyDays,
        summary,
        chains: jsonOf(chains),
      })
    else if (chains.length === 0) {
      const reach = historySize(database).chains.map(
        ({ chainId, oldestTimestamp }) => `chain ${chainId} back to ${isoTime(oldestTimestamp)}`,
      )
      print(`nothing was observed in this time; there is history of ${reach.join(', ') || 'no chain'}`)
    } else print(...replayLines(chains, { rules, historyDays: config.historyDays, unseen }))
    if (chains.length === 0) return EXIT.unknown
    return summary.missedCount > 0 ? EXIT.finding : EXIT.fine
  })
}
