const UNIT_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800 }

/** A span of time such as 30s, 15m, 6h, 7d, in seconds; undefined where the text is none. */
export const parseSpan = (text: string): number | undefined => {
  const [, count, unit] = /^(\d{1,9})([smhdw])$/.exec(text) ?? []
  const seconds = UNIT_SECONDS[unit ?? '']
  return count === undefined || seconds === undefined ? undefined : Number(count) * seconds
}

const SPANS = [
  { name: 'year', seconds: 365 * 86_400 },
  { name: 'day', seconds: 86_400 },
  { name: 'hour', seconds: 3_600 },
  { name: 'minute', seconds: 60 },
] as const

/** A span of time for people, in its largest unit of which there are at least two, cut: `2.3 years`, `47 hours`, `1 second`. */
export const spanText = (seconds: number): string => {
  const span = SPANS.find((one) => seconds >= 2 * one.seconds)
  if (!span) return `${seconds} second${seconds === 1 ? '' : 's'}`
  const count = seconds / span.seconds
  return `${count < 10 ? Math.floor(count * 10) / 10 : Math.floor(count)} ${span.name}s`
}
