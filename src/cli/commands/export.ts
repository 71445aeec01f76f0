// `export`: a table of the store as a file.
import { createWriteStream, renameSync, rmSync, statSync } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { nowMs } from '../../app/clock.ts'
import {
  EXPORT_FORMATS,
  type ExportFormat,
  exported,
  exportTableNamed,
  exportTables,
} from '../../app/export/export.ts'
import { BaseError, messageOf } from '../../model/errors.ts'
import { openDatabaseReadonly } from '../../store/database.ts'
import type { ExportFilter, ExportTable, FilterName } from '../../store/export/table.ts'
import { formatDuration } from '../../units/duration.ts'
import { loadContext, UsageError } from '../context.ts'
import { EXIT } from '../exit.ts'
import { accountArgument, marketArgument, momentArgument } from '../parse.ts'
import { note, print, printJson } from '../print/output.ts'
import { createProgress } from '../print/progress.ts'
import { table as tableText } from '../print/table.ts'
import type { Options, Run } from '../run.ts'

class FileNotWrittenError extends BaseError {
  override readonly name = 'FileNotWrittenError'
  constructor(file: string, cause: unknown) {
    super(`cannot write ${file}: ${messageOf(cause)}`, {
      remedy: 'Check that its folder exists, is writable and has room. What was there before is as it was.',
      cause,
    })
  }
}

/** Options by which rows are chosen, as people type them. */
const OPTION_OF: Readonly<Record<FilterName, string>> = {
  since: '--since',
  until: '--until',
  accounts: '--account',
  market: '--market',
}

const tableArgument = (name: string): ExportTable => {
  const table = exportTableNamed(name)
  if (table) return table
  throw new UsageError(`there is no table "${name}"`, {
    remedy: `Name one of: ${exportTables.map((one) => one.name).join(', ')}.`,
  })
}

const isFormat = (text: string): text is ExportFormat => Object.hasOwn(EXPORT_FORMATS, text)

const formatOption = ({ format, json, out }: Options): ExportFormat => {
  const wanted = format ?? (json === undefined ? (out?.split('.').at(-1) ?? 'csv') : 'json')
  if (isFormat(wanted)) return wanted
  if (format === undefined) return 'csv'
  throw new UsageError(`--format is "${format}"`, {
    remedy: `Give it ${Object.keys(EXPORT_FORMATS).join(', ')}.`,
  })
}

/** Options that name several things come as lists. */
type ListOptions = { readonly account?: readonly string[] | string }

const filterOf = (table: ExportTable, options: Options): ExportFilter => {
  const { since, until, market } = options
  const { account } = options as unknown as ListOptions
  const nowSeconds = Math.floor(nowMs() / 1_000)
  const filter: ExportFilter = {
    since: since === undefined ? undefined : momentArgument('--since', since, nowSeconds),
    until: until === undefined ? undefined : momentArgument('--until', until, nowSeconds),
    accounts: account === undefined ? undefined : [account].flat().map(accountArgument),
    market: market === undefined ? undefined : marketArgument(market),
  }
  for (const [name, option] of Object.entries(OPTION_OF) as [FilterName, string][])
    if (filter[name] !== undefined && !table.filters.includes(name))
      throw new UsageError(`${table.name} cannot be filtered by ${option}`, {
        remedy:
          table.filters.length === 0
            ? 'Leave it out.'
            : `It takes ${table.filters.map((one) => OPTION_OF[one]).join(', ')}.`,
      })
  return filter
}

const listTables = (isJson: boolean): void => {
  const list = exportTables.map(({ name, about, columns }) => ({ name, about, columns }))
  if (isJson) printJson({ tables: list })
  else
    print(
      tableText(
        [{ head: 'table' }, { head: 'columns', align: 'right' }, { head: 'what' }],
        list.map(({ name, about, columns }) => [name, String(columns.length), about]),
      ),
    )
}

const isBrokenPipe = (error: unknown): boolean => (error as { code?: string }).code === 'EPIPE'

/** To a file, which is there when it is whole; or to stdout, until nobody reads any more. */
const writeOut = async (bytes: AsyncIterable<Uint8Array>, out: string | undefined): Promise<void> => {
  if (out === undefined) {
    await pipeline(bytes, process.stdout, { end: false }).catch((error: unknown) => {
      if (!isBrokenPipe(error)) throw error
    })
    return
  }
  const part = `${out}.part`
  try {
    await pipeline(bytes, createWriteStream(part))
    renameSync(part, out)
  } catch (error) {
    rmSync(part, { force: true })
    throw (error as { syscall?: string }).syscall === undefined ? error : new FileNotWrittenError(out, error)
  }
}

/** `export TABLE`: rows of the store as CSV, JSON or Parquet, all as of one moment; without a table, which there are. */
export const exportCommand: Run = async ([name], options) => {
  if (name === undefined) {
    listTables(options.json !== undefined)
    return EXIT.fine
  }
  const table = tableArgument(name)
  const [format, filter] = [formatOption(options), filterOf(table, options)]
  const { out } = options
  const database = openDatabaseReadonly(loadContext(options).config.storeFile)
  const progress = createProgress()
  const startMs = nowMs()
  let count = 0
  try {
    database.$client.exec('BEGIN')
    const total = process.stderr.isTTY ? table.count(database, filter) : 0
    const onRows = (rows: number): void => {
      count = rows
      progress.update(`${table.name}, rows`, rows, total)
    }
    await writeOut(exported(database, { table, filter, format, onRows }), out)
  } finally {
    progress.stop()
    database.$client.close()
  }
  if (out !== undefined)
    note(
      `${count} rows of ${table.name} written to ${out}, ${statSync(out).size} bytes, in ${formatDuration((nowMs() - startMs) / 1_000)}`,
    )
  return EXIT.fine
}
