// From what alerts have become to what each receiver is told: silences, inhibition, acknowledgement, quiet hours, repetition,
// escalation, grouping. In people's time, and only of what it is given.
import type { Alert, AlertNotification, AlertStatus, Notification } from '../model/alert.ts'
import type { Acknowledgement, Decision, Notice, SendReason, Silence } from '../model/notice.ts'
import type { AlertChange } from './engine.ts'
import { type Episode, type Episodes, episodeKey, escalated, rankOf, withChanges } from './episodes.ts'
import { grouped, groupOf } from './grouping.ts'
import { createSources } from './inhibition.ts'
import { notificationsOf } from './notify.ts'
import type { NotifySettings } from './settings.ts'
import { type Circumstances, type Verdict, verdictOf } from './verdict.ts'

/** What is known of a loan, for messages. */
export type Content = Pick<AlertChange, 'assessment' | 'risk'>

export type PipelineInput = {
  readonly episodes: Episodes
  readonly changes: readonly AlertChange[]
  readonly silences: readonly Silence[]
  /** By `episodeKey`. */
  readonly acknowledgements: ReadonlyMap<string, Acknowledgement>
  readonly settings: NotifySettings
  readonly nowMs: number
  /** What is known of an alert's loan now, where the changes do not say. */
  contentOf(alert: Alert): Content
}

/** `notices` are those that are to be written; at `nextDueAtMs` something may be due though nothing changes. */
export type PipelineOutput = {
  readonly episodes: Episodes
  readonly notifications: readonly Notification[]
  readonly notices: readonly Notice[]
  readonly decisions: readonly Decision[]
  readonly nextDueAtMs: number | undefined
}

type Case = { readonly episode: Episode; readonly notice: Notice; readonly verdict: Verdict }

/** The elder first, so that what an alert has become is told in its order; of the same moment the worse first. */
const byTime = ({ alert: a }: Episode, { alert: b }: Episode): number =>
  a.activeAt - b.activeAt ||
  rankOf(b.severity) - rankOf(a.severity) ||
  (a.fingerprint < b.fingerprint ? -1 : 1)

/** When the oldest alert that waits for others of its group has waited long enough. */
const groupWaits = (
  episodes: readonly Episode[],
  settings: NotifySettings,
): Circumstances['groupReadyAtMs'] => {
  const waitMs = settings.groupWaitSeconds * 1_000
  if (waitMs === 0) return () => 0
  const sinceMs = new Map<string, number>()
  const keyOf = ({ alert }: Episode, { receiver }: Notice): string =>
    `${receiver} ${groupOf(alert, settings)}`
  const isWaiting = ({ told, reason }: Notice): boolean =>
    told === 'nothing' && (reason === undefined || reason === 'group-wait')
  for (const episode of episodes)
    for (const notice of episode.notices.values()) {
      const key = keyOf(episode, notice)
      if (isWaiting(notice))
        sinceMs.set(key, Math.min(notice.createdAtMs, sinceMs.get(key) ?? notice.createdAtMs))
    }
  return (episode, notice) => {
    if (!settings.receivers.get(notice.receiver)?.isForPeople) return 0
    return (sinceMs.get(keyOf(episode, notice)) ?? 0) + waitMs
  }
}

const isTold = (episode: Episode, receiver: string): boolean =>
  episode.notices.get(receiver)?.told === 'firing'

/** Verdicts in the light of other alerts: what another one stands for is not told, and what is worse than another says so. */
const inLightOfOthers = (
  cases: readonly Case[],
  episodes: Episodes,
  settings: NotifySettings,
): readonly Case[] => {
  if (!cases.some(({ verdict }) => verdict.kind === 'send')) return cases
  const sourcesOf = createSources(episodes, settings)
  const willBeTold = new Set(
    cases
      .filter(
        ({ verdict }) =>
          verdict.kind === 'send' || (verdict.kind === 'skip' && verdict.reason === 'group-wait'),
      )
      .map(({ episode, notice }) => `${notice.receiver} ${episodeKey(episode.alert)}`),
  )
  const toldSeverities = new Map<string, number>()
  for (const episode of episodes.values())
    for (const receiver of episode.notices.keys())
      if (episode.alert.state === 'firing' && isTold(episode, receiver)) {
        const key = `${receiver} ${episode.alert.subject}`
        toldSeverities.set(key, Math.max(toldSeverities.get(key) ?? 0, rankOf(episode.alert.severity)))
      }
  return cases.map((one) => {
    const { episode, notice, verdict } = one
    const { alert } = episode
    if (verdict.kind !== 'send' || alert.state !== 'firing') return one
    const source = sourcesOf(alert).find(
      (other) =>
        isTold(other, notice.receiver) || willBeTold.has(`${notice.receiver} ${episodeKey(other.alert)}`),
    )
    if (source)
      return {
        ...{ episode, notice },
        verdict: { kind: 'skip', reason: 'inhibited', isLast: false, detail: `by ${source.alert.rule}` },
      }
    const told = toldSeverities.get(`${notice.receiver} ${alert.subject}`)
    const isWorse = verdict.reason === 'fired' && told !== undefined && told < rankOf(alert.severity)
    return isWorse ? { episode, notice, verdict: { ...verdict, reason: 'worse' } } : one
  })
}

const STATUS: Readonly<Record<SendReason, AlertStatus>> = {
  fired: 'firing',
  worse: 'firing',
  repeat: 'firing',
  escalated: 'firing',
  resolved: 'resolved',
  retracted: 'retracted',
}

