// Golden vectors on disk: DIR/<protocol>/*.json and *.json.gz, each held against its protocol's own functions.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { messageOf } from '../src/model/errors.ts'
import type { VectorChecks, VectorFile, Worlds } from '../src/protocols/vectors.ts'

/** How many mismatches of one kind in one file are shown in full. */
const SHOWN_MAX = 5

/** What a protocol's `vectors.ts` exports. */
export type VectorModule = { readonly checks: VectorChecks; readonly worlds: Worlds }

/** How many records of one kind agree. */
export type Tally = { readonly kind: string; passed: number; failed: number }

/** What one file came to; `shown` are its first mismatches, in full. */
export type FileReport = {
  readonly protocol: string
  readonly file: string
  readonly tallies: readonly Tally[]
  readonly shown: readonly string[]
}

const namesIn = (folder: string, isWanted: (path: string, name: string) => boolean): readonly string[] =>
  readdirSync(folder)
    .filter((name) => isWanted(join(folder, name), name))
    .sort()

/** The folders of `root`: each is named after a protocol. */
export const vectorProtocols = (root: string): readonly string[] =>
  namesIn(root, (path) => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false)

/** Paths of the vector files in one protocol's folder. */
export const vectorPaths = (root: string, protocol: string): readonly string[] => {
  const folder = join(root, protocol)
  return namesIn(folder, (_path, name) => /\.json(\.gz)?$/.test(name)).map((name) => join(folder, name))
}

/** Reads one file; throws on what is no compressed or plain JSON object. */
export const readVectors = (path: string): VectorFile => {
  const bytes = readFileSync(path)
  const parsed: unknown = JSON.parse((path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8'))
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw new Error('holds no JSON object')
  return parsed
}

/** The protocol's own functions for its vectors; throws where no adapter has any. */
export const vectorModule = async (protocol: string): Promise<VectorModule> => {
  const module = new URL(`../src/protocols/${protocol}/vectors.ts`, import.meta.url)
  if (!existsSync(module)) throw new Error('no adapter knows this protocol')
  return (await import(module.href)) as VectorModule
}

/** What cannot be run at all counts as one failed record. */
export const failedWhole = (protocol: string, file: string, problem: string): FileReport => ({
  protocol,
  file,
  tallies: [{ kind: '', passed: 0, failed: 1 }],
  shown: [`${protocol}/${file}: ${problem}`],
})

/** Runs every record of a file. One that throws as a whole, or holds no records, has failed. */
export const checkFile = async (protocol: string, path: string): Promise<FileReport> => {
  const file = basename(path)
  const tallies = new Map<string, Tally>()
  const shown: string[] = []
  try {
    const { checks } = await vectorModule(protocol)
    for (const { kind, id, mismatches } of checks(readVectors(path))) {
      const tally = tallies.get(kind) ?? { kind, passed: 0, failed: 0 }
      tallies.set(kind, tally)
      if (mismatches.length === 0) tally.passed += 1
      else {
        tally.failed += 1
        if (tally.failed <= SHOWN_MAX)
          shown.push(`${protocol}/${file} ${kind} ${id}:\n    ${mismatches.join('\n    ')}`)
      }
    }
    if (tallies.size === 0) throw new Error('has no records')
    return { protocol, file, tallies: [...tallies.values()], shown }
  } catch (error) {
    const failure = failedWhole(protocol, file, messageOf(error))
    return {
      ...failure,
      tallies: [...tallies.values(), ...failure.tallies],
      shown: [...shown, ...failure.shown],
    }
  }
}
