// How complete books are, worked out by a thread over the store, once for all who ask of the same blocks.
import { Worker } from 'node:worker_threads'
import type { BlockRef } from '../model/block.ts'
import type { Coverage } from '../model/coverage.ts'
import { BaseError } from '../model/errors.ts'
import { workerFile } from './worker-file.ts'

/** Of one chain, at the block at which its book was committed. */
export type ChainCoverage = { readonly block: BlockRef; readonly coverage: readonly Coverage[] }

export type CoverageAnswer =
  | { readonly kind: 'done'; readonly chains: readonly ChainCoverage[] }
  | { readonly kind: 'failed'; readonly error: string }

export type Coverages = {
  /** Of every chain as it is stored; `version` names what that is now. */
  of(version: string): Promise<readonly ChainCoverage[]>
  close(): Promise<void>
}

const answerOf = (worker: Worker): Promise<readonly ChainCoverage[]> =>
  new Promise((done, fail) => {
    worker.once('message', (answer: CoverageAnswer) => {
      if (answer.kind === 'done') done(answer.chains)
      else fail(new BaseError(`coverage could not be worked out: ${answer.error}`))
    })
    worker.once('error', fail)
    worker.once('exit', () => fail(new BaseError('it was ended before it was done')))
  })

export const createCoverages = (storeFile: string): Coverages => {
  let known: { readonly version: string; readonly found: Promise<readonly ChainCoverage[]> } | undefined
  let turn: Promise<unknown> = Promise.resolve()
  let current: Worker | undefined
  let isClosed = false
  const run = async (): Promise<readonly ChainCoverage[]> => {
    if (isClosed) throw new BaseError('the daemon stops')
    const worker = new Worker(workerFile('coverage-worker'), { workerData: storeFile })
    current = worker
    try {
      return await answerOf(worker)
    } finally {
      current = undefined
      await worker.terminate()
    }
  }
  return {
    of: (version) => {
      if (known?.version === version) return known.found
      const found = turn.then(run)
      turn = found.catch(() => {
        known = undefined
      })
      known = { version, found }
      return found
    },
    close: async () => {
      isClosed = true
      await current?.terminate()
    },
  }
}
