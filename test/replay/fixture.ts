// What is kept of a real chain on which real contracts ran: blocks, logs, and what calls answered at each head.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import type { Address, Hash } from 'viem'
import type { Header } from '../../src/chain/chain.ts'
import type { Call, CallResult, Log } from '../../src/model/evm.ts'
import { decodeState, encodeState } from '../../src/model/state-text.ts'
import type { Wanted } from '../../src/monitor/track.ts'
import type { Deployment } from '../../src/protocols/adapter.ts'
import { registry } from '../../src/protocols/registry.ts'

/** A block with all of its logs. */
export type RecordedBlock = { readonly header: Header; readonly logs: readonly Log[] }

/** Index into `calls`, index into `results`. */
export type Answer = readonly [call: number, result: number]

/** One head as it was followed. `answers` are those that are new or other than at the head before; all others are as they were. */
export type RecordedHead = { readonly hash: Hash; readonly answers: readonly Answer[] }

/** A recording: no code, no transactions, only what an endpoint told. */
export type Fixture = {
  /** Which contracts ran, and where their source is. */
  readonly contracts: readonly string[]
  readonly deployments: readonly Deployment[]
  readonly accounts: readonly Address[]
  /** Symbols whose totals prove nothing, as they are minted besides loans. */
  readonly mintedBesides: readonly string[]
  /** Orphaned blocks too. */
  readonly blocks: readonly RecordedBlock[]
  readonly calls: readonly string[]
  readonly results: readonly CallResult[]
  readonly heads: readonly RecordedHead[]
}

/** What a recording follows, with the adapters of the registry. */
export const wantedIn = ({ deployments }: Fixture): readonly Wanted[] =>
  deployments.map((deployment) => {
    const adapter = registry.find(({ protocol }) => protocol === deployment.protocol)
    if (!adapter) throw new Error(`${deployment.protocol} is not in the registry`)
    return { adapter, deployment }
  })

/** Names a call in a fixture: target, data, and what goes before it. */
export const nameOf = (call: Call): string => {
  if ('slots' in call) return `${call.to} ${call.slots.join(' ')}`
  return [...(call.before ?? []), call].map(({ to, data }) => `${to}:${data}`).join(' then ')
}

/** Reads a fixture; throws what the file system or JSON throws. */
export const readFixture = (file: string): Fixture =>
  decodeState(gunzipSync(readFileSync(file)).toString()) as Fixture

/** Writes a fixture, compressed; answers its size in bytes. */
export const writeFixture = (file: string, fixture: Fixture): number => {
  const bytes = gzipSync(encodeState(fixture), { level: 9 })
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, bytes)
  return bytes.length
}
