// A market's interest rate model: its parameters, believed only if they give the rate that the market itself tells.
import type { Address } from 'viem'
import { jumpAbi, twoKinksAbi, vTokenAbi } from '../../../../abis/venus-core.ts'
import type { CallResult, ContractCall } from '../../../model/evm.ts'
import { UINT256_MAX } from '../../../units/brands.ts'
import { answerOf } from '../../answers.ts'
import { borrowRateDown, type RateModel, type Utilized } from '../../compound-v2/rate-model.ts'
import { unlessRefused } from '../../refusing.ts'
import { COMPUTED_GAS_MAX, viewOf } from './calls.ts'

const JUMP = ['baseRatePerBlock', 'multiplierPerBlock', 'jumpMultiplierPerBlock', 'kink'] as const
const TWO_KINKS = [
  ...(['BASE_RATE_PER_BLOCK', 'MULTIPLIER_PER_BLOCK', 'KINK_1'] as const),
  ...(['BASE_RATE_2_PER_BLOCK', 'MULTIPLIER_2_PER_BLOCK', 'KINK_2', 'JUMP_MULTIPLIER_PER_BLOCK'] as const),
] as const

/** The rate as the market tells it. */
export const rateCall = (vToken: Address): ContractCall =>
  viewOf(vToken, vTokenAbi, 'borrowRatePerBlock', [], COMPUTED_GAS_MAX)

/** Which getters a model like this one has; of an unknown one all are tried. A call that fails without a word costs more. */
const gettersOf = (like: RateModel | undefined) => {
  if (like?.kind === 'two-kinks') return { jump: [], twoKinks: TWO_KINKS }
  if (like?.kind !== 'jump') return { jump: JUMP, twoKinks: TWO_KINKS }
  return { jump: like.kink === UINT256_MAX ? JUMP.slice(0, 2) : JUMP, twoKinks: [] }
}

/** The parameters of a model, by the getters of the one that the market had before. */
export const modelCalls = (model: Address, like: RateModel | undefined): readonly ContractCall[] => {
  const { jump, twoKinks } = gettersOf(like)
  return [
    ...jump.map((name) => viewOf(model, jumpAbi, name, [])),
    ...twoKinks.map((name) => viewOf(model, twoKinksAbi, name, [])),
  ]
}

/** WhitePaperInterestRateModel has neither kink nor jump. */
const jumpModelIn = (results: readonly CallResult[]): RateModel | undefined => {
  const [baseRate, multiplier, jumpMultiplier, kink] = JUMP.map((name, index) =>
    answerOf(jumpAbi, name, results[index]),
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

const twoKinksIn = (results: readonly CallResult[]): RateModel | undefined => {
  const values = TWO_KINKS.flatMap((name, index) => {
    const answer = answerOf(twoKinksAbi, name, results[index])
    return answer.ok ? [answer.value] : []
  })
  if (values.length < TWO_KINKS.length) return undefined
  const [
    baseRate = 0n,
    multiplier = 0n,
    kink1 = 0n,
    baseRate2 = 0n,
    multiplier2 = 0n,
    kink2 = 0n,
    jump = 0n,
  ] = values
  return {
    kind: 'two-kinks',
    ...{ baseRate, multiplier, kink1, baseRate2, multiplier2, kink2, jumpMultiplier: jump },
  }
}

/** The rate that a market tells, where its model's parameters do not explain it; `failed` where it tells none. */
export const toldRateIn = (result: CallResult | undefined): RateModel => {
  const rate = answerOf(vTokenAbi, 'borrowRatePerBlock', result)
  return rate.ok
    ? { kind: 'given', borrowRate: rate.value }
    : { kind: 'failed', error: `interest rate model: ${rate.error}` }
}

/** The model by the answers to `rateCall` and `modelCalls`; `totals` are those of the same block. */
export const rateModelIn = (
  rate: CallResult | undefined,
  model: readonly CallResult[],
  like: RateModel | undefined,
  totals: Utilized,
): RateModel => {
  const told = toldRateIn(rate)
  if (told.kind !== 'given') return told
  const { length } = gettersOf(like).jump
  const candidates = [jumpModelIn(model.slice(0, length)), twoKinksIn(model.slice(length))]
  const explains = (one: RateModel | undefined): boolean =>
    one !== undefined && unlessRefused(() => borrowRateDown(one, totals)) === told.borrowRate
  return candidates.find(explains) ?? told
}
