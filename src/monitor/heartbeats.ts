// How often price feeds speak: as configured, as they were seen to, or as nearly all of them do.
import type { Address } from 'viem'
import { formatDuration } from '../units/duration.ts'

/** How long a feed may be silent. `text` says where that is from. */
export type Heartbeat = { readonly seconds: number; readonly text: string }

/** A heartbeat that somebody set: of a feed, or of all feeds that an asset's price rests on, by its symbol or address. */
export type HeartbeatSetting = {
  readonly feed?: Address | undefined
  readonly asset?: string | undefined
  readonly heartbeatSeconds: number
}

/** Feeds that speak once a day may take an hour more (Chainlink's slowest usual heartbeat is 24 h). */
const ASSUMED_SECONDS = 90_000
const LEARNT_SECONDS_MIN = 3_600
const LEARNT_SHARE = 1.5
/** A busy day says nothing of a calm one: what was seen counts once it covers a week. */
const LEARNT_SPAN_SECONDS = 7 * 86_400
const LEARNT_GAPS_MIN = 5

/** When a feed spoke, as far as that was seen. */
export type Heard = {
  readonly first: number
  readonly last: number
  readonly gapCount: number
  readonly gapSecondsMax: number
}

/** Adds a moment at which a feed spoke, in seconds, not earlier than those before; one that is known already adds nothing. */
export const hear = (heard: Heard | undefined, updatedAt: number): Heard => {
  if (!heard) return { first: updatedAt, last: updatedAt, gapCount: 0, gapSecondsMax: 0 }
  if (updatedAt <= heard.last) return heard
  return {
    first: heard.first,
    last: updatedAt,
    gapCount: heard.gapCount + 1,
    gapSecondsMax: Math.max(heard.gapSecondsMax, updatedAt - heard.last),
  }
}

/** How long a feed may be silent. */
export const heartbeatOf = (heard: Heard, configuredSeconds: number | undefined): Heartbeat => {
  if (configuredSeconds !== undefined)
    return { seconds: configuredSeconds, text: `${formatDuration(configuredSeconds)}, as configured` }
  const { first, last, gapCount, gapSecondsMax } = heard
  if (gapCount < LEARNT_GAPS_MIN || last - first < LEARNT_SPAN_SECONDS)
    return {
      seconds: ASSUMED_SECONDS,
      text: `${formatDuration(ASSUMED_SECONDS)}, assumed: it has not been seen for long enough to know better`,
    }
  const seconds = Math.max(LEARNT_SECONDS_MIN, Math.ceil(gapSecondsMax * LEARNT_SHARE))
  return {
    seconds,
    text: `${formatDuration(seconds)}, learnt: it was never silent for longer than ${formatDuration(gapSecondsMax)} in ${formatDuration(last - first)}`,
  }
}

/** What is configured for a feed: by its address, else the shortest of the assets whose prices rest on it. */
export const configuredFor = (
  settings: readonly HeartbeatSetting[],
  feed: Address,
  assets: readonly { readonly asset: Address; readonly symbol: string }[],
): number | undefined => {
  const own = settings.find((setting) => setting.feed === feed)
  if (own) return own.heartbeatSeconds
  const byAsset = settings.filter(({ asset }) =>
    assets.some((one) => asset === one.symbol || asset?.toLowerCase() === one.asset.toLowerCase()),
  )
  return byAsset.length > 0 ? Math.min(...byAsset.map(({ heartbeatSeconds }) => heartbeatSeconds)) : undefined
}
