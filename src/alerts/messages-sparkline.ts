import { healthPpm } from '../units/format.ts'

const COLUMNS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const
const UNKNOWN = '·'
const WIDTH = 24
/** Healths from here on are one and the same here, so that a repaid debt does not flatten all else. */
const HEALTH_PPM_TOP = 3_000_000

/** A health (wad) at a time (seconds), until the next one; undefined where it was not known. */
export type Point = { readonly timestamp: number; readonly healthFactor: bigint | undefined }

/** The lowest health known in each stretch of the span, in ppm; what held at its beginning counts too. */
const lowestBySpan = (
  points: readonly Point[],
  since: number,
  until: number,
): readonly (number | undefined)[] => {
  const seconds = Math.max(1, until - since) / WIDTH
  return Array.from({ length: WIDTH }, (_, at) => {
    const from = since + at * seconds
    const to = at === WIDTH - 1 ? until + 1 : from + seconds
    const before = points.filter(({ timestamp }) => timestamp <= from).at(-1)
    const within = points.filter(({ timestamp }) => timestamp > from && timestamp < to)
    const known = [...(before ? [before] : []), ...within].flatMap(({ healthFactor }) =>
      healthFactor === undefined ? [] : [Math.min(healthPpm(healthFactor), HEALTH_PPM_TOP)],
    )
    return known.length === 0 ? undefined : Math.min(...known)
  })
}

/** How a health went, lowest to highest of the span: ▁ to █, a dot where it was not known. Rounded, for the eye only. */
export const sparkline = (points: readonly Point[], since: number, until: number): string => {
  const lows = lowestBySpan(points, since, until)
  const known = lows.filter((low) => low !== undefined)
  const [least, most] = [Math.min(...known), Math.max(...known)]
  return lows
    .map((low) => {
      if (low === undefined) return UNKNOWN
      const share = most === least ? 0.5 : (low - least) / (most - least)
      return COLUMNS[Math.round(share * (COLUMNS.length - 1)) as 0]
    })
    .join('')
}
