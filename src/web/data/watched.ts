// What accounts are called.
import type { Watch } from './types.ts'
import { type Answer, useAnswer } from './use-answer.ts'

/** Who is watched. */
export const useWatches = (): Answer<{ readonly watches: readonly Watch[] }> =>
  useAnswer<{ readonly watches: readonly Watch[] }>('/v1/watches')

/** Labels of watched accounts. */
export const useLabels = (): ReadonlyMap<string, string> => {
  const { data } = useWatches()
  return new Map((data?.watches ?? []).flatMap(({ account, label }) => (label ? [[account, label]] : [])))
}
