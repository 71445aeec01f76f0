// Risk of loans worked out by a thread, one after the other: the daemon goes on meanwhile.
import { Worker } from 'node:worker_threads'
import type { Log } from '../../app/log.ts'
import { BaseError, messageOf } from '../../model/errors.ts'
import type { LoanState } from '../../risk/loan-state.ts'
import type { Risk } from '../../risk/risk.ts'
import { ProblemError } from '../problem.ts'
import { workerFile } from './worker-file.ts'

/** Loans that wait for their turn; more, and a client is told to come back. */
const WAITING_MAX = 2_000
/** What one loan may take. */
const RISK_MS_MAX = 20_000
/** Loans whose risk is remembered, by what they rest on. */
const KNOWN_MAX = 1_000

export type RiskJob = { readonly number: number; readonly state: string }

export type RiskAnswer =
  | { readonly number: number; readonly kind: 'done'; readonly risk: Risk | null }
  | { readonly number: number; readonly kind: 'failed'; readonly error: string }

export type Risks = {
  /**
   * The risk of a loan; null where it cannot be assessed, or its risk not be worked out: the log says why. `key` tells one state of a loan from another: `stateOf` is asked for one that is not known yet, at once. Throws
   * `ProblemError` where too many wait.
   */
  of(key: string, stateOf: () => LoanState | null): Promise<Risk | null>
  close(): Promise<void>
}

type Waiting = { done(risk: Risk | null): void; fail(error: Error): void }

type Thread = {
  ask(state: LoanState): Promise<Risk | null>
  readonly waitingCount: number
  close(): Promise<void>
}

/** One thread, started when it is needed, and again where it ended. */
const createThread = (log: Log): Thread => {
  const waiting = new Map<number, Waiting>()
  let [worker, count, late]: [Worker | undefined, number, NodeJS.Timeout | undefined] = [
    undefined,
    0,
    undefined,
  ]
  const watch = (): void => {
    clearTimeout(late)
    if (waiting.size > 0) late = setTimeout(() => end(new BaseError('it took too long')), RISK_MS_MAX)
  }
  /** Whatever waits is given up: the thread that had it is no more. */
  const end = (error: Error): void => {
    const old = worker
    worker = undefined
    clearTimeout(late)
    if (waiting.size > 0)
      log.warn({ event: 'risk-failed', error: error.message }, 'risks were not worked out')
    for (const one of waiting.values()) one.fail(error)
    waiting.clear()
    void old?.terminate()
  }
  const start = (): Worker => {
    const started = new Worker(workerFile('risk-worker'))
    started.unref()
    started.on('message', (answer: RiskAnswer) => {
      const one = waiting.get(answer.number)
      waiting.delete(answer.number)
      watch()
      if (answer.kind === 'done') one?.done(answer.risk)
      else one?.fail(new BaseError(answer.error))
    })
    started.on('error', (error) => {
      if (worker === started) end(error instanceof Error ? error : new BaseError(String(error)))
    })
    return started
  }
  return {
    ask: (state) =>
      new Promise((done, fail) => {
        worker ??= start()
        count += 1
        waiting.set(count, { done, fail })
        if (waiting.size === 1) watch()
        worker.postMessage({ number: count, state: JSON.stringify(state) } satisfies RiskJob)
      }),
    get waitingCount() {
      return waiting.size
    },
    close: async () => {
      const old = worker
      end(new BaseError('the daemon stops'))
      await old?.terminate()
    },
  }
}

export const createRisks = (log: Log): Risks => {
  const thread = createThread(log)
  const known = new Map<string, Promise<Risk | null>>()
  return {
    of: (key, stateOf) => {
      const before = known.get(key)
      if (before) return before
      if (thread.waitingCount >= WAITING_MAX)
        throw new ProblemError('unavailable', `${thread.waitingCount} loans are waiting already`, {
          headers: { 'retry-after': '5' },
        })
      const state = stateOf()
      if (!state) return Promise.resolve(null)
      const risk = thread.ask(state).catch((error: unknown) => {
        known.delete(key)
        log.warn({ event: 'risk-failed', id: state.id, error: messageOf(error) }, `no risk of ${state.id}`)
        return null
      })
      known.set(key, risk)
      const [oldest] = known.keys()
      if (known.size > KNOWN_MAX && oldest !== undefined) known.delete(oldest)
      return risk
    },
    close: thread.close,
  }
}
