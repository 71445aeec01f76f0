// A market's interest rate model: its parameters, believed only if they give the rate that the market itself tells.
import { type Address, encodeFunctionData } from 'viem'
import { cTokenAbi, rateModelAbi } from '../../../../abis/compound-v2.ts'
import type { CallResult, ContractCall } from '../../../model/evm.ts'
import { UINT256_MAX } from '../../../units/brands.ts'
import { answerOf } from '../../answers.ts'
import { unlessRefused } from '../../refusing.ts'
import { borrowRateDown, type RateModel, type Utilized } from '../rate-model.ts'
import type { Clock } from '../state.ts'

const GETTER_GAS_MAX = 30_000
const RATE_GAS_MAX = 150_000

const GETTERS = {
  block: ['baseRatePerBlock', 'multiplierPerBlock', 'jumpMultiplierPerBlock', 'kink'],
  second: ['baseRatePerTimestamp', 'multiplierPerTimestamp', 'jumpMultiplierPerTimestamp', 'kink'],
} as const

const RATE = { block: 'borrowRatePerBlock', second: 'borrowRatePerTimestamp' } as const

/** The rate as the market tells it, then the parameters of its model. */
export const rateCalls = (cToken: Address, model: Address, clock: Clock): readonly ContractCall[] => [
  {
    to: cToken,
    data: encodeFunctionData({ abi: cTokenAbi, functionName: RATE[clock] }),
    gasMax: RATE_GAS_MAX,
  },
  ...GETTERS[clock].map((functionName) => ({
    to: model,
    data: encodeFunctionData({ abi: rateModelAbi, functionName }),
    gasMax: GETTER_GAS_MAX,
  })),
]

/** WhitePaperInterestRateModel has neither kink nor jump. */
const jumpModelIn = (clock: Clock, results: readonly CallResult[]): RateModel | undefined => {
  const [baseRate, multiplier, jumpMultiplier, kink] = GETTERS[clock].map((name, index) =>
    answerOf(rateModelAbi, name, results[index]),
  )
  if (!baseRate?.ok || !multiplier?.ok) return undefined
  return {
    kind: 'jump',
    baseRate: baseRate.value,
    multiplier: multiplier.value,
    jumpMultiplier: jumpMultiplier?.ok ? jumpMultiplier.value : 0n,
    kink: kink?.ok ? kink.value : UINT256_MAX,
  }
}

/** The model by the answers to `rateCalls`; `totals` are those of the same block. */
export const rateModelIn = (clock: Clock, results: readonly CallResult[], totals: Utilized): RateModel => {
  const rate = answerOf(cTokenAbi, RATE[clock], results[0])
  if (!rate.ok) return { kind: 'failed', error: `interest rate model: ${rate.error}` }
  const model = jumpModelIn(clock, results.slice(1))
  const isKnown = model && unlessRefused(() => borrowRateDown(model, totals)) === rate.value
  return isKnown ? model : { kind: 'given', borrowRate: rate.value }
}
