import { parseSpan } from './span.ts'

/** A moment, in unix seconds: a span back from `nowSeconds` (7d), an ISO date, or unix seconds; undefined where the text is none. */
export const parseMoment = (text: string, nowSeconds: number): number | undefined => {
  const back = parseSpan(text)
  if (back !== undefined) return nowSeconds - back
  if (/^\d{9,12}$/.test(text)) return Number(text)
  const parsed = Date.parse(text)
  return /^\d{4}-\d\d-\d\d/.test(text) && !Number.isNaN(parsed) ? Math.floor(parsed / 1_000) : undefined
}
