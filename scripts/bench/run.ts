// Measures what the README's benchmark section shows. Ratios hold; times depend on the machine.
import { cpus } from 'node:os'
import { table } from '../../src/cli/print/table.ts'
import { benchBootstrap } from './bootstrap.ts'
import { benchCycle } from './cycle.ts'

const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.version}`
const rows = [...(await benchCycle()), ...(await benchBootstrap())]
if (process.argv.includes('--json'))
  process.stdout.write(`${JSON.stringify({ machine, results: Object.fromEntries(rows) }, null, 2)}\n`)
else process.stdout.write(`${machine}\n${table([{ head: 'what' }, { head: 'measured' }], rows)}\n`)
