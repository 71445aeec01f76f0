// Scenarios asked for over HTTP: one at a time, each in a thread that is given up where it takes too long.
import { Worker } from 'node:worker_threads'
import type { ChainConfig, Config } from '../../app/config/config.ts'
import type { Strangers, StressRequest } from '../../app/stress.ts'
import { BaseError } from '../../model/errors.ts'
import { ProblemError } from '../problem.ts'
import { workerFile } from './worker-file.ts'

const STRESS_MS_MAX = 120_000
/** More wait for their turn than this, and a client is told to come back. */
const WAITING_MAX = 8

export type StressJob = {
  readonly storeFile: string
  readonly groups: readonly Pick<ChainConfig, 'id' | 'groups'>[]
  readonly request: Omit<StressRequest, 'onProgress'>
}

export type StressAnswer =
  | { readonly kind: 'report'; readonly text: string }
  | ({ readonly kind: 'strangers' } & Strangers)
  | { readonly kind: 'failed'; readonly error: string }

export type Stresses = {
  /** The report as JSON. Throws `ProblemError` where names are unknown, too many wait or it takes too long. */
  run(request: StressJob['request']): Promise<string>
  close(): Promise<void>
}

const answerOf = (worker: Worker): Promise<StressAnswer> =>
  new Promise((done, fail) => {
    worker.once('message', done)
    worker.once('error', fail)
    worker.once('exit', () => fail(new BaseError('it was ended before it was done')))
  })

const tooLong = (): ProblemError =>
  new ProblemError('too-much-work', `it is not done after ${STRESS_MS_MAX / 1_000} s`, {
    remedy: 'Ask for fewer steps, without the curve and without depths, or use "plimsoll stress".',
  })

const reportOf = (answer: StressAnswer): string => {
  if (answer.kind === 'report') return answer.text
  if (answer.kind === 'failed') throw new BaseError(`a scenario failed: ${answer.error}`)
  throw new ProblemError('invalid-request', `nothing in the store is called ${answer.strangers.join(', ')}`, {
    remedy:
      answer.known === '' ? 'The store has no prices yet.' : `Name one of: ${answer.known}; or an address.`,
  })
}

/** Scenarios over the store of a configuration. */
export const createStresses = ({ storeFile, chains }: Pick<Config, 'storeFile' | 'chains'>): Stresses => {
  const groups = chains.map(({ id, groups: own }) => ({ id, groups: own }))
  let turn: Promise<unknown> = Promise.resolve()
  let waitingCount = 0
  let current: Worker | undefined
  let isClosed = false
  const runNow = async (request: StressJob['request']): Promise<string> => {
    if (isClosed) throw new ProblemError('unavailable', 'the daemon stops')
    const worker = new Worker(workerFile('stress-worker'), { workerData: { storeFile, groups, request } })
    current = worker
    let isLate = false
    const late = setTimeout(() => {
      isLate = true
      void worker.terminate()
    }, STRESS_MS_MAX)
    try {
      return reportOf(await answerOf(worker))
    } catch (error) {
      throw isLate ? tooLong() : error
    } finally {
      clearTimeout(late)
      current = undefined
      await worker.terminate()
    }
  }
  return {
    run: async (request) => {
      if (waitingCount >= WAITING_MAX)
        throw new ProblemError('unavailable', `${waitingCount} scenarios are waiting already`, {
          headers: { 'retry-after': '10' },
        })
      waitingCount += 1
      const mine = turn.then(() => runNow(request))
      turn = mine.catch(() => undefined)
      return mine.finally(() => {
        waitingCount -= 1
      })
    },
    close: async () => {
      isClosed = true
      await current?.terminate()
    },
  }
}
