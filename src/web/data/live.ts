// Whether what is shown is of now: the status of the daemon, asked for whenever something happens, and what follows from it.
import { batch, computed, effect, signal } from '@preact/signals'
import { QueryClient } from '@tanstack/query-core'
import { PlimsollError } from '../../client/client.ts'
import { api } from './api.ts'
import type { Status } from './types.ts'

/** How often it is asked for: while the stream tells what happens, and while it does not. */
const POLL_MS = { told: 10_000, untold: 2_000 } as const
const RETRY_MS_MAX = 15_000
const LISTEN_AGAIN_MS = 5_000
const TICK_MS = 1_000
/** What happens together is looked at together. */
const GATHER_MS = 100

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
/** Whether the daemon has answered at all: before, nothing is asked for, since it would be of a block that nobody named. */
export const isAnswered = computed(() => status.value !== undefined)
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
  error instanceof PlimsollError && (error.status === 401 || error.status === 403) ? 'denied' : 'unreachable'

/** Asks for the status again and again, and at once when told to. */
const createPoll = (isTold: () => boolean): (() => void) => {
  let wait = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  const usual = (): number => (isTold() ? POLL_MS.told : POLL_MS.untold)
  const poll = async (): Promise<void> => {
    try {
      take(await api.value.status())
      wait = usual()
    } catch (error) {
      link.value = linkOf(error)
      wait = Math.min(Math.max(wait, POLL_MS.untold) * 1.5, RETRY_MS_MAX)
    }
    timer = setTimeout(poll, wait)
  }
  return () => {
    clearTimeout(timer)
    wait = 0
    timer = setTimeout(poll, GATHER_MS)
  }
}

/** Listens until the signal aborts; `onEvent` hears that something happened, `onEnd` that nothing is told for now. */
const listen = async (
  signal: AbortSignal,
  onEvent: (topic: string) => void,
  onEnd: () => void,
): Promise<void> => {
  while (!signal.aborted) {
    try {
      const events = api.peek().stream({ topics: ['head', 'alert', 'status'], signal })
      for await (const { topic } of events) onEvent(topic)
    } catch {
      // Why there is no stream, the status says too: it is asked for more often then.
    }
    onEnd()
    await new Promise((done) => setTimeout(done, LISTEN_AGAIN_MS))
  }
}

/** Follows the daemon until the page is left. */
export const follow = (): void => {
  let isTold = false
  const pollNow = createPoll(() => isTold)
  setInterval(() => {
    nowMs.value = performance.now()
  }, TICK_MS)
  addEventListener('online', pollNow)
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) pollNow()
  })
  let known = version.value
  effect(() => {
    if (version.value === known) return
    known = version.value
    // What looks at every loan is not asked for with every block.
    void queries.invalidateQueries({ predicate: ({ meta }) => meta?.['isSlow'] !== true })
  })
  let stop = new AbortController()
  let isFirst = true
  // Whoever enters a token asks everything anew.
  effect(() => {
    void api.value
    if (!isFirst) void queries.resetQueries()
    isFirst = false
    stop.abort()
    stop = new AbortController()
    pollNow()
    void listen(
      stop.signal,
      (topic) => {
        isTold = true
        if (topic === 'alert') void queries.invalidateQueries({ queryKey: ['alerts'] })
        pollNow()
      },
      () => {
        isTold = false
      },
    )
  })
}
