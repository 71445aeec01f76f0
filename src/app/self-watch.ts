// What the process watches of itself, of whatever chain: stepped like the alerts of a chain, as chain 0, on the clock's time.
import { unreadBlock } from '../model/block.ts'
import { messageOf } from '../model/errors.ts'
import type { Judge, SelfCheck } from '../monitor/judge.ts'
import { SELF_CHECKS, type SelfCheckName } from '../monitor/self-checks.ts'
import { openAlerts } from '../store/alerts.ts'
import { commitAlerts } from '../store/commit.ts'
import type { Database } from '../store/database.ts'
import type { Log } from './log.ts'

/** The chain of what is of no chain. */
export const NO_CHAIN = 0

export type SelfWatchOptions = {
  readonly database: Database
  readonly judge: Judge
  readonly log: Log
  /** Everything that is looked at. */
  readonly looks: readonly (() => readonly SelfCheck[])[]
  nowMs(): number
  onNotifications(): void
}

const nameOf = ({ name, subject }: SelfCheck): string => `${name} ${subject ?? ''}`

/** What fires of the watcher itself in the database, as if it had just been looked at. */
const firingChecks = (database: Database): readonly SelfCheck[] =>
  openAlerts(database, NO_CHAIN).flatMap(({ rule, subject, annotations }) => {
    const about = subject.slice(subject.indexOf(':') + 1)
    const of = about === 'watcher' ? {} : { subject: about }
    return rule in SELF_CHECKS
      ? [{ name: rule as SelfCheckName, ...of, isMet: true, detail: annotations['summary'] ?? '' }]
      : []
  })

/** Everything that is looked at; what cannot be is logged, and makes the whole not `isWhole`. */
const lookAt = (
  looks: SelfWatchOptions['looks'],
  log: Log,
): { readonly found: readonly SelfCheck[]; readonly isWhole: boolean } => {
  let isWhole = true
  const found = looks.flatMap((look) => {
    try {
      return look()
    } catch (error) {
      isWhole = false
      log.warn({ event: 'self-check', error: messageOf(error) }, 'a self check could not be made')
      return []
    }
  })
  return { found, isWhole }
}

/** Looks at everything once, and steps the alerts. What fails is logged: the next look tries again. */
export const createSelfWatch = (options: SelfWatchOptions): (() => void) => {
  const { database, judge, log, looks, nowMs, onNotifications } = options
  const unwell = new Map(firingChecks(database).map((check) => [nameOf(check), check]))
  /** What was not well and is looked at no more: a receiver that is configured no longer, a job that there is not any more. */
  const forgotten = (found: readonly SelfCheck[]): readonly SelfCheck[] => {
    const names = new Set(found.map(nameOf))
    return [...unwell.values()]
      .filter((check) => !names.has(nameOf(check)))
      .map((check) => ({ ...check, isMet: false, detail: 'over: it is watched no longer' }))
  }
  /** Each thing is logged when it begins and when it is over. */
  const logNews = (selfChecks: readonly SelfCheck[]): void => {
    for (const check of selfChecks) {
      const { name, subject, isMet, detail } = check
      if (isMet === unwell.has(nameOf(check))) continue
      const fields = { event: 'self-check', check: name, subject, detail }
      if (isMet) log.warn(fields, 'the watcher is not well')
      else log.info(fields, 'the watcher is well again')
    }
  }
  const step = (selfChecks: readonly SelfCheck[]): void => {
    const timestamp = Math.floor(nowMs() / 1_000)
    const judgement = judge.judge({
      block: unreadBlock(NO_CHAIN, timestamp),
      ...{ assessments: [], closed: [], selfChecks },
    })
    const { alerts, cancelled: cancelledAlerts, notifications, notices, decisions } = judgement
    commitAlerts(database, NO_CHAIN, { alerts, cancelledAlerts, notifications, notices, decisions })
    judgement.accept()
    if (notifications.length > 0) onNotifications()
  }
  return () => {
    const { found, isWhole } = lookAt(looks, log)
    const selfChecks = isWhole ? [...found, ...forgotten(found)] : found
    try {
      step(selfChecks)
    } catch (error) {
      log.warn({ event: 'self-check', error: messageOf(error) }, 'alerts of the watcher could not be stepped')
      return
    }
    logNews(selfChecks)
    for (const check of selfChecks)
      if (check.isMet) unwell.set(nameOf(check), check)
      else unwell.delete(nameOf(check))
  }
}
