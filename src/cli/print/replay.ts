import colors from 'picocolors'
import type { Outcome, ReplayedChain, ReplayedLiquidation, ReplayedLoan } from '../../app/replay.ts'
import type { AlertRule } from '../../model/alert.ts'
import { formatWad, HEALTH_PPM_MAX, healthPpm, isoTime } from '../../units/format.ts'
import { plain } from '../../units/plain.ts'
import { spanText } from '../../units/span.ts'
import { healthText } from './assessment.ts'
import { plotWidth, spark } from './plot.ts'
import { severityText } from './rules.ts'
import { table } from './table.ts'

const OUTCOME: Readonly<Record<Outcome, string>> = {
  'before-liquidation': 'then liquidated',
  'no-liquidation': 'not liquidated',
  'still-firing': 'still fires',
  event: 'tells what happened',
  unknown: 'tells what is not known',
}

/** How many of what. */
const counted = (count: number | bigint, what: string): string =>
  `${count} ${what}${Number(count) === 1 ? '' : 's'}`

const countOf = <T>(
  chains: readonly ReplayedChain[],
  of: (loan: ReplayedLoan) => readonly T[],
): readonly T[] => chains.flatMap(({ loans }) => loans.flatMap(of))

/** Counts over all chains: alerts that fired, liquidations with and without an alert before, alerts that no liquidation followed. */
export const replaySummary = (chains: readonly ReplayedChain[]) => {
  const liquidations = countOf(chains, (loan) => loan.liquidations)
  const episodes = countOf(chains, (loan) => loan.episodes)
  const missedCount = liquidations.filter(({ isMissed }) => isMissed).length
  return {
    firedCount: episodes.length,
    liquidationCount: liquidations.length,
    warnedCount: liquidations.length - missedCount,
    missedCount,
    withoutLiquidationCount: episodes.filter(({ outcome }) => outcome === 'no-liquidation').length,
  }
}

const chainLine = (chain: ReplayedChain): string => {
  const { first, last, observedCount, replayedCount, everySeconds, longestGapSeconds } = chain
  const spanned = last.number - first.number + 1n
  const thinned =
    everySeconds === undefined
      ? 'all of them replayed'
      : `${replayedCount} of them replayed: one every ${spanText(everySeconds)}, and all at which something happened`
  return [
    `chain ${chain.chainId}, ${isoTime(first.timestamp)} to ${isoTime(last.timestamp)}:`,
    `${observedCount} of ${spanned} blocks were observed, at most ${spanText(longestGapSeconds)} apart; ${thinned};`,
    `${chain.assessmentCount} exact assessments of ${counted(chain.loans.length, 'loan')}`,
    ...(chain.bookLoanCount === undefined ? [] : [`(the lowest of ${chain.bookLoanCount})`]),
  ].join(' ')
}

const MARGIN = 4

/** In parts per million; without end where it is as good as without debt. */
const ppmOf = (healthFactor: bigint): number => {
  const ppm = healthPpm(healthFactor)
  return ppm < HEALTH_PPM_MAX ? ppm : Number.POSITIVE_INFINITY
}

/** Health as one line, the worst of each so many replayed blocks, and below it where alerts began to fire and liquidations were. */
const timeline = ({ points, episodes, liquidations }: ReplayedLoan): readonly string[] => {
  const width = Math.min(plotWidth() - MARGIN, points.length)
  const cellOf = (index: number): number => Math.floor((index * width) / points.length)
  const cellAt = (timestamp: number): number =>
    cellOf(
      Math.max(
        0,
        points.findLastIndex((point) => point.timestamp <= timestamp),
      ),
    )
  const lowest: (number | null)[] = Array.from({ length: width }, () => null)
  for (const [index, { healthFactor }] of points.entries()) {
    const cell = cellOf(index)
    const [known, ppm] = [lowest[cell] ?? null, healthFactor === null ? null : ppmOf(healthFactor)]
    lowest[cell] = known !== null && (ppm === null || ppm > known) ? known : ppm
  }
  const marks: string[] = Array.from({ length: width }, () => ' ')
  for (const { start, severity } of episodes) {
    const cell = cellAt(start.timestamp)
    if (severity === 'critical' || marks[cell] === ' ')
      marks[cell] = severity === 'critical' ? colors.red('!') : colors.yellow('·')
  }
  for (const { timestamp } of liquidations) marks[cellAt(timestamp)] = colors.red('✗')
  return [`  ${spark(lowest)}`, `  ${marks.join('').trimEnd()}`]
}

