// Times as a reader has them.
import { LOCALE } from './locale.ts'
import { fixedText } from './numbers.ts'

const MINUTE = 60
const HOUR = 3_600
const DAY = 86_400
const YEAR = 31_536_000

/** A span in its largest unit, and the next where the first is small: `3 y 106 d`, `4 min`. */
export const spanText = (seconds: number): string => {
  const whole = Math.max(0, Math.floor(seconds))
  if (whole < MINUTE) return `${whole} s`
  if (whole < HOUR) return `${Math.floor(whole / MINUTE)} min`
  if (whole < 2 * DAY) return `${Math.floor(whole / HOUR)} h`
  if (whole < YEAR) return `${Math.floor(whole / DAY)} days`
  const years = Math.floor(whole / YEAR)
  if (years >= 10) return `${years > 999 ? '> 999' : years} years`
  const days = Math.floor((whole % YEAR) / DAY)
  return `${years} ${years === 1 ? 'year' : 'years'}${days > 0 ? ` ${days} days` : ''}`
}

/** How long a piece of work took: `85 ms`, `1.2 s`. */
export const millisecondsText = (ms: number): string =>
  ms < 1_000 ? `${Math.round(ms)} ms` : `${fixedText(ms / 1_000, 1)} s`

/** A moment in this browser's time zone. */
export const momentText = (seconds: number): string =>
  new Date(seconds * 1_000).toLocaleString(LOCALE, { dateStyle: 'medium', timeStyle: 'short' })

/** The same, exactly and for everybody. */
export const momentExact = (seconds: number): string => new Date(seconds * 1_000).toISOString()

/** A moment on an axis whose marks are so many seconds apart. */
export const tickText = (seconds: number, step: number): string =>
  new Date(seconds * 1_000).toLocaleString(
    LOCALE,
    step < DAY ? { hour: '2-digit', minute: '2-digit' } : { day: 'numeric', month: 'short' },
  )

/** A moment as a field for a local date and time has it. */
export const momentField = (seconds: number): string => {
  const date = new Date(seconds * 1_000)
  return new Date(seconds * 1_000 - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}

/** Seconds of what such a field has; undefined where it has none. */
export const momentOfField = (text: string): number | undefined => {
  const ms = Date.parse(text)
  return Number.isNaN(ms) ? undefined : Math.floor(ms / 1_000)
}
