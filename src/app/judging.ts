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

const isOpen = ({ state }: Alert): boolean => state === 'pending' || state === 'firing'

/** The judge of one chain, over the alerts of its database that are open or may still be undone, oldest episode first; its desk tells of them. */
export const createJudge = (engine: Engine, alertsAtStart: readonly Alert[], desk: Desk): Judge => {
  const known = new Map(alertsAtStart.map((alert) => [alert.fingerprint, alert]))
  const subjects = new Map(
    alertsAtStart.filter(isOpen).map(({ fingerprint, subject }) => [fingerprint, subject]),
  )
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
          for (const alert of alerts) {
            known.set(alert.fingerprint, alert)
            if (isOpen(alert)) subjects.set(alert.fingerprint, alert.subject)
            else subjects.delete(alert.fingerprint)
          }
          for (const fingerprint of cancelled) {
            known.delete(fingerprint)
            subjects.delete(fingerprint)
          }
        },
      }
    },
  }
}
