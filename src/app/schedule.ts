import { setImmediate } from 'node:timers/promises'
import cron from 'node-cron'
import { BaseError, messageOf } from '../model/errors.ts'
import type { Log } from './log.ts'

/** A named job on a cron expression, in UTC. Long ones are done in steps, between other work. */
export type Job = {
  readonly name: string
  readonly cron: string
  run(): void | Iterable<void>
}

/** Does a job's steps, with a turn for others after each, until it is stopped. */
const inSteps = async (steps: Iterable<void>, isStopped: () => boolean): Promise<void> => {
  for (const _step of steps) {
    if (isStopped()) return
    await setImmediate()
  }
}

/** Runs jobs on time, never two of one job at once; a failure is logged and the next time tries again. Stopping waits for the step at hand. */
export const startSchedule = (jobs: readonly Job[], log: Log): { stop(): Promise<void> } => {
  let isStopped = false
  const running = new Set<Promise<void>>()
  const perform = async ({ name, run }: Job): Promise<void> => {
    try {
      await inSteps(run() ?? [], () => isStopped)
      log.debug({ event: 'job', job: name }, 'job done')
    } catch (error) {
      const remedy = error instanceof BaseError ? error.remedy : undefined
      log.error({ event: 'job', job: name, error: messageOf(error), remedy }, 'job failed')
    }
  }
  const tasks = jobs.map((job) =>
    cron.schedule(
      job.cron,
      async () => {
        const one = perform(job)
        running.add(one)
        await one
        running.delete(one)
      },
      { name: job.name, timezone: 'UTC', noOverlap: true },
    ),
  )
  return {
    stop: async () => {
      isStopped = true
      await Promise.all(running)
      for (const task of tasks) await task.destroy()
    },
  }
}
