import { builtInInhibitions, type NotifySettings, type ReceiverSettings } from '../../src/alerts/settings.ts'
import { createDesk, type Desk } from '../../src/app/desk.ts'
import type { Database } from '../../src/store/database.ts'

/** A receiver that is told everything at once, one by one. */
export const plainReceiver: ReceiverSettings = {
  isForPeople: false,
  sendResolved: true,
  minSeverity: 'info',
  quietHours: undefined,
}

/** Nothing is repeated, escalated, grouped or kept quiet. */
export const plainSettings = (receivers: readonly string[]): NotifySettings => ({
  groupBy: ['chainId', 'severity'],
  groupMin: 5,
  groupWaitSeconds: 0,
  repeatSeconds: { info: 0, warning: 0, critical: 0 },
  escalate: [],
  inhibit: builtInInhibitions,
  receivers: new Map(receivers.map((name) => [name, plainReceiver])),
  unknownRules: new Set(['Unassessable']),
  eventRules: new Set(['Liquidated']),
  endlessRules: new Set(['Liquidated']),
})

/** The desk of a chain in a database, whose clock stands still. */
export const deskOf = (database: Database, chainId: number, receivers: readonly string[]): Desk =>
  createDesk({
    ...{ database, chainId, settings: plainSettings(receivers) },
    nowMs: () => 0,
    onAccepted: () => undefined,
  })
