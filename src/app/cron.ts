import cron from 'node-cron'

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
/** Clocks of time zones differ by whole quarters of an hour. */
const QUARTER = 15
const SEARCHED_DAYS = 32

/**
 * The last moment, unix milliseconds, up to `atMs` that a cron expression names in a time zone; undefined where there was none
 * within a month.
 */
export const lastScheduledMs = (expression: string, timezone: string, atMs: number): number | undefined => {
  const task = cron.createTask(expression, () => undefined, { timezone })
  try {
    const { second, minute } = cron.parse(expression)
    const quarters = new Set(minute.map((one) => one % QUARTER))
    const seconds = [...second].sort((a, b) => b - a)
    const last = Math.floor(atMs / MINUTE_MS) * MINUTE_MS
    for (let startMs = last; startMs > atMs - SEARCHED_DAYS * DAY_MS; startMs -= MINUTE_MS) {
      if (!quarters.has((startMs / MINUTE_MS) % QUARTER)) continue
      for (const one of seconds) {
        const momentMs = startMs + one * 1_000
        if (momentMs <= atMs && task.match(new Date(momentMs))) return momentMs
      }
    }
    return undefined
  } finally {
    void task.destroy()
  }
}
