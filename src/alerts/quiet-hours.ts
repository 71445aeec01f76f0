// Hours of the day in which a receiver hears of nothing that can wait.

/** From one time of day (`22:00`) to another, in a time zone such as `Europe/Berlin`; over midnight where `to` is the earlier. */
export type QuietHours = { readonly from: string; readonly to: string; readonly timezone: string }

const MINUTE_MS = 60_000
const DAY_MINUTES = 1_440

const formatterOf = (timeZone: string): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })

/** Whether there is such a time zone. */
export const isTimezone = (text: string): boolean => {
  try {
    formatterOf(text)
    return true
  } catch {
    return false
  }
}

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
