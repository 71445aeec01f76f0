// How complete the books of a store are, in a thread of its own: it looks at every position.
import { parentPort, workerData } from 'node:worker_threads'
import { assessStored } from '../app/stored.ts'
import { messageOf } from '../model/errors.ts'
import { openDatabaseReadonly } from '../store/database.ts'
import type { CoverageAnswer } from './coverages.ts'

const answerTo = (storeFile: string): CoverageAnswer => {
  try {
    const database = openDatabaseReadonly(storeFile)
    const chains = assessStored(database).map(({ block, coverage }) => ({ block, coverage: coverage() }))
    database.$client.close()
    return { kind: 'done', chains }
  } catch (error) {
    return { kind: 'failed', error: messageOf(error) }
  }
}

parentPort?.postMessage(answerTo(workerData as string))
