import type { Random } from '../devnet/random.ts'

const DAY_SECONDS = 86_400

/** From a block to the next: mostly 12, now and then up to a day, seldom up to two months. */
export const anySeconds = (random: Random): number => {
  const roll = random.next()
  if (roll < 0.6) return 12
  return Math.ceil(roll < 0.97 ? random.magnitude(1, DAY_SECONDS) : random.magnitude(1, 60) * DAY_SECONDS)
}
