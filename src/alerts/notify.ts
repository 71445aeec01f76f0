// Messages of what changes: one for each receiver of an alert that fires or is over.
import type { AlertNotification } from '../model/alert.ts'
import type { Assessment } from '../model/assessment.ts'
import { blockRef, isRead } from '../model/block.ts'
import { type Json, toJson } from '../model/json.ts'
import type { AlertChange } from './engine.ts'
import { notificationId } from './fingerprint.ts'

/** An assessment as it goes to receivers. */
export const toldAssessment = (assessment: Assessment): Json =>
  toJson({ ...assessment, block: blockRef(assessment.block) })

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
    block: isRead(alert.block) ? toJson(blockRef(alert.block)) : null,
    assessment: assessment ? toldAssessment(assessment) : null,
    risk: toJson(risk ?? null),
  }))
