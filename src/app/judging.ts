// Where following meets alerting: findings become cases of the engine; open alerts are kept in memory as committed.
import type { Engine, Signal } from '../alerts/engine.ts'
import type { Alert } from '../model/alert.ts'
import type { Judge, SelfCheck } from '../monitor/judge.ts'
import { SELF_CHECKS } from '../monitor/self-checks.ts'
import type { Desk } from './desk.ts'

/** Signals of the process itself are of no chain, which is 0. */
const signalOf = (chainId: number, { name, subject = 'watcher', isMet, detail }: SelfCheck): Signal => ({
  name,
  subject: `${chainId}:${subject}`,
  severity: SELF_CHECKS[name],
  isMet,
  summary: `${chainId === 0 ? '' : `chain ${chainId}: `}${isMet ? detail : detail || 'over'}`,
})

/** An alert as it was committed, and its state before; `isCancelled`: it was pending, never fired, and is kept no longer. */
export type AlertNews = {
  readonly alert: Alert
  readonly was: Alert['state'] | undefined
  readonly isCancelled: boolean
}

const isOpen = ({ state }: Alert): boolean => state === 'pending' || state === 'firing'

/** The judge of one chain, over the alerts of its database that are open or may still be undone, oldest episode first; its desk tells of them. `onAlerts` hears what changed, once it is committed. */
export const createJudge = (
  engine: Engine,
  alertsAtStart: readonly Alert[],
  desk: Desk,
  onAlerts: (news: readonly AlertNews[]) => void = () => undefined,
): Judge => {
  const known = new Map(alertsAtStart.map((alert) => [alert.fingerprint, alert]))
  const subjects = new Map(
    alertsAtStart.filter(isOpen).map(({ fingerprint, subject }) => [fingerprint, subject]),
  )
  const newsOf = (alerts: readonly Alert[], cancelled: readonly string[]): readonly AlertNews[] => [
    ...alerts.map((alert) => {
      const before = known.get(alert.fingerprint)
      const was = before?.activeAt === alert.activeAt ? before.state : undefined
      return { alert, was, isCancelled: false }
    }),
    ...cancelled.flatMap((fingerprint) => {
      const alert = known.get(fingerprint)
      return alert ? [{ alert, was: alert.state, isCancelled: true }] : []
    }),
  ]
  return {
    quiet: engine.quiet,
    openPositions: () => new Set(subjects.values()),
    judge: ({ selfChecks, ...findings }) => {
      const signals = selfChecks.map((check) => signalOf(findings.block.chainId, check))
      const { alerts, cancelled, changes } = engine.step(known, { ...findings, signals })
      const contents = new Map(
        findings.assessments.map((assessment) => [
          assessment.id,
          { assessment, risk: () => findings.news?.riskOf(assessment.id) },
        ]),
      )
      const told = desk.tell(changes, contents)
      return {
        alerts,
        cancelled,
        ...told,
        accept: () => {
          told.accept()
          const news = newsOf(alerts, cancelled)
          for (const alert of alerts) {
            known.set(alert.fingerprint, alert)
            if (isOpen(alert)) subjects.set(alert.fingerprint, alert.subject)
            else subjects.delete(alert.fingerprint)
          }
          for (const fingerprint of cancelled) {
            known.delete(fingerprint)
            subjects.delete(fingerprint)
          }
          if (news.length > 0) onAlerts(news)
        },
      }
    },
  }
}
