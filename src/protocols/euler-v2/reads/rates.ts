// The interest rate model of a vault: computed where it is the linear one with a kink.
import type { Address } from 'viem'
import { rateModelAbi } from '../../../../abis/euler-v2.ts'
import type { CallResult } from '../../../model/evm.ts'
import { answerOf } from '../../answers.ts'
import { keys } from '../keys.ts'
import { type LinearKink, linearKinkRate, type RateModel } from '../rate-model.ts'
import type { EulerMirror, EulerRead } from '../state.ts'
import { immutableOf, updateVault } from './calls.ts'

const PARAMETERS = ['baseRate', 'slope1', 'slope2', 'kink'] as const

/** Cash and borrows at which a model has to answer as the linear one does, or it is of another make with the same getters. */
const PROBES: readonly (readonly [bigint, bigint])[] = [
  [0n, 0n],
  [1n, 0n],
  [7n, 1n],
  [3n, 2n],
  [1n, 3n],
  [1n, 15n],
  [0n, 1n],
]

const modelIn = (results: readonly CallResult[]): RateModel => {
  const parameters = PARAMETERS.map((name, index) => answerOf(rateModelAbi, name, results[index]))
  const [baseRate, slope1, slope2, kink] = parameters.flatMap((one) => (one.ok ? [one.value] : []))
  if (baseRate === undefined || slope1 === undefined || slope2 === undefined || kink === undefined)
    return { kind: 'held' }
  const model: LinearKink = { kind: 'linear-kink', baseRate, slope1, slope2, kink }
  const isLinear = PROBES.every(([cash, borrows], index) => {
    const rate = answerOf(rateModelAbi, 'computeInterestRateView', results[PARAMETERS.length + index])
    return rate.ok && rate.value === linearKinkRate(model, cash, borrows)
  })
  return isLinear ? model : { kind: 'held' }
}

/** The model of a vault whose contract is known; one of another make keeps its rate until the vault says another. */
export const readRates = (mirror: EulerMirror, vault: Address): EulerRead | undefined => {
  const to = mirror.markets.get(vault)?.config?.interestRateModel
  if (!to) return undefined
  return {
    key: keys.rates(vault),
    calls: [
      ...PARAMETERS.map((functionName) => immutableOf(to, { abi: rateModelAbi, functionName })),
      ...PROBES.map(([cash, borrows]) =>
        immutableOf(to, {
          abi: rateModelAbi,
          functionName: 'computeInterestRateView',
          args: [vault, cash, borrows],
        }),
      ),
    ],
    decode: (results) => {
      const rateModel = modelIn(results)
      return [
        updateVault(vault, (market) =>
          market.config?.interestRateModel === to
            ? { ...market, config: { ...market.config, rateModel } }
            : market,
        ),
      ]
    },
  }
}
