// A scenario over the store, in a thread of its own: the daemon goes on meanwhile.
import { parentPort, workerData } from 'node:worker_threads'
import { stressStored } from '../../app/stress.ts'
import { stressJson } from '../../app/stress-json.ts'
import { messageOf } from '../../model/errors.ts'
import { toJson } from '../../model/json.ts'
import { openDatabaseReadonly } from '../../store/database.ts'
import type { StressAnswer, StressJob } from './stresses.ts'

const answerTo = ({ storeFile, groups, request }: StressJob): StressAnswer => {
  try {
    const database = openDatabaseReadonly(storeFile)
    const report = stressStored(database, groups, { ...request, onProgress: () => undefined })
    database.$client.close()
    if ('strangers' in report) return { kind: 'strangers', ...report }
    return { kind: 'report', text: JSON.stringify(toJson(stressJson(report))) }
  } catch (error) {
    return { kind: 'failed', error: messageOf(error) }
  }
}

parentPort?.postMessage(answerTo(workerData as StressJob))
