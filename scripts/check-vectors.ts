// npm run vectors -- DIR [PROTOCOL…]: golden vectors of real contracts against the adapters' own functions.
import { statSync } from 'node:fs'
import { table } from '../src/cli/print/table.ts'
import { checkFile, type FileReport, failedWhole, vectorPaths, vectorProtocols } from './vector-files.ts'

const USAGE =
  'usage: npm run vectors -- DIR [PROTOCOL…], where DIR/<protocol>/*.json(.gz) are recorded vectors'

const refuse = (problem: string): never => {
  console.error(`${problem}\n${USAGE}`)
  process.exit(2)
}

/** The protocols to run, in order; refuses what a user may have mistyped. */
const protocolsOf = (root: string | undefined, wanted: readonly string[]): readonly string[] => {
  if (root === undefined) return refuse('which folder?')
  const entry = statSync(root, { throwIfNoEntry: false })
  if (!entry?.isDirectory()) return refuse(`${root} ${entry ? 'is no folder' : 'does not exist'}`)
  const protocols = vectorProtocols(root)
  if (protocols.length === 0) return refuse(`${root} holds no protocol's folder`)
  const unknown = wanted.filter((name) => !protocols.includes(name))
  if (unknown.length > 0)
    return refuse(`${root} has no folder ${unknown.join(', ')}; it has ${protocols.join(', ')}`)
  return wanted.length > 0 ? wanted : protocols
}

const checkProtocol = async (root: string, protocol: string): Promise<readonly FileReport[]> => {
  const paths = vectorPaths(root, protocol)
  if (paths.length === 0) return [failedWhole(protocol, '*', 'holds no vectors')]
  const reports: FileReport[] = []
  for (const path of paths) reports.push(await checkFile(protocol, path))
  return reports
}

const print = (reports: readonly FileReport[]): void => {
  const rows = reports.flatMap(({ protocol, file, tallies }) =>
    tallies.map(({ kind, passed, failed }) => [protocol, file, kind, String(passed), String(failed)]),
  )
  const names = ['protocol', 'file', 'kind'].map((head) => ({ head }))
  const counts = ['passed', 'failed'].map((head) => ({ head, align: 'right' as const }))
  console.log(table([...names, ...counts], rows))
  for (const text of reports.flatMap(({ shown }) => shown)) console.log(text)
}

const [root, ...wanted] = process.argv.slice(2)
const reports: FileReport[] = []
for (const protocol of protocolsOf(root, wanted))
  reports.push(...(await checkProtocol(root as string, protocol)))
print(reports)
const tallies = reports.flatMap((report) => report.tallies)
const passed = tallies.reduce((sum, tally) => sum + tally.passed, 0)
const failed = tallies.reduce((sum, tally) => sum + tally.failed, 0)
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
