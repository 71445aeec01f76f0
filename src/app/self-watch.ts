// What the process watches of itself, of whatever chain: stepped like the alerts of a chain, as chain 0, on the clock's time.
import { messageOf } from '../model/errors.ts'
import type { Judge, SelfCheck } from '../monitor/judge.ts'
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

/** Looks at everything once, and steps the alerts. What fails is logged: the next look tries again. */
export const createSelfWatch = ({
  database,
  judge,
  log,
  looks,
  nowMs,
  onNotifications,
}: SelfWatchOptions): (() => void) => {
  const looked = (look: () => readonly SelfCheck[]): readonly SelfCheck[] => {
    try {
      return look()
    } catch (error) {
      log.warn({ event: 'self-check', error: messageOf(error) }, 'a self check could not be made')
      return []
    }
  }
  let unwell: ReadonlySet<string> = new Set()
  /** Each thing is logged when it begins and when it is over. */
  const logNews = (selfChecks: readonly SelfCheck[]): void => {
    const nameOf = ({ name, subject }: SelfCheck): string => `${name} ${subject ?? ''}`
    for (const check of selfChecks) {
      const { name, subject, isMet, detail } = check
      if (isMet === unwell.has(nameOf(check))) continue
      const fields = { event: 'self-check', check: name, subject, detail }
      if (isMet) log.warn(fields, 'the watcher is not well')
      else log.info(fields, 'the watcher is well again')
    }
    unwell = new Set(selfChecks.filter(({ isMet }) => isMet).map(nameOf))
  }
  return () => {
    const timestamp = Math.floor(nowMs() / 1_000)
    const selfChecks = looks.flatMap(looked)
    logNews(selfChecks)
    try {
      const judgement = judge.judge({
        block: { chainId: NO_CHAIN, number: 0n, hash: '0x', timestamp },
        ...{ assessments: [], closed: [], selfChecks },
      })
      const { alerts, cancelled: cancelledAlerts, notifications, notices, decisions } = judgement
      commitAlerts(database, NO_CHAIN, { alerts, cancelledAlerts, notifications, notices, decisions })
      judgement.accept()
      if (notifications.length > 0) onNotifications()
    } catch (error) {
      log.warn({ event: 'self-check', error: messageOf(error) }, 'alerts of the watcher could not be stepped')
    }
  }
}
