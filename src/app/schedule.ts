// Jobs on time: none twice at once, each run written down, a missed one told and, where that makes sense, made up for.
import { setImmediate } from 'node:timers/promises'
import cron, { type ScheduledTask } from 'node-cron'
import { BaseError, messageOf } from '../model/errors.ts'
import type { SelfCheck } from '../monitor/judge.ts'
import type { Database } from '../store/database.ts'
import { jobRecord, markJobDone, markJobFailed } from '../store/jobs.ts'
import { formatDuration } from '../units/duration.ts'
import { lastScheduledMs } from './cron.ts'
import type { Log } from './log.ts'

/**
 * A named job on a cron expression, in UTC unless told. `run` is given the moment, unix milliseconds, that it was due; long
 * ones are done in steps, between other work. A missed one is done at once, or waits for its next time.
 */
export type Job = {
  readonly name: string
  readonly cron: string
  readonly timezone?: string
  readonly whenMissed: 'now' | 'wait'
  run(dueAtMs: number): void | Iterable<void>
}

export type ScheduleOptions = {
  readonly database: Database
  readonly log: Log
  nowMs(): number
  /** A job that is not done so long after it was due is told. */
  readonly lateSecondsMax: number
}

export type Schedule = {
  /** Jobs that were due and are not done. */
  checks(): readonly SelfCheck[]
  /** Begins what was missed while nobody ran. */
  catchUp(): void
  /** Ends after the steps at hand. */
  stop(): Promise<void>
}

/** A job as it stands: when it was last due, and last done; before the first run, when the daemon started. */
type Standing = { readonly job: Job; dueAtMs: number; doneAtMs: number; isRunning: boolean; error?: string }

const timeText = (ms: number): string => new Date(ms).toISOString()

const isMissing = ({ dueAtMs, doneAtMs }: Standing): boolean => doneAtMs < dueAtMs

/** Does a job's steps, with a turn for others after each; false where it was stopped before the end. */
const inSteps = async (steps: Iterable<void>, isStopped: () => boolean): Promise<boolean> => {
  for (const _step of steps) {
    if (isStopped()) return false
    await setImmediate()
  }
  return true
}

const standingOf = ({ database, nowMs }: ScheduleOptions, job: Job): Standing => {
  const record = jobRecord(database, job.name)
  const doneAtMs = record?.doneAtMs ?? nowMs()
  const dueAtMs = lastScheduledMs(job.cron, job.timezone ?? 'UTC', nowMs()) ?? doneAtMs
  return { job, dueAtMs, doneAtMs, isRunning: false, ...(record?.error ? { error: record.error } : {}) }
}

const checkOf = (standing: Standing, { nowMs, lateSecondsMax }: ScheduleOptions): SelfCheck => {
  const { job, dueAtMs, doneAtMs, isRunning, error } = standing
  const lateSeconds = Math.floor((nowMs() - dueAtMs) / 1_000)
  const state = isRunning ? 'it is running now' : error ? `it failed: ${error}` : 'nobody was there to do it'
  const isMet = isMissing(standing) && lateSeconds >= lateSecondsMax
  return {
    ...{ name: 'JobMissed', subject: `job:${job.name}`, isMet },
    detail: isMet
      ? `the job ${job.name} was due at ${timeText(dueAtMs)}, ${formatDuration(lateSeconds)} ago, and is not done: ${state}`
      : `the job ${job.name} was done at ${timeText(doneAtMs)}`,
  }
}

/** Does one job, for the moment that it was last due, and writes down how that went. */
const perform = async (
  standing: Standing,
  { database, log, nowMs }: ScheduleOptions,
  isStopped: () => boolean,
): Promise<void> => {
  const { job } = standing
  standing.isRunning = true
  try {
    if (!(await inSteps(job.run(standing.dueAtMs) ?? [], isStopped))) return
    const doneAtMs = nowMs()
    markJobDone(database, job.name, doneAtMs)
    standing.doneAtMs = doneAtMs
    delete standing.error
    log.debug({ event: 'job', job: job.name }, 'job done')
  } catch (error) {
    standing.error = messageOf(error)
    const remedy = error instanceof BaseError ? error.remedy : undefined
    log.error({ event: 'job', job: job.name, error: standing.error, remedy }, 'job failed')
    try {
      markJobFailed(database, job.name, nowMs(), standing.error)
    } catch (refused) {
      log.error({ event: 'job', job: job.name, error: messageOf(refused) }, 'could not be written down')
    }
  } finally {
    standing.isRunning = false
  }
}

/** Runs jobs on time. A failure is logged, written down, and the next time tries again. */
export const startSchedule = (jobs: readonly Job[], options: ScheduleOptions): Schedule => {
  const { log, nowMs } = options
  let isStopped = false
  const standings = jobs.map((job) => standingOf(options, job))
  const running = new Set<Promise<void>>()
  const begin = (standing: Standing): void => {
    if (standing.isRunning || isStopped) return
    const one = perform(standing, options, () => isStopped).finally(() => running.delete(one))
    running.add(one)
  }
  const tellMissed = ({ job, dueAtMs }: Standing, why: string): void => {
    const fields = { event: 'job-missed', job: job.name, dueAt: timeText(dueAtMs), why }
    log.warn(
      fields,
      job.whenMissed === 'now' ? 'job missed: done now' : 'job missed: waits for its next time',
    )
  }
  const missed = (standing: Standing, why: string): void => {
    tellMissed(standing, why)
    if (standing.job.whenMissed === 'now') begin(standing)
  }
  const tasks = standings.map((standing): ScheduledTask => {
    const { job } = standing
    const due = (date: Date): void => {
      standing.dueAtMs = Math.floor(date.getTime() / 1_000) * 1_000
    }
    const onTime = (date: Date): void => {
      due(date)
      if (standing.isRunning) tellMissed(standing, 'its last run is not over')
      else begin(standing)
    }
    const task = cron.schedule(job.cron, ({ date }) => onTime(date), {
      ...{ name: job.name, timezone: job.timezone ?? 'UTC', suppressMissedWarning: true },
    })
    task.on('execution:missed', ({ date }) => {
      due(date)
      missed(standing, 'the process was busy')
    })
    return task
  })
  return {
    checks: () => standings.map((standing) => checkOf(standing, options)),
    catchUp: () => {
      for (const standing of standings)
        if (isMissing(standing) && standing.dueAtMs <= nowMs()) missed(standing, 'the daemon did not run')
    },
    stop: async () => {
      isStopped = true
      await Promise.all(running)
      for (const task of tasks) await task.destroy()
    },
  }
}
