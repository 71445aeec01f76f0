import type { AlertChange, Engine } from '../../src/alerts/engine.ts'
import type { Alert } from '../../src/model/alert.ts'
import type { Judge } from '../../src/monitor/judge.ts'

/** A judge that tells nobody and remembers everything that changed. */
export const createRecordingJudge = (
  engine: Engine,
): { readonly judge: Judge; readonly changes: AlertChange[] } => {
  const known = new Map<string, Alert>()
  const changes: AlertChange[] = []
  return {
    changes,
    judge: {
      quiet: engine.quiet,
      openPositions: () => [...known.values()].map(({ subject }) => subject),
      judge: ({ selfChecks: _selfChecks, ...findings }) => {
        const output = engine.step(known, { ...findings, signals: [] })
        return {
          alerts: output.alerts,
          cancelled: output.cancelled,
          ...{ notifications: [], notices: [], decisions: [] },
          accept: () => {
            for (const alert of output.alerts) known.set(alert.fingerprint, alert)
            for (const fingerprint of output.cancelled) known.delete(fingerprint)
            changes.push(...output.changes)
          },
        }
      },
    },
  }
}
