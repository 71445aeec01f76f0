// An answer of the API as a component has it: there, on its way, or refused; asked for anew when the chains move.
import { keepPreviousData, QueryObserver, type QueryObserverOptions } from '@tanstack/query-core'
import { useEffect, useMemo, useState } from 'preact/hooks'
import { ask } from './api.ts'
import { queries } from './live.ts'

export type Answer<T> = {
  readonly data: T | undefined
  readonly error: Error | null
  readonly isLoading: boolean
  /** What is there is of another question, until its own answer comes. */
  readonly isOld: boolean
  again(): void
}

type Options<T> = {
  /** Asked for every so many milliseconds, not when the chains move. */
  readonly everyMs?: number
  /** Sent as the body of a POST. */
  readonly body?: unknown
  /** Reads in another way than by asking for the path; `key` names how. */
  readonly key?: string
  read?(signal: AbortSignal): Promise<T>
}

/** Asks for a path. What was there stays until the new answer comes. */
export const useAnswer = <T>(path: string, options: Options<T> = {}): Answer<T> => {
  const { body, everyMs, key = '', read } = options
  const bodyText = body === undefined ? '' : JSON.stringify(body)
  const settings: QueryObserverOptions<T, Error> = {
    queryKey: [path, bodyText, key],
    queryFn: ({ signal }) =>
      read ? read(signal) : ask<T>(path, { signal, ...(body === undefined ? {} : { method: 'POST', body }) }),
    placeholderData: keepPreviousData as never,
    ...(everyMs === undefined ? {} : { meta: { isSlow: true }, refetchInterval: everyMs }),
  }
  const observer = useMemo(() => new QueryObserver<T, Error>(queries, settings), [])
  const [result, setResult] = useState(() => observer.getCurrentResult())
  useEffect(() => observer.subscribe(setResult), [observer])
  useEffect(() => {
    observer.setOptions(settings)
    setResult(observer.getCurrentResult())
  }, [observer, path, bodyText, key])
  return {
    data: result.data,
    error: result.error,
    isLoading: result.isLoading,
    isOld: result.isPlaceholderData,
    again: () => void observer.refetch(),
  }
}
