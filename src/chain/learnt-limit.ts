// A limit of an endpoint that nobody tells: learnt from what it refused and what it took.

/** Successes after which a limit that was met is put to the test again: endpoints change, and refusals may have had other causes. */
const LIFE_SUCCESSES = 256
/** Between what went well and what was refused nothing is tried any more once they are this close. */
const CLOSE = 1.25
/** Less of the configured limit is never asked for: what does not fit then is one call's fault. */
const SHARE_MIN = 1 / 32

export type LearntLimit = {
  /** How much to ask for at once. */
  current(): number
  /** How much to ask for beside a request for `current`, which may be refused once a limit was met: one is enough to find out. */
  safe(): number
  /** What is known of the endpoint: the least that it refused; undefined where it never did. */
  refusedAt(): number | undefined
  /** This much was answered. */
  succeeded(amount: number): void
  /** This much was refused, and less was answered. */
  refused(amount: number): void
  /** There was no answer in time: less is asked for, until answers come again. */
  timedOut(): void
}

/**
 * A limit between the greatest amount that was answered and the least that was refused, found by halving, so that it
 * settles below the endpoint's own in a few refusals instead of running into it over and over. `max` where none was met.
 */
export const createLearntLimit = (max: number): LearntLimit => {
  let known = 0
  let ceiling = Number.POSITIVE_INFINITY
  let successCount = 0
  let timeoutFactor = 1
  const forget = (): void => {
    ceiling = Number.POSITIVE_INFINITY
    successCount = 0
  }
  const settled = (): number => {
    if (ceiling === Number.POSITIVE_INFINITY) return max
    return ceiling <= known * CLOSE ? known : (known + ceiling) / 2
  }
  const current = (): number => {
    const now = settled() * timeoutFactor
    return max === Number.POSITIVE_INFINITY ? now : Math.max(now, max * SHARE_MIN)
  }
  return {
    current,
    safe: () => {
      const now = current()
      return ceiling === Number.POSITIVE_INFINITY ? now : Math.min(now, Math.max(known, now / 2))
    },
    refusedAt: () => (ceiling === Number.POSITIVE_INFINITY ? undefined : ceiling),
    succeeded: (amount) => {
      known = Math.max(known, amount)
      timeoutFactor = Math.min(1, timeoutFactor * 2)
      if (ceiling === Number.POSITIVE_INFINITY) return
      successCount += 1
      if (amount >= ceiling || successCount >= LIFE_SUCCESSES) forget()
    },
    refused: (amount) => {
      ceiling = Math.min(ceiling, amount)
      successCount = 0
      if (known >= ceiling) known = ceiling / 2
    },
    timedOut: () => {
      timeoutFactor = Math.max(SHARE_MIN, timeoutFactor / 2)
    },
  }
}
