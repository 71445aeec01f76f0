// A span of history as it is looked at: how finely, what is known in it, and what was so at a moment.
import type { Point } from './types.ts'

/** Unix seconds, both ends among them. */
export type Range = { readonly since: number; readonly until: number }

export type Measure = 'health' | 'collateral' | 'debt'

const DAY = 86_400

/** Seconds between two points: what an axis can be read in. */
const STEPS = [
  ...[1, 5, 15, 60, 300, 900, 1_800, 3_600, 7_200, 14_400, 21_600, 43_200],
  ...[DAY, 2 * DAY, 7 * DAY],
] as const

/** About so many points are asked for: more cannot be told apart on a screen. */
const POINTS = 200

/** Healths above are drawn at the edge: what is far from the line says nothing. */
const HEALTH_MAX = 4

/** Seconds between the points of a span. */
export const stepOf = ({ since, until }: Range): number =>
  STEPS.find((one) => one >= (until - since) / POINTS) ?? 7 * DAY

/** Points of two lists by time, those of one block once: what was noted counts before what is recomputed. */
export const merged = (noted: readonly Point[], recomputed: readonly Point[]): readonly Point[] => {
  const blocks = new Map([...recomputed, ...noted].map((point) => [point.block.number, point]))
  return [...blocks.values()].sort(
    (a, b) => a.block.timestamp - b.block.timestamp || Number(a.block.number) - Number(b.block.number),
  )
}

/** What was so at a moment: the last point up to it. */
export const pointAt = (points: readonly Point[], at: number): Point | undefined => {
  let [low, high] = [0, points.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((points[middle]?.block.timestamp ?? 0) <= at) low = middle + 1
    else high = middle
  }
  return points[low - 1]
}

const FIELDS = { health: 'healthFactor', collateral: 'collateralValue', debt: 'debtValue' } as const

/** The exact integer of a measure: a wad, or units of the quote; null where it could not be assessed. */
export const exactOf = (point: Point, measure: Measure): string | null => point[FIELDS[measure]]

/** The same as a number to draw with. */
export const drawnOf = (point: Point, measure: Measure, decimals: number): number | null => {
  const exact = exactOf(point, measure)
  if (exact === null) return null
  const number = Number(exact) / 10 ** (measure === 'health' ? 18 : decimals)
  return measure === 'health' ? Math.min(number, HEALTH_MAX) : number
}

/** Spans up to the newest block, by name; undefined: all that is kept. */
export const SPANS = [
  { name: '24h', text: '24 h', seconds: DAY },
  { name: '7d', text: '7 days', seconds: 7 * DAY },
  { name: '30d', text: '30 days', seconds: 30 * DAY },
  { name: '90d', text: '90 days', seconds: 90 * DAY },
  { name: 'all', text: 'all', seconds: undefined },
] as const

const SPAN_DEFAULT = SPANS[2]

const secondsIn = (text: string | undefined): number | undefined =>
  /^\d{1,11}$/.test(text ?? '') ? Number(text) : undefined

/** What an address asks for: two moments, or the name of a span up to now, of all that is kept. */
export const rangeOf = (values: Readonly<Record<string, string>>, whole: Range): Range => {
  const [since, until] = [secondsIn(values['since']), secondsIn(values['until'])]
  if (since !== undefined && until !== undefined && since < until) return { since, until }
  const { seconds } = SPANS.find(({ name }) => name === values['span']) ?? SPAN_DEFAULT
  if (seconds === undefined) return whole
  // In whole steps, so that one answer does for the blocks of one step.
  const step = stepOf({ since: 0, until: seconds })
  const end = Math.ceil((whole.until + 1) / step) * step
  return { since: end - seconds, until: end }
}

/** The name of the span that an address asks for; undefined where it is none of them. */
export const spanOf = (values: Readonly<Record<string, string>>): string | undefined =>
  values['since'] && values['until']
    ? undefined
    : (SPANS.find(({ name }) => name === values['span']) ?? SPAN_DEFAULT).name

/** Loans and accounts that an address names, parted by commas, each once. */
export const namedIn = (text: string | undefined): readonly string[] => [
  ...new Set((text ?? '').split(',').filter((one) => one !== '')),
]
