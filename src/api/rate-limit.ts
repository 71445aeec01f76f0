// How often something may be done: a bucket of tokens for each who does it, filled evenly.

/** Clients that are remembered at once; beyond, the one that was seen longest ago is forgotten. */
const CLIENTS_MAX = 10_000

type Bucket = { level: number; atMs: number }

export type RateLimit = {
  /** Takes one; answers 0, or in how many seconds there is one again. */
  take(client: string): number
}

/** So many a minute for each client, and as many at once after a rest. */
export const createRateLimit = (perMinuteMax: number, nowMs: () => number): RateLimit => {
  const buckets = new Map<string, Bucket>()
  const perMs = perMinuteMax / 60_000
  return {
    take: (client) => {
      const now = nowMs()
      const known = buckets.get(client) ?? { level: perMinuteMax, atMs: now }
      const level = Math.min(perMinuteMax, known.level + Math.max(0, now - known.atMs) * perMs)
      const isFree = level >= 1
      buckets.delete(client)
      buckets.set(client, { level: isFree ? level - 1 : level, atMs: now })
      const [oldest] = buckets.keys()
      if (buckets.size > CLIENTS_MAX && oldest !== undefined) buckets.delete(oldest)
      return isFree ? 0 : Math.ceil((1 - level) / perMs / 1_000)
    },
  }
}
