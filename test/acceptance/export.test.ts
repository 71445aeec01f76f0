// Many rows leave through the command line, in little memory, and another database reads the same out of them.
import { existsSync, mkdtempSync, readFileSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { beforeAll, expect, test } from 'vitest'
import { cli } from '../support/cli.ts'
import { isLong } from '../support/size.ts'
import { fillSnapshots, type Sums, sumsOf } from '../support/snapshot-rows.ts'
import { writeWorkspace } from '../support/workspace.ts'

const LONG = isLong
const [POSITIONS, EACH] = LONG ? [5_000, 210] : [500, 62]
const MEMORY_MIB_MAX = 300

const TELL_MEMORY = `data:text/javascript,process.on('exit',()=>process.stderr.write('maxRSS '+process.resourceUsage().maxRSS))`

let file: string
let configFile: string
let sums: Sums
const folder = mkdtempSync(join(tmpdir(), 'plimsoll-export-'))
const out = (name: string): string => join(folder, name)

beforeAll(() => {
  file = out('rows.db')
  fillSnapshots(file, POSITIONS, EACH)
  configFile = writeWorkspace({ chains: [{ id: 1, rpc: ['http://127.0.0.1:9'] }] }, file).configFile
  sums = sumsOf(file)
})

const run = async (...args: readonly string[]) => {
  const { stdout, stderr, exitCode } = await cli(['export', ...args, '--config', configFile], {
    env: { NODE_OPTIONS: `--import=${encodeURI(TELL_MEMORY)}` },
  })
  const [said = '', memory] = stderr.split('maxRSS ')
  return { stdout, said, exitCode, mib: Number(memory) / 1_024 }
}

const ask = async (sql: string): Promise<Record<string, unknown>> => {
  const connection = await (await DuckDBInstance.create(':memory:')).connect()
  const [row] = await (await connection.run(sql)).getRowObjects()
  connection.closeSync()
  return row as Record<string, unknown>
}

const SUMS = `count(*)::INT AS rows, sum(health_ppm) AS "healthPpm", sum(collateral_value::HUGEINT) AS "collateralValue",
  sum(debt_value::HUGEINT) AS "debtValue", count(*) FILTER (WHERE health_factor IS NULL)::INT AS unassessable`

test('Parquet: bounded memory, and DuckDB reads the sums of SQLite', async () => {
  const { said, exitCode, mib } = await run('snapshots', '--out', out('s.parquet'))
  expect([exitCode, said]).toEqual([0, expect.stringContaining(`${sums.rows} rows of snapshots written to`)])
  expect(mib).toBeLessThan(MEMORY_MIB_MAX)
  expect(await ask(`SELECT ${SUMS} FROM '${out('s.parquet')}'`)).toEqual(sums)
  if (LONG)
    console.log(`${sums.rows} rows: ${mib.toFixed(0)} MiB, file ${statSync(out('s.parquet')).size} bytes`)
})

test('CSV and JSON say the same', async () => {
  const csv = await run('snapshots', '--format', 'csv', '--out', out('s.csv'))
  const json = await run('snapshots', '--format', 'json', '--out', out('s.json'))
  for (const { exitCode, mib } of [csv, json]) expect([exitCode, mib < MEMORY_MIB_MAX]).toEqual([0, true])
  expect(
    await ask(`SELECT ${SUMS} FROM read_csv('${out('s.csv')}', all_varchar = false, types = {
    'health_factor': 'VARCHAR', 'collateral_value': 'VARCHAR', 'debt_value': 'VARCHAR' })`),
  ).toEqual(sums)
  if (LONG) return
  const { table, columns, rows } = JSON.parse(readFileSync(out('s.json'), 'utf8'))
  expect([table, rows.length]).toEqual(['snapshots', sums.rows])
  expect(Object.keys(rows[0])).toEqual(columns.map(({ name }: { name: string }) => name))
  const debt = rows.reduce(
    (sum: bigint, row: { debt_value: string | null }) => sum + BigInt(row.debt_value ?? 0),
    0n,
  )
  expect(debt).toBe(sums.debtValue)
})

test('filters choose rows', async () => {
  const { stdout: all } = await run('snapshots', '--market', '10')
  expect(all.split('\n').length - 2).toBe((POSITIONS / 2) * EACH)
  const account = `0x${(7).toString(16).padStart(40, '0')}`
  const { stdout } = await run(
    'snapshots',
    '--account',
    account,
    '--since',
    '1700000024',
    '--until',
    '1700000060',
  )
  const [head = '', ...rows] = stdout.trim().split('\n')
  expect(head.split(',').slice(0, 5)).toEqual(['position', 'chain_id', 'protocol', 'deployment', 'market'])
  expect(rows.map((row) => row.split(',')[7])).toEqual(['1002', '1003', '1004', '1005'])
  expect(new Set(rows.map((row) => row.split(',')[0]))).toEqual(
    new Set([`10:morpho-blue:main:0xab:${account}`]),
  )
})

test('what is not there is told, and no half file is left', async () => {
  expect(await run('snapshot')).toMatchObject({
    exitCode: 2,
    said: expect.stringContaining('Name one of: snapshots'),
  })
  expect(await run('blocks', '--account', `0x${'1'.repeat(40)}`)).toMatchObject({
    exitCode: 2,
    said: expect.stringContaining('cannot be filtered by --account'),
  })
  const nowhere = out('no/such/folder/s.csv')
  expect(await run('snapshots', '--out', nowhere)).toMatchObject({
    exitCode: 2,
    said: expect.stringContaining('cannot write'),
  })
  expect(existsSync(`${nowhere}.part`)).toBe(false)
  const { stdout } = await run('alerts', '--format', 'json')
  expect(JSON.parse(stdout)).toMatchObject({ table: 'alerts', rows: [] })
})
