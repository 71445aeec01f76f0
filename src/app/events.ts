// What following tells, as log lines.
import type { DeliveryEvent } from '../alerts/deliver.ts'
import type { Chain, ChainEvent } from '../chain/chain.ts'
import { BaseError, messageOf } from '../model/errors.ts'
import type { ParameterChange } from '../model/parameter.ts'
import type { FollowEvent } from '../monitor/follow.ts'
import type { Log } from './log.ts'
import { createProgressOf, type WorkProgress } from './progress.ts'

/** Progress is logged at most so often; in between only for who debugs. */
const PROGRESS_INTERVAL_MS = 5_000

const logProgress = (log: Log, isDue: boolean, progress: WorkProgress): void => {
  const { work, ...fields } = progress
  const isNews = isDue || progress.leftCount === 0
  const what = work === 'search' ? `looking for ${fields.subject}` : 'reading what was found'
  log[isNews ? 'info' : 'debug']({ event: work, ...fields }, what)
}

/** Of each cycle, the price feeds that are nearest to a liquidation. */
const TRIGGERS_LOGGED_MAX = 3

const logParameterChange = (log: Log, { effect, ...change }: ParameterChange): void => {
  const { movedCount, uncertainCount, largestFall, newlyLiquidatable, newlyBlocked } = effect
  log.info(
    {
      ...{ event: 'parameter-change', ...change, movedCount, uncertainCount, largestFall },
      newlyLiquidatableCount: newlyLiquidatable.count,
      newlyLiquidatableDebtUsd: newlyLiquidatable.debtUsd,
      newlyBlockedCount: newlyBlocked.count,
    },
    'parameter change',
  )
}

/** Logs one event of following a chain. */
const logFollowEvent = (log: Log, chainId: number, event: FollowEvent): void => {
  if (event.kind === 'error') {
    const { stage, error } = event
    const remedy = error instanceof BaseError ? error.remedy : undefined
    log.warn({ event: 'error', chainId, stage, error: messageOf(error), remedy }, 'will try again')
    return
  }
  if (event.kind !== 'cycle') return
  const { outcome } = event
  if (outcome.kind !== 'committed') {
    log.debug({ event: outcome.kind, chainId, block: outcome.head.number })
    return
  }
  const { assessments: _all, snapshots: _taken, closed: _gone, liquidationsFault: _fault, ...rest } = outcome
  const { head, mismatches, triggers, screenedCount, parameterChanges, ...counts } = rest
  const fields = { block: head.number, durationMs: event.durationMs, positionCount: screenedCount }
  log.info({ event: 'cycle', chainId, ...fields, ...counts }, 'cycle')
  for (const change of parameterChanges) logParameterChange(log, change)
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

/** Logs what following a chain tells, and answers how far finding and reading its book are, where an event is about that. */
export const createFollowLog = (log: Log, chain: Chain, nowMs: () => number) => {
  const requestCount = (): number =>
    chain.endpoints().reduce((sum, endpoint) => sum + endpoint.requestCount, 0)
  const progressOf = createProgressOf(chain.id, nowMs, requestCount)
  let loggedAtMs = Number.NEGATIVE_INFINITY
  return (event: FollowEvent): WorkProgress | undefined => {
    const progress = progressOf(event)
    if (!progress) {
      logFollowEvent(log, chain.id, event)
      return undefined
    }
    const isDue = nowMs() - loggedAtMs >= PROGRESS_INTERVAL_MS
    if (isDue) loggedAtMs = nowMs()
    logProgress(log, isDue, progress)
    return progress
  }
}

/** Logs what endpoints do not bear, and what is done about it. */
export const logChainEvent = (log: Log, chainId: number, event: ChainEvent): void => {
  if (event.kind === 'limit') {
    const { limit, value } = event
    log.info(
      { event: 'limit', chainId, limit, value },
      'an endpoint refuses larger requests: asking for less',
    )
    return
  }
  const { kind: _kind, ...fields } = event
  log.warn(
    { event: 'overload', chainId, ...fields },
    event.reason === 'timeout'
      ? 'no answer in time: asking less at once'
      : 'asked to wait: asking less at once',
  )
}

/** Logs one event of delivery. */
export const logDelivery = (log: Log, { kind, notification, error }: DeliveryEvent): void => {
  const { id, receiver } = notification
  const what = notification.kind === 'alert' ? { rule: notification.rule, status: notification.status } : {}
  const fields = { event: kind, of: notification.kind, id, receiver, ...what, ...(error ? { error } : {}) }
  if (kind === 'delivered') log.info(fields, 'notification delivered')
  else if (kind === 'failed') log.warn(fields, 'delivery failed, will try again')
  else if (kind === 'unrecorded') log.error(fields, 'its delivery could not be written down, will try again')
  else log.error(fields, 'delivery given up')
}
