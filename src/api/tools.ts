// What routes have at hand.
import type { ServerConfig } from '../app/config/server.ts'
import type { Daemon, DaemonChain } from '../app/face.ts'
import type { Database } from '../store/database.ts'
import { ProblemError } from './problem.ts'
import type { Chains } from './reading/chains.ts'
import type { LiveReads } from './reading/live.ts'
import type { Newcomers } from './reading/newcomers.ts'
import type { Rankings } from './reading/rankings.ts'
import type { TriggerMemory } from './reading/triggers.ts'
import type { Stream } from './stream/stream.ts'
import type { Exports } from './threads/exports.ts'
import type { Risks } from './threads/risks.ts'
import type { Stresses } from './threads/stresses.ts'
import type { Surveys } from './threads/surveys.ts'

export type Tools = {
  readonly daemon: Daemon
  readonly server: ServerConfig
  /** Of Plimsoll. */
  readonly version: string
  /** A connection of its own, for reading only. */
  readonly database: Database
  readonly chains: Chains
  readonly live: LiveReads
  readonly rankings: Rankings
  readonly triggers: TriggerMemory
  readonly newcomers: Newcomers
  readonly stresses: Stresses
  readonly surveys: Surveys
  readonly exports: Exports
  readonly risks: Risks
  readonly stream: Stream
  redact(text: string): string
}

/** The daemon's chains that a query names, or all. Throws `ProblemError` where it has no such chain. */
export const chainsNamed = (
  { daemon }: Pick<Tools, 'daemon'>,
  id: number | undefined,
): readonly DaemonChain[] => {
  if (id === undefined) return daemon.chains
  const found = daemon.chains.filter(({ chain }) => chain.id === id)
  if (found.length > 0) return found
  throw new ProblemError('not-found', `chain ${id} is not followed`, {
    remedy: `Followed are ${daemon.chains.map(({ chain }) => chain.id).join(', ')}.`,
  })
}

/** Now, in unix seconds. */
export const nowSeconds = ({ daemon }: Pick<Tools, 'daemon'>): number => Math.floor(daemon.nowMs() / 1_000)
