// When health has moved enough to be written down: bands and tolerances, in whole parts per million.
import { type Interval, intersection, NOTHING } from '../risk/interval.ts'
import { HEALTH_PPM_MAX } from '../units/format.ts'

const PPM = 1_000_000

/** Healths in ppm at which a snapshot is always taken: between two of them a position is in one band. */
const BAND_EDGES_PPM = [1_000_000, 1_050_000, 1_100_000, 1_250_000, 1_500_000, 2_000_000]

/** A snapshot is taken when health has moved by one part of so many since the last one. */
export const TOLERANCE_PARTS = { watched: 100, others: 20 } as const

/** Which band a health (ppm) is in. */
export const bandOf = (ppm: number): number => BAND_EDGES_PPM.filter((edge) => ppm >= edge).length

/** Whether health (ppm) moved by one part of `parts` or more. */
export const hasMoved = (before: number, now: number, parts: number): boolean =>
  now !== before && Math.abs(now - before) * parts >= before

/** Healths whose parts per million, cut, are from `least` up to `most`. */
const ofPpm = (least: number, most: number): Interval => ({
  floor: least <= 0 ? -1 : least / PPM,
  ceil: most >= HEALTH_PPM_MAX ? Number.POSITIVE_INFINITY : (most + 1) / PPM,
})

/** Healths at which, after one of `before` ppm, no snapshot is due: neither moved nor in another band. Ends are as near as float64 has them. */
export const calmInterval = (before: number, parts: number): Interval => {
  const least = before === 0 ? 0 : Math.floor((before * (parts - 1)) / parts) + 1
  const most = before === 0 ? 0 : Math.ceil((before * (parts + 1)) / parts) - 1
  const band = bandOf(before)
  const bandFloor = band === 0 ? 0 : (BAND_EDGES_PPM[band - 1] ?? 0)
  const bandCeil = BAND_EDGES_PPM[band] ?? HEALTH_PPM_MAX + 1
  return intersection(ofPpm(least, most), ofPpm(bandFloor, bandCeil - 1))
}

/** The stretch that a health (ppm) lies in; `NOTHING` where it lies in none. */
export const stretchOf = (ppm: number, stretches: readonly Interval[]): Interval =>
  stretches.find(({ floor, ceil }) => ppm / PPM >= floor && ppm / PPM < ceil) ?? NOTHING
