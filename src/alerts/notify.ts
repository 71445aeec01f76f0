// Messages of what changes: one for each receiver of an alert that fires or is over.
import type { AlertNotification } from '../model/alert.ts'
import { isRead } from '../model/block.ts'
import { toJson } from '../model/json.ts'
import type { AlertChange } from './engine.ts'
import { notificationId } from './fingerprint.ts'

/** The messages of one change; `repeat` counts from 1 what is told again while it fires. */
export const notificationsOf = (
  { alert, status, receivers, assessment, risk, sendResolved }: AlertChange,
  repeat = 0,
): readonly AlertNotification[] =>
  (status === 'resolved' && !sendResolved ? [] : receivers).map((receiver) => ({
    kind: 'alert',
    id: notificationId(alert.fingerprint, alert.activeAt, status, receiver, repeat),
    fingerprint: alert.fingerprint,
    receiver,
    status,
    rule: alert.rule,
    severity: alert.severity,
    labels: alert.labels,
    annotations: alert.annotations,
    startsAt: alert.startsAt ?? alert.activeAt,
    ...(alert.endsAt === undefined ? {} : { endsAt: alert.endsAt }),
    block: isRead(alert.block) ? toJson(alert.block) : null,
    assessment: toJson(assessment ?? null),
    risk: toJson(risk ?? null),
  }))
