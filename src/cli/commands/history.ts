import { writeFileSync } from 'node:fs'
import colors from 'picocolors'
import { nowMs } from '../../app/clock.ts'
import { toJson } from '../../model/json.ts'
import type { Snapshot } from '../../model/snapshot.ts'
import type { Database } from '../../store/database.ts'
import { snapshotsOf } from '../../store/snapshots.ts'
import { isoTime, wadToDecimal } from '../../units/format.ts'
import { withStore } from '../context.ts'
import { EXIT, type ExitCode } from '../exit.ts'
import { durationArgument, momentArgument, subjectArgument, wholeArgument } from '../parse.ts'
import { healthText } from '../print/assessment.ts'
import { print } from '../print/output.ts'
import { table } from '../print/table.ts'
import type { Options, Run } from '../run.ts'
import { historyAt } from './history-at.ts'

type HistoryOptions = {
  readonly since: number
  readonly until: number
  /** At most one point in this many seconds: the last of each interval. */
  readonly everySeconds: number | undefined
  readonly format: 'table' | 'json' | 'csv'
  readonly out: string | undefined
}

const thinned = (points: readonly Snapshot[], everySeconds: number | undefined): readonly Snapshot[] => {
  if (!everySeconds) return points
  const interval = ({ timestamp }: Snapshot): number => Math.floor(timestamp / everySeconds)
  return points.filter((point, index) => {
    const next = points[index + 1]
    return !next || next.position !== point.position || interval(next) !== interval(point)
  })
}

const byPosition = (points: readonly Snapshot[]): ReadonlyMap<string, readonly Snapshot[]> => {
  const grouped = new Map<string, Snapshot[]>()
  for (const point of points) {
    const own = grouped.get(point.position)
    if (own) own.push(point)
    else grouped.set(point.position, [point])
  }
  return grouped
}

const jsonOf = (points: readonly Snapshot[]): string =>
  `${JSON.stringify(
    toJson({
      positions: [...byPosition(points)].map(([id, own]) => ({
        id,
        points: own.map(({ position: _position, owner: _owner, blockNumber, timestamp, ...rest }) => ({
          block: { number: blockNumber, timestamp },
          ...rest,
        })),
      })),
    }),
    null,
    2,
  )}\n`

const CSV_HEAD =
  'position,block,timestamp,time,cause,health_factor,health_factor_wad,collateral_value,debt_value,is_liquidatable,reason'

const csvOf = (points: readonly Snapshot[]): string => {
  const rows = points.map((point) =>
    [
      point.position,
      point.blockNumber,
      point.timestamp,
      isoTime(point.timestamp),
      point.cause,
      point.healthFactor === null ? '' : wadToDecimal(point.healthFactor),
      point.healthFactor ?? '',
      point.collateralValue ?? '',
      point.debtValue ?? '',
      point.isLiquidatable ?? '',
      point.reason ?? '',
    ].join(','),
  )
  return `${[CSV_HEAD, ...rows].join('\n')}\n`
}

const tableOf = (points: readonly Snapshot[]): string =>
  [...byPosition(points)]
    .map(([id, own]) =>
      [
        colors.bold(id),
        table(
          [
            { head: 'time' },
            { head: 'block', align: 'right' },
            { head: 'health', align: 'right' },
            { head: 'cause' },
          ],
          own.map(({ timestamp, blockNumber, healthFactor, cause, reason }) => [
            isoTime(timestamp),
            blockNumber.toString(),
            healthFactor === null ? colors.magenta(reason ?? '–') : healthText(healthFactor),
            cause,
          ]),
        ),
      ].join('\n'),
    )
    .join('\n')

const show = (database: Database, who: string, options: HistoryOptions): ExitCode => {
  const points = thinned(snapshotsOf(database, who, options.since, options.until), options.everySeconds)
  const text =
    options.format === 'json'
      ? jsonOf(points)
      : options.format === 'csv'
        ? csvOf(points)
        : `${tableOf(points)}\n`
  if (options.out !== undefined) {
    writeFileSync(options.out, text)
    process.stderr.write(`${points.length} points written to ${options.out}\n`)
  } else if (points.length === 0 && options.format === 'table')
    print(`no history of ${who} in this span: it was not followed then, or its health did not change`)
  else process.stdout.write(text)
  return EXIT.fine
}

const optionsOf = ({ since, until, every, format, out, json }: Options): HistoryOptions => {
  const nowSeconds = Math.floor(nowMs() / 1_000)
  return {
    since: since === undefined ? 0 : momentArgument('--since', since, nowSeconds),
    until: until === undefined ? Number.MAX_SAFE_INTEGER : momentArgument('--until', until, nowSeconds),
    everySeconds: every === undefined ? undefined : durationArgument('--every', every),
    format: json !== undefined || format === 'json' ? 'json' : format === 'csv' ? 'csv' : 'table',
    out,
  }
}

/** `history`: the stored health of one position, or of all positions of an account; as it was at a block; or sampled from the past. */
export const history: Run = async ([subject = ''], options) => {
  const who = subjectArgument(subject)
  const { at, backfill, json } = options
  if (backfill !== undefined) return (await import('./backfill.ts')).backfill(who, options)
  return withStore(options, (database, { config: { historyDays } }) =>
    at === undefined
      ? show(database, who, optionsOf(options))
      : historyAt(database, who, {
          blockNumber: BigInt(wholeArgument('--at', at)),
          historyDays,
          json: json !== undefined,
        }),
  )
}
