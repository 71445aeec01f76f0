import cron from 'node-cron'
import type { Log } from './log.ts'

/** A named job on a cron expression, in UTC. */
export type Job = { readonly name: string; readonly cron: string; run(): void | Promise<void> }

/** Runs jobs on time, never two of one job at once; a failure is logged and the next time tries again. */
export const startSchedule = (jobs: readonly Job[], log: Log): { stop(): Promise<void> } => {
  const tasks = jobs.map(({ name, cron: expression, run }) =>
    cron.schedule(
      expression,
      async () => {
        try {
          await run()
          log.debug({ event: 'job', job: name }, 'job done')
        } catch (error) {
          log.error({ event: 'job', job: name, error: String(error) }, 'job failed')
        }
      },
      { name, timezone: 'UTC', noOverlap: true },
    ),
  )
  return {
    stop: async () => {
      for (const task of tasks) await task.destroy()
    },
  }
}
