// npm run vectors -- DIR [PROTOCOL…]: golden vectors of real contracts against the adapters' own functions.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { table } from '../src/cli/print/table.ts'
import type { VectorChecks, VectorFile } from '../src/protocols/vectors.ts'

const SHOWN_MAX = 5

type Tally = { passed: number; failed: number }

const usage = (problem: string): never => {
  console.error(
    `${problem}\nusage: npm run vectors -- DIR [PROTOCOL…], where DIR/<protocol>/*.json(.gz) are recorded vectors`,
  )
  process.exit(2)
}

const readVectors = (file: string): VectorFile => {
  const bytes = readFileSync(file)
  return JSON.parse((file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')) as VectorFile
}

const checksOf = async (protocol: string): Promise<VectorChecks | undefined> => {
  const module = new URL(`../src/protocols/${protocol}/vectors.ts`, import.meta.url)
  if (!existsSync(module)) return undefined
  return ((await import(module.href)) as { checks: VectorChecks }).checks
}

const [folder, ...wanted] = process.argv.slice(2)
if (!folder || !existsSync(folder)) usage(folder ? `${folder} does not exist` : 'which folder?')
const root = folder as string
const protocols = readdirSync(root, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .sort()
const unknown = wanted.filter((name) => !protocols.includes(name))
if (unknown.length > 0) usage(`${root} has no folder ${unknown.join(', ')}; it has ${protocols.join(', ')}`)

const rows: string[][] = []
const total: Tally = { passed: 0, failed: 0 }
const shown: string[] = []

const failWhole = (protocol: string, file: string, problem: string): void => {
  total.failed += 1
  rows.push([protocol, file, '', '0', '1'])
  shown.push(`${protocol}/${file}: ${problem}`)
}

const checkFile = (checks: VectorChecks, protocol: string, path: string): void => {
  const file = basename(path)
  const tallies = new Map<string, Tally>()
  try {
    for (const { kind, id, mismatches } of checks(readVectors(path))) {
      const tally = tallies.get(kind) ?? { passed: 0, failed: 0 }
      tallies.set(kind, tally)
      if (mismatches.length === 0) tally.passed += 1
      else {
        tally.failed += 1
        if (tally.failed <= SHOWN_MAX)
          shown.push(`${protocol}/${file} ${kind} ${id}:\n    ${mismatches.join('\n    ')}`)
      }
    }
    if (tallies.size === 0) failWhole(protocol, file, 'has no records')
  } catch (error) {
    failWhole(protocol, file, error instanceof Error ? error.message : String(error))
  }
  for (const [kind, { passed, failed }] of tallies) {
    total.passed += passed
    total.failed += failed
    rows.push([protocol, file, kind, String(passed), String(failed)])
  }
}

for (const protocol of wanted.length > 0 ? wanted : protocols) {
  const files = readdirSync(join(root, protocol))
    .filter((name) => /\.json(\.gz)?$/.test(name))
    .sort()
  const checks = await checksOf(protocol)
  if (!checks) failWhole(protocol, '*', 'no adapter knows this protocol')
  else for (const file of files) checkFile(checks, protocol, join(root, protocol, file))
}

console.log(
  table(
    [
      { head: 'protocol' },
      { head: 'file' },
      { head: 'kind' },
      { head: 'passed', align: 'right' },
      { head: 'failed', align: 'right' },
    ],
    rows,
  ),
)
for (const text of shown) console.log(text)
console.log(`${total.passed} passed, ${total.failed} failed`)
process.exitCode = total.failed === 0 ? 0 : 1
