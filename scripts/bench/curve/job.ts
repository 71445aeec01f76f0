// A job in a process of its own: its memory is its own too, and what one size leaves behind does not slow the next.
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Pool } from '../synthetic/pool.ts'

/** A pool without what cannot be sent: the adapter. */
export type SentPool = Omit<Pool, 'adapter'>

export type Job = {
  readonly task: 'fill' | 'measure' | 'screen'
  readonly file: string
  readonly positions: number
  readonly pool: SentPool
}

/** How long a fill took. */
export type Filled = { readonly fillMs: number; readonly fileBytes: number }

/** What one kind of cycle cost, medians; milliseconds without what the synthetic chain itself took to answer. */
export type CycleCost = {
  readonly ms: number
  readonly processorMs: number
  /** Of the processor: reducing logs, encoding calls and decoding answers. */
  readonly readingMs: number
  /** By the clock: assessing, stepping, committing. */
  readonly besideReadingMs: number
  /** Moving the database's log, once the cycle is committed and its alerts are on their way. */
  readonly afterwardsMs: number
  readonly requests: number
  readonly reads: number
  readonly assessed: number
}

export type Measured = {
  /** From the file to a follower that has made its first cycle. */
  readonly startMs: number
  readonly startProcessorMs: number
  readonly firstCycleMs: number
  readonly residentBytesMax: number
  readonly idle: CycleCost
  readonly prices: CycleCost
  readonly touched: CycleCost
}

/** A sweep over all positions, and how many it visited. */
export type Sweep = { readonly ms: number; readonly processorMs: number; readonly visited: number }

/** With every price moved by 2 %: all of them together, or each in its own way. */
export type Screened = { readonly together: Sweep; readonly apart: Sweep }

export type Result = Filled | Measured | Screened

export type Answer = { readonly value: Result } | { readonly error: string }

/** Runs a job to its end. Throws what it failed with. */
export const runJob = async <T extends Result>(job: Job): Promise<T> => {
  const child = fork(fileURLToPath(new URL('./worker.ts', import.meta.url)), { serialization: 'advanced' })
  const answered = new Promise<Answer>((resolve, reject) => {
    child.once('message', (answer) => resolve(answer as Answer))
    child.once('exit', (code) => reject(new Error(`the job "${job.task}" ended with ${code}`)))
  })
  child.send(job)
  const answer = await answered
  if ('error' in answer) throw new Error(answer.error)
  return answer.value as T
}
