// Whether what is shown is of now: the status of the daemon, asked again and again, and what follows from it.

import { batch, computed, effect, signal } from '@preact/signals'
import { QueryClient } from '@tanstack/query-core'
import { ApiError, ask } from './api.ts'
import { token } from './session.ts'
import type { Status } from './types.ts'

const POLL_MS = 2_000
const RETRY_MS_MAX = 15_000
const TICK_MS = 1_000

export type Link = 'connecting' | 'live' | 'unreachable' | 'denied'

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: Number.POSITIVE_INFINITY,
      gcTime: 300_000,
      // What is refused stays refused; what did not answer comes back with the link.
      retry: false,
      refetchOnWindowFocus: false,
    },
  },
})

export const status = signal<Status | undefined>(undefined)
export const link = signal<Link>('connecting')
/** Milliseconds on the page's own clock: when the status came, and now. */
const receivedAtMs = signal(0)
const nowMs = signal(0)

/** So many seconds went by since the daemon last said how old things are. */
export const elapsedSeconds = computed(() =>
  receivedAtMs.value === 0 ? 0 : Math.max(0, Math.floor((nowMs.value - receivedAtMs.value) / 1_000)),
)

/** Names the state of all chains: what rests on chains is asked for anew when it changes. */
const version = computed(() => status.value?.blocks.map(({ hash }) => hash).join() ?? '')

const take = (answer: Status): void =>
  batch(() => {
    status.value = answer
    link.value = 'live'
    receivedAtMs.value = performance.now()
    nowMs.value = receivedAtMs.value
  })

const linkOf = (error: unknown): Link =>
  error instanceof ApiError && (error.status === 401 || error.status === 403) ? 'denied' : 'unreachable'

/** Asks for the status until the page is left. */
export const follow = (): void => {
  let wait = POLL_MS
  let timer: ReturnType<typeof setTimeout> | undefined
  const poll = async (): Promise<void> => {
    try {
      take(await ask<Status>('/v1/status', { also: [503] }))
      wait = POLL_MS
    } catch (error) {
      link.value = linkOf(error)
      wait = Math.min(wait * 1.5, RETRY_MS_MAX)
    }
    timer = setTimeout(poll, wait)
  }
  const again = (): void => {
    clearTimeout(timer)
    wait = POLL_MS
    void poll()
  }
  setInterval(() => {
    nowMs.value = performance.now()
  }, TICK_MS)
  addEventListener('online', again)
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) again()
  })
  let known = version.value
  effect(() => {
    if (version.value === known) return
    known = version.value
    // What looks at every loan is not asked for with every block.
    void queries.invalidateQueries({ predicate: ({ meta }) => meta?.['isSlow'] !== true })
  })
  let sent: string | undefined
  effect(() => {
    if (token.value === sent) return
    const isFirst = sent === undefined
    sent = token.value
    if (!isFirst) void queries.resetQueries()
    again()
  })
}
