const UNIT_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800 }

/** A span of time such as 30s, 15m, 6h, 7d, in seconds; undefined where the text is none. */
export const parseSpan = (text: string): number | undefined => {
  const [, count, unit] = /^(\d{1,9})([smhdw])$/.exec(text) ?? []
  const seconds = UNIT_SECONDS[unit ?? '']
  return count === undefined || seconds === undefined ? undefined : Number(count) * seconds
}
