// The constants of a system.
import type { Abi } from 'viem'
import { troveManagerAbi } from '../../../../abis/liquity-v1.ts'
import { retry } from '../../changing.ts'
import { keys } from '../keys.ts'
import {
  type LiquityMarket,
  type LiquityRead,
  type Parameters,
  updateMarket,
  type Wiring,
  withPart,
} from '../state.ts'
import { answersIn, type Views, viewCalls } from './calls.ts'
import { functionsOf } from './families.ts'

/** Zero's owner may change some of them, in a contract of their own. */
const viewsOf = ({ family, troveManager, baseParams }: Wiring): Views<keyof Parameters> => {
  const abi: Abi = troveManagerAbi
  const fixed = (functionName: string) => ({ to: troveManager, abi, functionName })
  const governed = (functionName: string) => ({ to: baseParams ?? troveManager, abi, functionName })
  return {
    mcr: governed('MCR'),
    ccr: governed('CCR'),
    gasCompensation: fixed(functionsOf[family].gasCompensation),
    minNetDebt: fixed('MIN_NET_DEBT'),
    percentDivisor: governed('PERCENT_DIVISOR'),
    borrowingFeeFloor: governed('BORROWING_FEE_FLOOR'),
    borrowingFeeMax: governed('MAX_BORROWING_FEE'),
    redemptionFeeFloor: governed('REDEMPTION_FEE_FLOOR'),
    minuteDecayFactor: fixed('MINUTE_DECAY_FACTOR'),
    beta: fixed('BETA'),
    bootstrapPeriod: fixed('BOOTSTRAP_PERIOD'),
  }
}

/** The constants; without a contract of their own they never change. */
export const readParameters = ({ wiring }: LiquityMarket): LiquityRead => {
  const views = viewsOf(wiring)
  return {
    key: keys.parameters,
    calls: viewCalls(views, wiring.baseParams === undefined),
    decode: (results) => {
      const answer = answersIn<bigint, keyof Parameters>(views, results)
      if (!answer.ok)
        return [
          updateMarket((market) => withPart(market, 'parameters', answer.fault)),
          retry(keys.parameters),
        ]
      const parameters: Parameters = {
        ...answer.value,
        bootstrapPeriod: Number(answer.value.bootstrapPeriod),
      }
      return [updateMarket((market) => ({ ...withPart(market, 'parameters', undefined), parameters }))]
    },
  }
}
