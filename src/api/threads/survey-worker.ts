// Surveys of the books of a store, in a thread of their own: they look at every position.
import { parentPort, workerData } from 'node:worker_threads'
import { assessStored } from '../../app/stored.ts'
import { surveyOf } from '../../app/survey.ts'
import { messageOf } from '../../model/errors.ts'
import { openDatabaseReadonly } from '../../store/database.ts'
import type { SurveyAnswer } from './survey-thread.ts'

const answerTo = (storeFile: string): SurveyAnswer => {
  try {
    const database = openDatabaseReadonly(storeFile)
    const chains = assessStored(database).map(surveyOf)
    database.$client.close()
    return { kind: 'done', chains }
  } catch (error) {
    return { kind: 'failed', error: messageOf(error) }
  }
}

parentPort?.postMessage(answerTo(workerData as string))
