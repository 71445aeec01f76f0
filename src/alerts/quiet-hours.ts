// Hours of the day in which a receiver hears of nothing that can wait.
import { z } from 'zod'

const MINUTE_MS = 60_000
const DAY_MINUTES = 1_440

const formatterOf = (timeZone: string): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })

const isTimezone = (text: string): boolean => {
  try {
    formatterOf(text)
    return true
  } catch {
    return false
  }
}

/** The name of a time zone. */
export const timezoneSchema = z.string().refine(isTimezone, 'is no time zone such as Europe/Berlin or UTC')

const timeOfDay = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'is no time of day such as 22:00; put it in quotes')

/** Hours in which a receiver is told of nothing but what is critical; over midnight where `to` is the earlier. */
export const quietHoursSchema = z
  .strictObject({
    from: timeOfDay.describe('When they begin, such as "22:00".'),
    to: timeOfDay.describe('When they end; what was held back is told then, if it still holds.'),
    timezone: timezoneSchema.describe('Of both times, such as Europe/Berlin.'),
  })
  .refine(({ from, to }) => from !== to, 'begin and end at the same time')

export type QuietHours = z.infer<typeof quietHoursSchema>

/** Hours that were looked at, with the last stretch that was found quiet. */
type Known = { readonly format: Intl.DateTimeFormat; fromMs: number; untilMs: number }
const known = new WeakMap<QuietHours, Known>()

/**
 * When the quiet hours end that a time lies in, both unix milliseconds; undefined outside of them. Clocks that are put
 * forward or back are minded: it is the first minute whose time of day is not quiet.
 */
export const quietUntilMs = (hours: QuietHours, nowMs: number): number | undefined => {
  const cached = known.get(hours) ?? { format: formatterOf(hours.timezone), fromMs: 0, untilMs: 0 }
  known.set(hours, cached)
  if (cached.fromMs <= nowMs && nowMs < cached.untilMs) return cached.untilMs
  const isQuiet = (ms: number): boolean => {
    const time = cached.format.format(ms)
    return hours.from < hours.to
      ? hours.from <= time && time < hours.to
      : hours.from <= time || time < hours.to
  }
  const minute = Math.floor(nowMs / MINUTE_MS) * MINUTE_MS
  if (!isQuiet(minute)) return undefined
  let untilMs = minute + MINUTE_MS
  for (let count = 0; count < 2 * DAY_MINUTES && isQuiet(untilMs); count++) untilMs += MINUTE_MS
  Object.assign(cached, { fromMs: minute, untilMs })
  return untilMs
}
