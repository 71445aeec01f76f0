import type { Follower } from '../monitor/cycle.ts'
import { formatDuration } from '../units/duration.ts'
import type { ChainConfig } from './config/config.ts'

/** How a chain of the daemon does: its follower once it is loaded, and when its last cycle was, unix milliseconds. */
export type ChainState = {
  readonly chainConfig: ChainConfig
  follower: Follower | undefined
  lastCycleAtMs: number | undefined
}

/** A chain that had no cycle for this long is not known to be well: its head may be old that long, and it may be unreachable for a while. */
const quietMsMax = ({ headAgeSecondsMax = 0, unreachableSecondsMax }: ChainConfig): number =>
  (headAgeSecondsMax + unreachableSecondsMax) * 1_000

/** Why a chain is not known to be well; undefined where it is. */
export const silenceOf = ({ chainConfig, lastCycleAtMs }: ChainState, atMs: number): string | undefined => {
  if (lastCycleAtMs === undefined) return `chain ${chainConfig.id} has not been read yet`
  const quietMs = atMs - lastCycleAtMs
  if (quietMs <= quietMsMax(chainConfig)) return undefined
  return `chain ${chainConfig.id} had no cycle for ${formatDuration(quietMs / 1_000)}`
}
