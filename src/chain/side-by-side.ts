import type { Lane } from './gate.ts'

/** Makes all of some requests side by side; the first failure gives up those that still wait. */
export const allOf = async <T, U>(
  lane: Lane,
  items: readonly T[],
  make: (item: T, lane: Lane) => Promise<U>,
): Promise<readonly U[]> => {
  const failed = new AbortController()
  const signal = lane.signal ? AbortSignal.any([lane.signal, failed.signal]) : failed.signal
  const one = async (item: T): Promise<U> => {
    try {
      return await make(item, { ...lane, signal })
    } catch (error) {
      failed.abort(error)
      throw error
    }
  }
  return Promise.all(items.map(one))
}