const leadText = ({ warnings, isMissed, isTimeExact }: ReplayedLiquidation): string => {
  if (isMissed)
    return colors.red(`MISSED: no alert before${isTimeExact ? '' : ' (its block was not observed)'}`)
  return warnings
    .map(
      ({ rule, leadSeconds, leadBlocks, isAtLeast }) =>
        `${plain(rule)} ${isAtLeast ? 'at least ' : ''}${spanText(leadSeconds)} (${counted(leadBlocks, 'block')}) before`,
    )
    .join(', ')
}

const episodeTable = ({ episodes }: ReplayedLoan): string =>
  table(
    [
      { head: 'fires' },
      { head: 'block', align: 'right' },
      { head: 'severity' },
      { head: 'rule' },
      { head: 'for' },
      { head: 'lowest', align: 'right' },
      { head: 'and' },
    ],
    episodes.map(({ start, end, severity, rule, lowestHealth, outcome, isFromStart }) => [
      `${isoTime(start.timestamp)}${isFromStart ? ' or before' : ''}`,
      start.number.toString(),
      severityText(severity),
      plain(rule),
      end ? spanText(end.timestamp - start.timestamp) : '–',
      lowestHealth === undefined ? colors.magenta('unknown') : healthText(lowestHealth),
      OUTCOME[outcome],
    ]),
  )

const rangeText = ({ points }: ReplayedLoan): string => {
  const known = points.flatMap(({ healthFactor }) => (healthFactor === null ? [] : [healthFactor]))
  const [first, last] = [known[0], known.at(-1)]
  if (first === undefined || last === undefined) return 'health never known'
  const lowest = known.reduce((a, b) => (b < a ? b : a))
  const unknown = points.length - known.length
  return `health ${formatWad(first)} → ${formatWad(last)}, lowest ${formatWad(lowest)}${unknown > 0 ? `, unknown at ${unknown} of ${points.length} blocks` : ''}`
}

const loanLines = (loan: ReplayedLoan): readonly string[] => [
  '',
  `${loan.label === undefined ? '' : `${plain(loan.label)} · `}${colors.bold(loan.id)}`,
  `  ${rangeText(loan)}`,
  ...timeline(loan),
  ...(loan.episodes.length > 0 ? [episodeTable(loan)] : ['  nothing fires']),
  ...loan.liquidations.map(
    (one) =>
      `  ${colors.red('✗')} liquidated ${one.isTimeExact ? `at ${isoTime(one.timestamp)}` : `after ${isoTime(one.timestamp)}`}, block ${one.blockNumber}: ${leadText(one)}`,
  ),
]

const UNKNOWN_THEN = /\bdebtInFront\b/

type Circumstances = {
  readonly rules: readonly AlertRule[]
  readonly historyDays: number
  /** Chains of which only liquidations of watched accounts are seen. */
  readonly unseen: readonly number[]
}

/** What a replay found, for people: a timeline of each loan at which something happened, then counts. */
export const replayLines = (
  chains: readonly ReplayedChain[],
  { rules, historyDays, unseen }: Circumstances,
): readonly string[] => {
  const loans = chains.flatMap((chain) => chain.loans)
  const eventful = loans.filter(({ episodes, liquidations }) => episodes.length + liquidations.length > 0)
  const { firedCount, liquidationCount, missedCount, withoutLiquidationCount } = replaySummary(chains)
  const unknowable = rules.filter(({ when, until = '' }) => UNKNOWN_THEN.test(`${when} ${until}`))
  return [
    ...chains.map((chain) => colors.dim(chainLine(chain))),
    ...eventful.flatMap(loanLines),
    '',
    colors.dim('! a critical alert fires  · a warning fires  ✗ liquidated  ? unknown'),
    `${counted(rules.length, 'rule')}, ${counted(firedCount, 'alert')} fired; nothing happened at ${counted(loans.length - eventful.length, 'loan')}`,
    `${counted(liquidationCount, 'liquidation')}, ${missedCount === 0 ? 'none' : colors.red(String(missedCount))} without an alert before; ${counted(withoutLiquidationCount, 'alert')} that no liquidation followed`,
    ...(unseen.length > 0
      ? [
          colors.dim(
            `of chain ${unseen.join(', ')} only liquidations of watched accounts are seen, while they were watched: follow: book notes all`,
          ),
        ]
      : []),
    ...(unknowable.length > 0
      ? [
          colors.dim(
            `not recomputed of the past: debt in front of a loan (${unknowable.map(({ name }) => plain(name)).join(', ')})`,
          ),
        ]
      : []),
    colors.dim(
      `history reaches back ${historyDays} days; what fires here is not grouped, silenced or repeated`,
    ),
  ]
}
