import { z } from 'zod'
import { EXPORT_FORMATS, type ExportFormat, exportTableNamed, exportTables } from '../../app/export/export.ts'
import type { ExportFilter, ExportTable, FilterName } from '../../store/export/table.ts'
import { ProblemError } from '../problem.ts'
import { defineRoute, type Route } from '../route.ts'
import { component } from '../schemas/components.ts'
import { addressList, marketPrefix, moment, name } from '../schemas/query.ts'
import { nowSeconds } from '../tools.ts'

const COLUMN_TYPES = ['text', 'integer', 'boolean', 'uint256', 'json'] as const

const tablesRoute: Route = defineRoute({
  ...{ method: 'GET', path: '/v1/export', tag: 'history', scope: 'read' },
  summary: 'Tables that can be had as files, with their columns',
  answer: component(
    'ExportTables',
    z.object({
      formats: z.array(z.string()),
      tables: z.array(
        z.object({
          name: z.string(),
          about: z.string(),
          filters: z.array(z.string()),
          columns: z.array(
            z.object({
              name: z.string(),
              type: z.enum(COLUMN_TYPES),
              unit: z.string().describe('Of a number; empty where that is no question'),
            }),
          ),
        }),
      ),
    }),
  ),
  run: () => ({
    body: {
      formats: Object.keys(EXPORT_FORMATS),
      tables: exportTables.map(({ name: own, about, filters, columns }) => ({
        ...{ name: own, about, filters: filters.map((one) => PARAMETER_OF[one]) },
        columns: columns.map(({ name: column, type, unit }) => ({ name: column, type, unit })),
      })),
    },
  }),
})

/** Filters as queries call them. */
const PARAMETER_OF: Readonly<Record<FilterName, string>> = {
  since: 'since',
  until: 'until',
  accounts: 'account',
  market: 'market',
}

const tableNamed = (text: string): ExportTable => {
  const table = exportTableNamed(text)
  if (table) return table
  throw new ProblemError('not-found', `there is no table ${text}`, {
    remedy: `Name one of: ${exportTables.map((one) => one.name).join(', ')}.`,
  })
}

/** A filter that means nothing for a table is a fault: it would answer more than was asked for. */
const checkFilter = (table: ExportTable, filter: ExportFilter): void => {
  const faults = (Object.keys(PARAMETER_OF) as FilterName[])
    .filter((one) => filter[one] !== undefined && !table.filters.includes(one))
    .map((one) => ({
      ...{ in: 'query' as const, path: PARAMETER_OF[one] },
      message: `is nothing that ${table.name} can be narrowed by`,
    }))
  if (faults.length > 0)
    throw new ProblemError(
      'invalid-request',
      faults.map(({ path, message }) => `${path} ${message}`).join('; '),
      {
        faults,
      },
    )
}

const formats = Object.keys(EXPORT_FORMATS) as [ExportFormat, ...ExportFormat[]]

/** `20260131T120000Z`. */
const stampOf = (seconds: number): string =>
  new Date(seconds * 1_000).toISOString().replace(/[-:]|\.\d+/g, '')

const fileRoute: Route = defineRoute({
  ...{ method: 'GET', path: '/v1/export/{table}', tag: 'history', scope: 'read' },
  summary: 'A table of the store as a file, made while it is sent',
  description:
    'The same bytes as `plimsoll export`. Rows come in the order of their key, each page as it is when it is read: rows that come or are thinned meanwhile may or may not be there. So many files are made at once; whoever takes nothing for a minute is cut off, and a file that was cut off ends without its end.',
  pathFields: { table: name },
  query: {
    format: z.enum(formats).default('csv'),
    since: moment.optional(),
    until: moment.optional(),
    account: addressList.optional().describe('Rows of these accounts, parted by commas'),
    market: marketPrefix.optional(),
  },
  answer: z.unknown(),
  files: Object.values(EXPORT_FORMATS).map(({ mediaType }) => mediaType),
  problems: ['not-found', 'unavailable'],
  run: async ({ path, query, signal }, tools) => {
    const table = tableNamed(path.table)
    const now = nowSeconds(tools)
    const filter: ExportFilter = {
      since: query.since?.(now),
      until: query.until?.(now),
      accounts: query.account,
      market: query.market,
    }
    checkFilter(table, filter)
    const { format } = query
    const { mediaType } = EXPORT_FORMATS[format]
    const bytes = await tools.exports.start({ table: table.name, filter, format }, signal)
    const fileName = `plimsoll-${table.name}-${stampOf(now)}.${format}`
    return new Response(bytes, {
      headers: {
        'content-type': mediaType,
        'content-disposition': `attachment; filename="${fileName}"`,
        'cache-control': 'no-store',
      },
    })
  },
})

export const exportRoutes: readonly Route[] = [tablesRoute, fileRoute]
