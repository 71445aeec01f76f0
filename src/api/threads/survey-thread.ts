// Surveys of all books in a thread of its own, over the store.
import { Worker } from 'node:worker_threads'
import type { ChainSurvey } from '../../app/survey.ts'
import { BaseError } from '../../model/errors.ts'
import { workerFile } from './worker-file.ts'

export type SurveyAnswer =
  | { readonly kind: 'done'; readonly chains: readonly ChainSurvey[] }
  | { readonly kind: 'failed'; readonly error: string }

export type SurveyThread = {
  /** Every chain as it is stored when the thread begins; one at a time. */
  survey(): Promise<readonly ChainSurvey[]>
  close(): Promise<void>
}

const answerOf = (worker: Worker): Promise<readonly ChainSurvey[]> =>
  new Promise((done, fail) => {
    worker.once('message', (answer: SurveyAnswer) => {
      if (answer.kind === 'done') done(answer.chains)
      else fail(new BaseError(`the books could not be surveyed: ${answer.error}`))
    })
    worker.once('error', fail)
    worker.once('exit', () => fail(new BaseError('it was ended before it was done')))
  })

export const createSurveyThread = (storeFile: string): SurveyThread => {
  let current: Worker | undefined
  let isClosed = false
  return {
    survey: async () => {
      if (isClosed) throw new BaseError('the daemon stops')
      const worker = new Worker(workerFile('survey-worker'), { workerData: storeFile })
      current = worker
      try {
        return await answerOf(worker)
      } finally {
        current = undefined
        await worker.terminate()
      }
    },
    close: async () => {
      isClosed = true
      await current?.terminate()
    },
  }
}
