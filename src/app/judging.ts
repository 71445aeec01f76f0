// Where following meets alerting: findings become cases of the engine; open alerts are kept in memory as committed.
import type { Engine, Signal } from '../alerts/engine.ts'
import type { Alert } from '../model/alert.ts'
import type { Findings, Judge, SelfCheck } from '../monitor/judge.ts'

const SEVERITY: Readonly<Record<SelfCheck['name'], Signal['severity']>> = {
  HeadStale: 'critical',
  EndpointDown: 'critical',
  AuditMismatch: 'critical',
  MarketsUnlisted: 'critical',
}

const signalOf = (chainId: number, { name, isMet, detail }: SelfCheck): Signal => ({
  name,
  subject: `${chainId}:watcher`,
  severity: SEVERITY[name],
  isMet,
  summary: isMet ? `chain ${chainId}: ${detail}` : `chain ${chainId}: over`,
})

/** The judge of one chain, over the alerts that were open when the database was loaded. */
export const createJudge = (engine: Engine, openAlerts: readonly Alert[]): Judge => {
  const open = new Map(openAlerts.map((alert) => [alert.fingerprint, alert]))
  return (findings: Findings) => {
    const { block, assessments, closed, selfChecks } = findings
    const signals = selfChecks.map((check) => signalOf(block.chainId, check))
    const { alerts, cancelled, notifications } = engine.step(open, { block, assessments, closed, signals })
    return {
      alerts,
      cancelled,
      notifications,
      accept: () => {
        for (const alert of alerts) open.set(alert.fingerprint, alert)
        for (const fingerprint of cancelled) open.delete(fingerprint)
      },
    }
  }
}
