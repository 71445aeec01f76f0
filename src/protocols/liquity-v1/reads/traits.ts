// Which code a system runs, what its debt token is called, and since when its protocol token is there.
import { stabilityPoolAbi, tokenAbi } from '../../../../abis/liquity-v1.ts'
import type { CallResult } from '../../../model/evm.ts'
import type { Fault } from '../../../model/market.ts'
import { answerOf, faultAmong, symbolOf } from '../../answers.ts'
import { retry } from '../../changing.ts'
import { keys } from '../keys.ts'
import type { RevisionName } from '../revisions.ts'
import {
  type LiquityMarket,
  type LiquityRead,
  type Traits,
  updateMarket,
  type Wiring,
  withPart,
} from '../state.ts'
import { callOf } from './calls.ts'

/**
 * Liquity's head alone tells how much of the pool may be offset; the code before it counted epochs of the pool, which the
 * head has done away with. Zero is known by its names, and counts epochs as well.
 */
const revisionIn = (
  { family }: Wiring,
  max: CallResult | undefined,
  epoch: CallResult | undefined,
): RevisionName | undefined => {
  const isHead = answerOf(stabilityPoolAbi, 'getMaxAmountToOffset', max).ok
  const isEpochal = answerOf(stabilityPoolAbi, 'currentEpoch', epoch).ok
  if (isHead === isEpochal) return undefined
  if (family === 'ZUSD') return isEpochal ? 'zero' : undefined
  return isHead ? 'head' : 'deployed'
}

const traitsIn = (wiring: Wiring, results: readonly CallResult[]): Traits | Fault => {
  const [max, epoch, name, start] = results
  const symbolAnswer = answerOf(tokenAbi, 'symbol', name)
  const startAnswer = answerOf(tokenAbi, 'getDeploymentStartTime', start)
  const fault = faultAmong(symbolAnswer, startAnswer)
  if (fault || !startAnswer.ok) return fault ?? { reason: 'read-failed', detail: 'not read' }
  const revision = revisionIn(wiring, max, epoch)
  if (!revision) return { reason: 'unknown-revision', detail: 'its stability pool is of no known revision' }
  const symbol = symbolOf(symbolAnswer, name) || wiring.debtToken.slice(0, 10)
  return { revision, symbol, startedAt: Number(startAnswer.value) }
}

/** Asked once; the answers only change with the code. */
export const readTraits = ({ wiring }: LiquityMarket): LiquityRead => ({
  key: keys.traits,
  calls: [
    callOf(wiring.stabilityPool, stabilityPoolAbi, 'getMaxAmountToOffset', []),
    callOf(wiring.stabilityPool, stabilityPoolAbi, 'currentEpoch', []),
    callOf(wiring.debtToken, tokenAbi, 'symbol', []),
    callOf(wiring.protocolToken, tokenAbi, 'getDeploymentStartTime', []),
  ],
  decode: (results) => {
    const traits = traitsIn(wiring, results)
    if ('reason' in traits)
      return [updateMarket((market) => withPart(market, 'traits', traits)), retry(keys.traits)]
    const { revision } = traits
    return [
      updateMarket((market) => ({
        ...withPart(market, 'traits', undefined),
        ...{ traits, revision, revisionRaw: revision },
      })),
    ]
  },
})
