// An answer of the API as a component has it: there, on its way, or refused; asked for anew when the chains move.
import { keepPreviousData, QueryObserver, type QueryObserverOptions } from '@tanstack/query-core'
import { useEffect, useMemo, useState } from 'preact/hooks'
import { ask } from './api.ts'
import { queries } from './live.ts'

export type Answer<T> = {
  readonly data: T | undefined
  readonly error: Error | null
  readonly isLoading: boolean
  /** What is there is of another question, or is being asked for anew. */
  readonly isOld: boolean
  again(): void
}

type Options = {
  /** Asked for every so many milliseconds, not when the chains move. */
  readonly everyMs?: number
  /** Sent as the body of a POST. */
  readonly body?: unknown
}

/** Asks for a path; nothing where it is undefined. What was there stays until the new answer comes. */
export const useAnswer = <T>(path: string | undefined, options: Options = {}): Answer<T> => {
  const { body, everyMs } = options
  const bodyText = body === undefined ? '' : JSON.stringify(body)
  const settings: QueryObserverOptions<T, Error> = {
    queryKey: [path, bodyText],
    queryFn: ({ signal }) =>
      ask<T>(path ?? '', { signal, ...(body === undefined ? {} : { method: 'POST', body }) }),
    enabled: path !== undefined,
    placeholderData: keepPreviousData as never,
    ...(everyMs === undefined ? {} : { meta: { isSlow: true }, refetchInterval: everyMs }),
  }
  const observer = useMemo(() => new QueryObserver<T, Error>(queries, settings), [])
  const [result, setResult] = useState(() => observer.getCurrentResult())
  useEffect(() => observer.subscribe(setResult), [observer])
  useEffect(() => {
    observer.setOptions(settings)
    setResult(observer.getCurrentResult())
  }, [observer, path, bodyText])
  return {
    data: result.data,
    error: result.error,
    isLoading: result.isLoading,
    isOld: result.isPlaceholderData,
    again: () => void observer.refetch(),
  }
}
