// Stretches of health, as numbers: what is certain of a health is told by where its bounds lie.

/** Least and most that a health may be. */
export type Bounds = { readonly low: number; readonly high: number }

/** Healths from `floor` on and below `ceil`. A negative floor and an infinite ceiling are none: 2^256 − 1 counts as infinite. */
export type Interval = { readonly floor: number; readonly ceil: number }

/** No health lies in it. */
export const NOTHING: Interval = { floor: Number.POSITIVE_INFINITY, ceil: 0 }

export const intersection = (a: Interval, b: Interval): Interval => ({
  floor: Math.max(a.floor, b.floor),
  ceil: Math.min(a.ceil, b.ceil),
})

/** Whether a health of these bounds is certain to lie in the interval. */
export const isWithin = ({ low, high }: Bounds, { floor, ceil }: Interval): boolean =>
  (floor < 0 || low >= floor) &&
  floor !== Number.POSITIVE_INFINITY &&
  (ceil === Number.POSITIVE_INFINITY || high < ceil)
