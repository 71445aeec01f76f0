// The other side of `job.ts`.
import { messageOf } from '../../../src/model/errors.ts'
import { aaveV3 } from '../../../src/protocols/aave-v3/index.ts'
import { fillBook } from './fill.ts'
import type { Answer, Job, Result } from './job.ts'
import { measureBook } from './measure.ts'
import { measureScreen } from './screen.ts'

const perform = ({ task, file, positions, pool }: Job): Promise<Result> => {
  const whole = { ...pool, adapter: aaveV3 }
  const tasks = {
    fill: () => fillBook(whole, file, positions),
    measure: () => measureBook(whole, file, positions),
    screen: () => measureScreen(whole, positions),
  }
  return tasks[task]()
}

const answerOf = async (job: Job): Promise<Answer> => {
  try {
    return { value: await perform(job) }
  } catch (error) {
    return { error: error instanceof Error ? (error.stack ?? messageOf(error)) : messageOf(error) }
  }
}

process.once('message', async (job) => {
  const answer = await answerOf(job as Job)
  process.send?.(answer, undefined, undefined, () => process.exit(0))
})

process.once('disconnect', () => process.exit(1))
