// Times, and what many of them say together.

/** The middle and the 95th percentile (nearest rank). */
export const spread = (values: readonly number[]): { readonly median: number; readonly p95: number } => {
  const sorted = [...values].sort((a, b) => a - b)
  const atShare = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0
  return { median: atShare(0.5), p95: atShare(0.95) }
}

/** What something gives, and how long it takes in milliseconds. */
export const timed = async <T>(
  run: () => T | Promise<T>,
): Promise<{ readonly ms: number; readonly value: T }> => {
  const started = performance.now()
  const value = await run()
  return { ms: performance.now() - started, value }
}
