// What accounts are called.
import type { Watches } from '../../client/client.ts'
import { type Answer, useAnswer } from './use-answer.ts'

/** Who is watched. */
export const useWatches = (): Answer<Watches> =>
  useAnswer(['watches'], (client, options) => client.watches({}, options))

/** Labels of watched accounts. */
export const useLabels = (): ReadonlyMap<string, string> => {
  const { data } = useWatches()
  return new Map((data?.watches ?? []).flatMap(({ account, label }) => (label ? [[account, label]] : [])))
}
