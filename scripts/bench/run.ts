// Measures what docs/benchmarks.md shows: `npm run bench -- [PART…] [--json] [--seconds N]`. Ratios hold; times depend on the machine and on
// what else it does.
import { cpus, loadavg, totalmem } from 'node:os'
import { parseArgs } from 'node:util'
import { PARTS, type Part } from './parts.ts'
import { asJson, printed, type Report } from './report.ts'

const usage = `npm run bench -- [PART…] [--json] [--seconds N]\n\n${PARTS.map(
  ({ name, about, isLong }) => `  ${name.padEnd(12)}${about}${isLong ? '; only when named' : ''}`,
).join('\n')}\n`

const partsOf = (names: readonly string[]): readonly Part[] => {
  const unknown = names.filter((name) => !PARTS.some((part) => part.name === name))
  if (unknown.length > 0) throw new RangeError(`there is no part ${unknown.join(', ')}\n\n${usage}`)
  return PARTS.filter(({ name, isLong }) => (names.length === 0 ? !isLong : names.includes(name)))
}

const machine = () => ({
  cpus: cpus().length,
  model: cpus()[0]?.model ?? 'unknown processor',
  memoryBytes: totalmem(),
  node: process.version,
  loadBefore: loadavg()[0] ?? 0,
})

const headline = ({
  cpus: count,
  model,
  memoryBytes,
  node,
  loadBefore,
}: ReturnType<typeof machine>): string =>
  `${count} × ${model}, ${(memoryBytes / 2 ** 30).toFixed(0)} GB, Node ${node}, load ${loadBefore.toFixed(1)} before`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
    seconds: { type: 'string', default: '60' },
  },
})

if (values.help) process.stdout.write(usage)
else {
  const parts = partsOf(positionals)
  const on = machine()
  if (!values.json) process.stdout.write(`${headline(on)}\n`)
  const reports: Report[] = []
  for (const part of parts) {
    process.stderr.write(`${part.name}: ${part.about}\n`)
    for await (const report of part.run({ seconds: Number(values.seconds) })) {
      reports.push(report)
      if (!values.json) process.stdout.write(`\n${printed(report)}\n`)
    }
  }
  const benches = Object.fromEntries(reports.map((report) => [report.name, asJson(report)]))
  if (values.json) process.stdout.write(`${JSON.stringify({ machine: on, benches }, null, 2)}\n`)
}
