// Times, and what many of them say together.

/** The value that a share of all does not exceed (nearest rank). */
const atShares = (values: readonly number[]): ((share: number) => number) => {
  const sorted = [...values].sort((a, b) => a - b)
  return (share) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0
}

/** The middle and the 95th percentile. */
export const spread = (values: readonly number[]): { readonly median: number; readonly p95: number } => {
  const at = atShares(values)
  return { median: at(0.5), p95: at(0.95) }
}

/** The middle, the 90th and the 99th percentile. */
export const percentiles = (values: readonly number[]) => {
  const at = atShares(values)
  return { p50: at(0.5), p90: at(0.9), p99: at(0.99) }
}

/** Milliseconds of processor that this process has used, on all its threads. */
export const processorMs = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}

/**
 * What something gives, and how long it takes in milliseconds: by the clock, and by the processor, which is what it takes
 * where nothing else runs and nothing is waited for.
 */
export const timed = async <T>(
  run: () => T | Promise<T>,
): Promise<{ readonly ms: number; readonly processorMs: number; readonly value: T }> => {
  const [started, used] = [performance.now(), processorMs()]
  const value = await run()
  return { ms: performance.now() - started, processorMs: processorMs() - used, value }
}
