// How many requests one endpoint is asked at once: as many as it bears, the watcher's own first.
import { type EndpointError, kindOf } from './rpc-error.ts'

/** Whose request it is. Those of a bootstrap, in the background, give way; what waits is given up with the signal. */
export type Lane = { readonly isBackground: boolean; readonly signal?: AbortSignal }

export const FOREGROUND: Lane = { isBackground: false }

/** How an endpoint said, or showed, that it was asked too much at once. */
export type Overload = {
  readonly kind: 'rate-limited' | 'timeout'
  /** Requests side by side from now on, and for how long none is sent. */
  readonly requestsInFlightMax: number
  readonly pauseMs: number
}

export type Gate = {
  /** Performs a request once it is its turn. Throws the signal's reason where it aborts before that. */
  pass<T>(lane: Lane, request: () => Promise<T>): Promise<T>
  /** When requests are sent again, in milliseconds of the clock; in the past where nothing holds them up. */
  pausedUntilMs(): number
  status(): {
    readonly requestsInFlightMax: number
    readonly rateLimitCount: number
    readonly timeoutCount: number
  }
}

export type GateOptions = {
  readonly requestsInFlightMax: number
  readonly backoffMsMin: number
  readonly backoffMsMax: number
  nowMs(): number
  onOverload(overload: Overload): void
}

type Waiting = { readonly lane: Lane; start(): void }

/** Who may start now: the first of the foreground, else the first of the background. */
const createQueues = () => {
  const [front, back]: [Waiting[], Waiting[]] = [[], []]
  const queueOf = ({ isBackground }: Lane): Waiting[] => (isBackground ? back : front)
  return {
    add: (waiting: Waiting): void => {
      queueOf(waiting.lane).push(waiting)
    },
    drop: (waiting: Waiting): void => {
      const queue = queueOf(waiting.lane)
      const place = queue.indexOf(waiting)
      if (place >= 0) queue.splice(place, 1)
    },
    first: (): Waiting | undefined => front[0] ?? back[0],
  }
}

/**
 * How many requests may be under way: halved once for all that were when an endpoint was overloaded, grown by one with
 * every full round of answers, as TCP does it.
 */
const createAllowance = ({
  requestsInFlightMax,
  backoffMsMin,
  backoffMsMax,
  nowMs,
  onOverload,
}: GateOptions) => {
  const counts = { 'rate-limited': 0, timeout: 0 }
  let allowed = requestsInFlightMax
  let epoch = 0
  let putOffInARow = 0
  let pausedUntilMs = 0
  const overloaded = (error: unknown, startEpoch: number): void => {
    const kind = kindOf(error)
    if (kind !== 'rate-limited' && kind !== 'timeout') return
    counts[kind] += 1
    const backoffMs = Math.min(backoffMsMin * 2 ** Math.min(putOffInARow, 16), backoffMsMax)
    const pauseMs = kind === 'timeout' ? 0 : ((error as EndpointError).retryAfterMs ?? backoffMs)
    pausedUntilMs = Math.max(pausedUntilMs, nowMs() + pauseMs)
    if (startEpoch !== epoch) return
    epoch += 1
    putOffInARow += 1
    allowed = Math.max(1, allowed / 2)
    onOverload({ kind, requestsInFlightMax: Math.floor(allowed), pauseMs })
  }
  return {
    epoch: (): number => epoch,
    allowed: (): number => Math.floor(allowed),
    pausedUntilMs: (): number => pausedUntilMs,
    answered: (): void => {
      putOffInARow = 0
      allowed = Math.min(requestsInFlightMax, allowed + 1 / allowed)
    },
    overloaded,
    status: () => ({
      requestsInFlightMax: Math.floor(allowed),
      rateLimitCount: counts['rate-limited'],
      timeoutCount: counts.timeout,
    }),
  }
}

const sideOf = ({ isBackground }: Lane): 'front' | 'back' => (isBackground ? 'back' : 'front')

/** Calls back once after a while, unless it is stopped; a second start changes nothing. */
const createTimer = (onTime: () => void) => {
  let timer: ReturnType<typeof setTimeout> | undefined
  const stop = (): void => {
    clearTimeout(timer)
    timer = undefined
  }
  const start = (ms: number): void => {
    timer ??= setTimeout(() => {
      stop()
      onTime()
    }, ms)
  }
  return { start, stop }
}

/** The gate of one endpoint; see `Gate`. */
export const createGate = (options: GateOptions): Gate => {
  const { nowMs } = options
  const allowance = createAllowance(options)
  const queues = createQueues()
  const inFlight = { front: 0, back: 0 }

  const mayStart = ({ isBackground }: Lane): boolean => {
    if (!isBackground && inFlight.front === 0) return true
    return inFlight.front + inFlight.back < allowance.allowed()
  }
  const startWaiting = (): void => {
    if (!queues.first()) return
    const pauseMs = allowance.pausedUntilMs() - nowMs()
    if (pauseMs > 0) timer.start(pauseMs)
    if (pauseMs > 0) return
    for (let next = queues.first(); next && mayStart(next.lane); next = queues.first()) {
      queues.drop(next)
      next.start()
    }
  }
  const timer = createTimer(startWaiting)
  const turn = (lane: Lane): Promise<void> =>
    new Promise((resolve, reject) => {
      const giveUp = (): void => {
        queues.drop(waiting)
        if (!queues.first()) timer.stop()
        reject(lane.signal?.reason)
      }
      const waiting: Waiting = {
        lane,
        start: () => {
          lane.signal?.removeEventListener('abort', giveUp)
          inFlight[sideOf(lane)] += 1
          resolve()
        },
      }
      if (lane.signal?.aborted) return reject(lane.signal.reason)
      lane.signal?.addEventListener('abort', giveUp, { once: true })
      queues.add(waiting)
      startWaiting()
    })

  return {
    pass: async (lane, request) => {
      await turn(lane)
      const epoch = allowance.epoch()
      try {
        const answer = await request()
        allowance.answered()
        return answer
      } catch (error) {
        allowance.overloaded(error, epoch)
        throw error
      } finally {
        inFlight[sideOf(lane)] -= 1
        startWaiting()
      }
    },
    pausedUntilMs: allowance.pausedUntilMs,
    status: allowance.status,
  }
}