/** The notice after its verdict; the same where there is nothing new. */
const noticeAfter = (notice: Notice, verdict: Verdict, nowMs: number): Notice => {
  if (verdict.kind === 'idle') return notice
  const isOpen = !verdict.isLast
  if (verdict.kind === 'skip')
    return notice.reason === verdict.reason && notice.isOpen === isOpen
      ? notice
      : { ...notice, isOpen, reason: verdict.reason }
  return {
    ...notice,
    isOpen,
    told: STATUS[verdict.reason],
    firstToldAtMs: notice.firstToldAtMs ?? nowMs,
    toldAtMs: nowMs,
    repeatCount: notice.repeatCount + (verdict.reason === 'repeat' ? 1 : 0),
    reason: verdict.reason,
  }
}

const messageOf = (
  { episode, notice, verdict }: Case,
  { settings, contentOf }: PipelineInput,
  changed: ReadonlyMap<string, AlertChange>,
): AlertNotification | undefined => {
  if (verdict.kind !== 'send') return undefined
  const { alert } = episode
  const { receiver } = notice
  const { assessment, risk } = changed.get(episodeKey(alert)) ?? contentOf(alert)
  const repeat = verdict.reason === 'repeat' ? notice.repeatCount + 1 : 0
  const [message] = notificationsOf(
    {
      ...{ alert, assessment, risk, receivers: [receiver] },
      status: STATUS[verdict.reason],
      sendResolved: true,
    },
    repeat,
  )
  if (!message || !settings.receivers.get(receiver)?.isForPeople) return message
  return { ...message, group: groupOf(alert, settings) }
}

const decisionOf = (
  { notice, verdict }: Case,
  atMs: number,
  sentAs: string | undefined,
): Decision | undefined => {
  const { fingerprint, activeAt, receiver, chainId } = notice
  const about = { atMs, chainId, fingerprint, activeAt, receiver }
  if (verdict.kind === 'skip') {
    if (notice.reason === verdict.reason) return undefined
    const detail = verdict.detail === undefined ? {} : { detail: verdict.detail }
    return { ...about, ...detail, isSent: false, reason: verdict.reason }
  }
  if (verdict.kind === 'idle' || sentAs === undefined) return undefined
  const detail = notice.escalationStep === undefined ? {} : { detail: `step ${notice.escalationStep}` }
  return { ...about, ...detail, isSent: true, reason: verdict.reason, notificationId: sentAs }
}

/** Episodes with their new notices, without those of which nothing more is to be told. */
const settled = (episodes: Episodes, notices: readonly Notice[]): Episodes => {
  const result = new Map(episodes)
  for (const notice of notices) {
    const key = episodeKey(notice)
    const episode = result.get(key)
    if (episode)
      result.set(key, { ...episode, notices: new Map(episode.notices).set(notice.receiver, notice) })
  }
  for (const [key, { alert, notices: of }] of result)
    if (alert.state !== 'firing' && ![...of.values()].some(({ isOpen }) => isOpen)) result.delete(key)
  return result
}

const openCases = (episodes: Iterable<Episode>, circumstances: Circumstances): readonly Case[] =>
  [...episodes].flatMap((episode) =>
    [...episode.notices.values()]
      .filter(({ isOpen }) => isOpen)
      .map((notice) => ({ episode, notice, verdict: verdictOf(episode, notice, circumstances) })),
  )

/** When something may be due again though nothing changes. */
const nextDue = (episodes: Episodes, circumstances: Circumstances): number | undefined => {
  const { settings, nowMs } = circumstances
  const times = [
    ...[...episodes.values()].map((episode) => escalated(episode, settings.escalate, nowMs).dueAtMs),
    ...openCases(episodes.values(), circumstances).map(({ verdict }) =>
      verdict.kind === 'send' ? undefined : verdict.untilMs,
    ),
  ].filter((one) => one !== undefined)
  return times.reduce<number | undefined>((least, one) => Math.min(least ?? one, one), undefined)
}

/**
 * One step. Nothing is sent without a change, a repetition that is due or the end of what held it back; what is not sent is
 * decided once, each time that the reason changes. The same inputs give the same messages with the same ids.
 */
export const stepPipeline = (input: PipelineInput): PipelineOutput => {
  const { settings, nowMs, silences, acknowledgements, changes } = input
  const all = [...withChanges(input.episodes, changes, nowMs).values()]
    .map((episode) => escalated(episode, settings.escalate, nowMs).episode)
    .sort(byTime)
  const episodes = new Map(all.map((episode) => [episodeKey(episode.alert), episode]))
  const circumstances: Circumstances = {
    ...{ settings, silences, acknowledgements, nowMs },
    groupReadyAtMs: groupWaits(all, settings),
  }
  const cases = inLightOfOthers(openCases(all, circumstances), episodes, settings)
  const changed = new Map(changes.map((change) => [episodeKey(change.alert), change]))
  const messages = cases.map((one) => messageOf(one, input, changed))
  const { notifications, sentAs } = grouped(
    messages.filter((message) => message !== undefined),
    settings,
  )
  const notices: Notice[] = []
  const decisions: Decision[] = []
  for (const [index, one] of cases.entries()) {
    const notice = noticeAfter(one.notice, one.verdict, nowMs)
    if (notice === one.notice) continue
    notices.push(notice)
    const id = messages[index]?.id
    const decision = decisionOf(one, nowMs, id === undefined ? undefined : (sentAs.get(id) ?? id))
    if (decision) decisions.push(decision)
  }
  const after = settled(episodes, notices)
  return {
    ...{ episodes: after, notifications, notices, decisions },
    nextDueAtMs: nextDue(after, circumstances),
  }
}
