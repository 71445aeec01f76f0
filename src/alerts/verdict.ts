// What a receiver is to be told of an alert now, what keeps it from being told, and until when: of this alert alone.
import type { Acknowledgement, Notice, SendReason, Silence, SkipReason } from '../model/notice.ts'
import { type Episode, episodeKey, rankOf } from './episodes.ts'
import { matchesLabels } from './labels.ts'
import { quietUntilMs } from './quiet-hours.ts'
import type { NotifySettings, ReceiverSettings } from './settings.ts'

/**
 * `isLast`: nothing more is told of this episode afterwards. What is skipped is looked at again at `untilMs`, or when
 * something changes; `idle` has nothing to be told before that.
 */
export type Verdict =
  | { readonly kind: 'send'; readonly reason: SendReason; readonly isLast: boolean }
  | {
      readonly kind: 'skip'
      readonly reason: SkipReason
      readonly isLast: boolean
      readonly detail?: string
      readonly untilMs?: number
    }
  | { readonly kind: 'idle'; readonly untilMs?: number }

export type Circumstances = {
  readonly settings: NotifySettings
  readonly silences: readonly Silence[]
  readonly acknowledgements: ReadonlyMap<string, Acknowledgement>
  readonly nowMs: number
  /** When the wait for others of its group is over. */
  groupReadyAtMs(episode: Episode, notice: Notice): number
}

const isoMs = (ms: number): string => new Date(ms).toISOString().slice(0, 16).replace('T', ' ')

const send = (reason: SendReason, isLast = false): Verdict => ({ kind: 'send', reason, isLast })
const over = (reason: SkipReason): Verdict => ({ kind: 'skip', reason, isLast: true })
const held = (reason: SkipReason, detail: string, untilMs?: number): Verdict => ({
  ...{ kind: 'skip', reason, isLast: false, detail },
  ...(untilMs === undefined ? {} : { untilMs }),
})

/** The silence that holds an alert back for longest. */
const silenceOf = ({ alert }: Episode, { silences, nowMs }: Circumstances): Silence | undefined =>
  silences
    .filter(({ match, startsAt, endsAt }) => {
      const isNow = startsAt * 1_000 <= nowMs && nowMs < endsAt * 1_000
      return isNow && matchesLabels(match, alert)
    })
    .sort((a, b) => b.endsAt - a.endsAt)[0]

const quietFor = (
  { alert }: Episode,
  { quietHours }: ReceiverSettings,
  nowMs: number,
): Verdict | undefined => {
  const untilMs = quietHours && alert.severity !== 'critical' ? quietUntilMs(quietHours, nowMs) : undefined
  return untilMs === undefined ? undefined : held('quiet-hours', `until ${isoMs(untilMs)} UTC`, untilMs)
}

/** What people have asked not to hear. */
const unwanted = (episode: Episode, circumstances: Circumstances): Verdict | undefined => {
  const silence = silenceOf(episode, circumstances)
  if (silence) return held('silenced', `by ${silence.id}`, silence.endsAt * 1_000)
  const acknowledgement = circumstances.acknowledgements.get(episodeKey(episode.alert))
  return acknowledgement ? held('acknowledged', `by ${acknowledgement.by}`) : undefined
}

const firstOf = (
  episode: Episode,
  notice: Notice,
  receiver: ReceiverSettings,
  circumstances: Circumstances,
): Verdict => {
  const { nowMs } = circumstances
  if (rankOf(episode.alert.severity) < rankOf(receiver.minSeverity)) return over('severity-not-wanted')
  const isOver = episode.alert.state !== 'firing'
  const kept = unwanted(episode, circumstances)
  if (kept?.kind === 'skip') return isOver ? { ...kept, isLast: true } : kept
  const quiet = quietFor(episode, receiver, nowMs)
  if (quiet) return quiet
  const readyAtMs = circumstances.groupReadyAtMs(episode, notice)
  if (readyAtMs > nowMs) return held('group-wait', `until ${isoMs(readyAtMs)} UTC`, readyAtMs)
  return send(notice.escalationStep === undefined ? 'fired' : 'escalated', isOver)
}

const repeatOf = (
  episode: Episode,
  notice: Notice,
  receiver: ReceiverSettings,
  circumstances: Circumstances,
): Verdict => {
  const { settings, nowMs } = circumstances
  const seconds = settings.repeatSeconds[episode.alert.severity]
  if (seconds === 0) return { kind: 'idle' }
  const dueAtMs = (notice.toldAtMs ?? notice.createdAtMs) + seconds * 1_000
  if (dueAtMs > nowMs) return { kind: 'idle', untilMs: dueAtMs }
  return unwanted(episode, circumstances) ?? quietFor(episode, receiver, nowMs) ?? send('repeat')
}

const endOf = (episode: Episode, receiver: ReceiverSettings, circumstances: Circumstances): Verdict => {
  const { alert } = episode
  if (alert.state === 'retracted') return send('retracted', true)
  const isWanted = receiver.sendResolved && !circumstances.settings.endlessRules.has(alert.rule)
  if (!isWanted) return over('resolved-not-wanted')
  return quietFor(episode, receiver, circumstances.nowMs) ?? send('resolved', true)
}

/** The verdict on one open notice. */
export const verdictOf = (episode: Episode, notice: Notice, circumstances: Circumstances): Verdict => {
  const { alert } = episode
  const { settings } = circumstances
  const receiver = settings.receivers.get(notice.receiver)
  if (!receiver) return over('no-receiver')
  const isEvent = settings.eventRules.has(alert.rule) && alert.state === 'resolved'
  if (notice.told === 'nothing')
    return alert.state === 'firing' || isEvent
      ? firstOf(episode, notice, receiver, circumstances)
      : over('not-told')
  return alert.state === 'firing'
    ? repeatOf(episode, notice, receiver, circumstances)
    : endOf(episode, receiver, circumstances)
}
