// Measures what the README's benchmark section shows. Ratios hold; times depend on the machine and on what else it does.
import { cpus, loadavg } from 'node:os'
import { table } from '../../src/cli/print/table.ts'
import { benchAssess } from './assess.ts'
import { benchBootstrap } from './bootstrap.ts'
import { benchCycle } from './cycle.ts'
import { benchSnapshots } from './snapshots.ts'
import { type Report, startWorld, type World } from './world.ts'

const FOLLOWED = 1_000
const BOOTSTRAPPED = 2_000

/** Runs benches one after the other on one chain, which is stopped whatever happens. */
const runOn = async (
  borrowers: number,
  benches: readonly ((world: World) => Promise<Report>)[],
): Promise<readonly Report[]> => {
  const world = await startWorld(borrowers)
  try {
    const reports: Report[] = []
    for (const bench of benches) reports.push(await bench(world))
    return reports
  } finally {
    await world.stop()
  }
}

const decimalsOf = (value: number): number => (Number.isInteger(value) ? 0 : value < 1 ? 3 : 1)

const textOf = (value: string | number): string => {
  if (typeof value === 'string') return value
  const digits = decimalsOf(value)
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })
}

const printed = ({ title, columns, rows }: Report): string =>
  `${title}\n${table(
    columns.map((head, index) => ({ head, align: index === 0 ? 'left' : 'right' })),
    rows.map((row) => row.map(textOf)),
  )}`

const asJson = ({ title, columns, rows }: Report) => ({
  title,
  rows: rows.map((row) => Object.fromEntries(columns.map((column, index) => [column, row[index]]))),
})

const load = loadavg()[0] ?? 0
const machine = {
  cpus: cpus().length,
  model: cpus()[0]?.model ?? 'unknown processor',
  node: process.version,
  loadBefore: load,
}
const reports = [
  ...(await runOn(FOLLOWED, [benchAssess, benchCycle, benchSnapshots])),
  ...(await runOn(BOOTSTRAPPED, [benchBootstrap])),
]
if (process.argv.includes('--json')) {
  const benches = Object.fromEntries(reports.map((report) => [report.name, asJson(report)]))
  process.stdout.write(`${JSON.stringify({ machine, benches }, null, 2)}\n`)
} else {
  const head = `${machine.cpus} × ${machine.model}, Node ${machine.node}, load ${load.toFixed(1)} before`
  process.stdout.write(`${[head, ...reports.map(printed)].join('\n\n')}\n`)
}
