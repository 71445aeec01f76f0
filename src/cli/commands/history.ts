import { writeFileSync } from 'node:fs'
import colors from 'picocolors'
import { nowMs } from '../../app/clock.ts'
import { seriesOf } from '../../app/series.ts'
import { toJson } from '../../model/json.ts'
import type { Snapshot, SnapshotCause } from '../../model/snapshot.ts'
import { snapshotOf } from '../../monitor/snapshotting.ts'
import type { Database } from '../../store/database.ts'
import { snapshotsOf } from '../../store/snapshots.ts'
import { isoTime, wadToDecimal } from '../../units/format.ts'
import { UsageError, withStoreAsync } from '../context.ts'
import { EXIT, type ExitCode } from '../exit.ts'
import { durationArgument, momentArgument, subjectArgument, wholeArgument } from '../parse.ts'
import { healthText } from '../print/assessment.ts'
import { print } from '../print/output.ts'
import { table } from '../print/table.ts'
import type { Options, Run } from '../run.ts'
import { historyAt } from './history-at.ts'

const FORMATS = ['table', 'csv', 'json', 'parquet'] as const

/** `recomputed`: nothing was noted at that block; its state was. */
type Point = Omit<Snapshot, 'cause'> & { readonly cause: SnapshotCause | 'recomputed' }

type HistoryOptions = {
  readonly since: number
  readonly until: number
  /** At most one point in this many seconds: the last of each interval. */
  readonly everySeconds: number | undefined
  /** Points recomputed, one for this many seconds, instead of those that were noted. */
  readonly resolutionSeconds: number | undefined
  readonly format: (typeof FORMATS)[number]
  readonly out: string | undefined
}

const thinned = (points: readonly Point[], everySeconds: number | undefined): readonly Point[] => {
  if (!everySeconds) return points
  const interval = ({ timestamp }: Point): number => Math.floor(timestamp / everySeconds)
  return points.filter((point, index) => {
    const next = points[index + 1]
    return !next || next.position !== point.position || interval(next) !== interval(point)
  })
}

const byPosition = (points: readonly Point[]): ReadonlyMap<string, readonly Point[]> => {
  const grouped = new Map<string, Point[]>()
  for (const point of points) {
    const own = grouped.get(point.position)
    if (own) own.push(point)
    else grouped.set(point.position, [point])
  }
  return grouped
}

const jsonOf = (points: readonly Point[]): string =>
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

const csvOf = (points: readonly Point[]): string => {
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

const tableOf = (points: readonly Point[]): string =>
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

/** Points of the past, recomputed; positions one after the other. */
const recomputed = (
  database: Database,
  who: string,
  { since, until, resolutionSeconds = 0 }: HistoryOptions,
): readonly Point[] => {
  const points = new Map<string, Point[]>()
  for (const assessments of seriesOf(database, who, { since, until, everySeconds: resolutionSeconds }))
    for (const one of assessments) {
      const own = points.get(one.id) ?? []
      points.set(one.id, own)
      own.push({ ...snapshotOf(one, 'moved'), cause: 'recomputed' })
    }
  return [...points.values()].flat()
}

const fileOf = async (points: readonly Point[], format: HistoryOptions['format']) => {
  if (format === 'json') return jsonOf(points)
  if (format === 'csv') return csvOf(points)
  if (format === 'parquet') return (await import('../../app/export/points.ts')).parquetOfPoints(points)
  return `${tableOf(points)}\n`
}

const show = async (database: Database, who: string, options: HistoryOptions): Promise<ExitCode> => {
  const { since, until, everySeconds, resolutionSeconds, format, out } = options
  const points =
    resolutionSeconds === undefined
      ? thinned(snapshotsOf(database, who, since, until), everySeconds)
      : recomputed(database, who, options)
  const bytes = await fileOf(points, format)
  if (out !== undefined) {
    writeFileSync(out, bytes)
    process.stderr.write(`${points.length} points written to ${out}\n`)
  } else if (points.length === 0 && format === 'table')
    print(`no history of ${who} in this span: it was not followed then, or its health did not change`)
  else process.stdout.write(bytes)
  return EXIT.fine
}

const resolutionOption = (text: string): number => {
  const seconds = durationArgument('--resolution', text)
  if (seconds > 0) return seconds
  throw new UsageError(`--resolution is "${text}"`, { remedy: 'Give it a span of at least a second.' })
}

const optionsOf = ({ since, until, every, resolution, format, out, json }: Options): HistoryOptions => {
  const nowSeconds = Math.floor(nowMs() / 1_000)
  return {
    since: since === undefined ? 0 : momentArgument('--since', since, nowSeconds),
    until: until === undefined ? Number.MAX_SAFE_INTEGER : momentArgument('--until', until, nowSeconds),
    everySeconds: every === undefined ? undefined : durationArgument('--every', every),
    resolutionSeconds: resolution === undefined ? undefined : resolutionOption(resolution),
    format: json !== undefined ? 'json' : (FORMATS.find((one) => one === format) ?? 'table'),
    out,
  }
}

/** `history`: the stored health of one position, or of all positions of an account; as it was at a block; or sampled from the past. */
export const history: Run = async ([subject = ''], options) => {
  const who = subjectArgument(subject)
  const { at, backfill, json } = options
  if (backfill !== undefined) return (await import('./backfill.ts')).backfill(who, options)
  return withStoreAsync(options, async (database, { config: { historyDays } }) =>
    at === undefined
      ? show(database, who, optionsOf(options))
      : historyAt(database, who, {
          blockNumber: BigInt(wholeArgument('--at', at)),
          historyDays,
          json: json !== undefined,
        }),
  )
}
