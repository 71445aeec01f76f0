// What goes beyond the health of loans, in a thread of its own: a price at which a loan flips may take a second to find.
import { parentPort } from 'node:worker_threads'
import { messageOf } from '../../model/errors.ts'
import { loanOf } from '../../risk/known-loan.ts'
import { assessLoan } from '../../risk/loan.ts'
import { groupsIn } from '../../risk/loan-state.ts'
import { type Risk, riskOf } from '../../risk/risk.ts'
import type { RiskAnswer, RiskJob } from './risks.ts'

const riskIn = (text: string): Risk | null => {
  const state: unknown = JSON.parse(text)
  const loan = loanOf(state)
  const health = assessLoan(loan)
  return health.kind === 'assessed' ? riskOf(loan, health, groupsIn(state)) : null
}

const answerTo = ({ number, state }: RiskJob): RiskAnswer => {
  try {
    return { number, kind: 'done', risk: riskIn(state) }
  } catch (error) {
    return { number, kind: 'failed', error: messageOf(error) }
  }
}

parentPort?.on('message', (job: RiskJob) => parentPort?.postMessage(answerTo(job)))
