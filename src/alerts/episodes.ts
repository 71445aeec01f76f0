// Alerts that fire or of which something is still to be told, with what each receiver was told of them.
import { type Alert, SEVERITIES, type Severity } from '../model/alert.ts'
import type { Notice } from '../model/notice.ts'
import type { AlertChange } from './engine.ts'
import type { Escalation } from './settings.ts'

/** One firing of an alert. `notices` are those that are open, and in memory also those that were closed while it fires, by receiver. */
export type Episode = { readonly alert: Alert; readonly notices: ReadonlyMap<string, Notice> }

/** By `episodeKey`. */
export type Episodes = ReadonlyMap<string, Episode>

export const episodeKey = ({ fingerprint, activeAt }: Pick<Alert, 'fingerprint' | 'activeAt'>): string =>
  `${fingerprint}:${activeAt}`

/** How bad, as a number that grows. */
export const rankOf = (severity: Severity): number => SEVERITIES.indexOf(severity)

const newNotice = ({ fingerprint, activeAt, block }: Alert, receiver: string, nowMs: number): Notice => ({
  ...{ fingerprint, activeAt, receiver, chainId: block.chainId, isOpen: true, told: 'nothing' },
  ...{ createdAtMs: nowMs, repeatCount: 0 },
})

/** An end of which the beginning was told before notices were kept counts as told to all who may hear of it. */
const toldBefore = (alert: Alert, receiver: string, nowMs: number): Notice => ({
  ...newNotice(alert, receiver, nowMs),
  told: 'firing',
})

/** Episodes with what has become of alerts. */
export const withChanges = (
  episodes: Episodes,
  changes: readonly AlertChange[],
  nowMs: number,
): Map<string, Episode> => {
  const result = new Map(episodes)
  for (const { alert, status, receivers } of changes) {
    const key = episodeKey(alert)
    const make = status === 'firing' ? newNotice : toldBefore
    const notices =
      result.get(key)?.notices ??
      new Map(receivers.map((receiver) => [receiver, make(alert, receiver, nowMs)]))
    result.set(key, { alert, notices })
  }
  return result
}

const firstToldAtMs = ({ notices }: Episode): number | undefined => {
  const times = [...notices.values()].flatMap(({ firstToldAtMs: ms }) => (ms === undefined ? [] : [ms]))
  return times.length === 0 ? undefined : Math.min(...times)
}

/** The episode with the receivers of steps whose time has come, and when the next one comes. */
export const escalated = (
  episode: Episode,
  steps: readonly Escalation[],
  nowMs: number,
): { readonly episode: Episode; readonly dueAtMs: number | undefined } => {
  const { alert } = episode
  const sinceMs = firstToldAtMs(episode)
  if (alert.state !== 'firing' || sinceMs === undefined) return { episode, dueAtMs: undefined }
  const notices = new Map(episode.notices)
  let dueAtMs: number | undefined
  for (const [index, { afterSeconds, severity, receivers }] of steps.entries()) {
    const atMs = sinceMs + afterSeconds * 1_000
    const added = receivers.filter((receiver) => !notices.has(receiver))
    if (rankOf(alert.severity) < rankOf(severity) || added.length === 0) continue
    if (atMs > nowMs) dueAtMs = Math.min(dueAtMs ?? atMs, atMs)
    else
      for (const receiver of added)
        notices.set(receiver, { ...newNotice(alert, receiver, nowMs), escalationStep: index + 1 })
  }
  return notices.size === episode.notices.size
    ? { episode, dueAtMs }
    : { episode: { alert, notices }, dueAtMs }
}
