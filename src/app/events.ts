// What following tells, as log lines.
import type { DeliveryEvent } from '../alerts/deliver.ts'
import { BaseError, messageOf } from '../model/errors.ts'
import type { FollowEvent } from '../monitor/follow.ts'
import type { Log } from './log.ts'

/** Of each cycle, the price feeds that are nearest to a liquidation. */
const TRIGGERS_LOGGED_MAX = 3

/** Logs one event of following a chain. */
export const logFollowEvent = (log: Log, chainId: number, event: FollowEvent): void => {
  if (event.kind === 'error') {
    const { stage, error } = event
    const remedy = error instanceof BaseError ? error.remedy : undefined
    log.warn({ event: 'error', chainId, stage, error: messageOf(error), remedy }, 'will try again')
    return
  }
  if (event.kind === 'discovery') {
    const { scope, protocol, deployment, nextBlock, targetBlock, foundCount } = event.progress
    log.info(
      { event: 'discovery', chainId, protocol, deployment, nextBlock, targetBlock, foundCount },
      `looking for ${scope}`,
    )
    return
  }
  const { outcome } = event
  if (outcome.kind !== 'committed') {
    log.debug({ event: outcome.kind, chainId, block: outcome.head.number })
    return
  }
  const { head, assessments: _assessments, mismatches, triggers, ...counts } = outcome
  log.info({ event: 'cycle', chainId, block: head.number, ...counts }, 'cycle')
  for (const trigger of triggers().slice(0, TRIGGERS_LOGGED_MAX))
    log.info(
      { event: 'trigger', chainId, block: head.number, ...trigger },
      'nearest liquidation by one price',
    )
  for (const { position, differences } of mismatches)
    log.error(
      { event: 'audit-mismatch', chainId, block: head.number, position, differences },
      'our numbers and the contract’s differ',
    )
}

/** Logs one event of delivery. */
export const logDelivery = (log: Log, { kind, notification, error }: DeliveryEvent): void => {
  const { id, rule, status, receiver } = notification
  const fields = { event: kind, id, rule, status, receiver, ...(error ? { error } : {}) }
  if (kind === 'delivered') log.info(fields, 'notification delivered')
  else if (kind === 'failed') log.warn(fields, 'delivery failed, will try again')
  else log.error(fields, 'delivery given up')
}
