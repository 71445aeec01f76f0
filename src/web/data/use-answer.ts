// An answer of the API as a component has it: there, on its way, or refused; asked for anew when the chains move.
import { keepPreviousData, QueryObserver, type QueryObserverOptions } from '@tanstack/query-core'
import { useEffect, useMemo, useState } from 'preact/hooks'
import type { CallOptions, Client } from '../../client/client.ts'
import { api } from './api.ts'
import { isAnswered, queries } from './live.ts'

export type Answer<T> = {
  readonly data: T | undefined
  readonly error: Error | null
  /** What is there is of another question, until its own answer comes. */
  readonly isOld: boolean
  again(): void
}

export type AnswerOptions = {
  /** Asked for every so many milliseconds, not when the chains move; infinite: once. */
  readonly everyMs?: number
}

/** Asks; `key` names the question. What was there stays until the new answer comes. */
export const useAnswer = <T>(
  key: readonly unknown[],
  read: (client: Client, options: CallOptions) => Promise<T>,
  { everyMs }: AnswerOptions = {},
): Answer<T> => {
  const keyText = JSON.stringify(key)
  const enabled = isAnswered.value
  const settings: QueryObserverOptions<T, Error> = {
    queryKey: key,
    enabled,
    queryFn: ({ signal }) => read(api.value, { signal }),
    placeholderData: keepPreviousData as never,
    ...(everyMs === undefined
      ? {}
      : { meta: { isSlow: true }, refetchInterval: Number.isFinite(everyMs) ? everyMs : false }),
  }
  const observer = useMemo(() => new QueryObserver<T, Error>(queries, settings), [])
  const [result, setResult] = useState(() => observer.getCurrentResult())
  useEffect(() => observer.subscribe(setResult), [observer])
  useEffect(() => {
    observer.setOptions(settings)
    setResult(observer.getCurrentResult())
  }, [observer, keyText, enabled])
  return {
    data: result.data,
    error: result.error,
    isOld: result.isPlaceholderData,
    again: () => void observer.refetch(),
  }
}
