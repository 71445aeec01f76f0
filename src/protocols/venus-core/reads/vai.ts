// VAI's controller and the liquidator contract: what stands beside the comptroller.
import type { Address } from 'viem'
import { comptrollerAbi, liquidatorAbi, vaiControllerAbi } from '../../../../abis/venus-core.ts'
import type { BlockRef } from '../../../model/block.ts'
import type { CallResult, ContractCall } from '../../../model/evm.ts'
import type { Fault } from '../../../model/market.ts'
import { answerOf, faultAmong } from '../../answers.ts'
import { due, retry } from '../../changing.ts'
import { keys } from '../keys.ts'
import {
  ACTIONS,
  marketOf,
  updateMarket,
  type Vai,
  type VenusMarket,
  type VenusMirror,
  type VenusRead,
} from '../state.ts'
import { COMPUTED_GAS_MAX, viewOf } from './calls.ts'
import { pauseCalls, pausedActionsIn } from './settings.ts'

const OWN = [
  ...([
    'getVAIAddress',
    'vaiMintIndex',
    'baseRateMantissa',
    'floatRateMantissa',
    'getBlocksPerYear',
  ] as const),
  'getVAIRepayRatePerBlock',
] as const
const GUARDIANS = ['mintVAIGuardianPaused', 'repayVAIGuardianPaused'] as const

/** The index as accruing in this block makes it; it moves without a log. Nothing else is read that this would change. */
const accruedIndexCall = (controller: Address): ContractCall => ({
  ...viewOf(controller, vaiControllerAbi, 'vaiMintIndex', [], 3 * COMPUTED_GAS_MAX),
  before: [viewOf(controller, vaiControllerAbi, 'accrueVAIInterest', [], 2 * COMPUTED_GAS_MAX)],
})

/** The block of the last accrual, which no getter tells: as many blocks ago as the index then still has to grow at the rate. */
const accruedAtIn = (
  { number }: BlockRef,
  index: bigint,
  accruedIndex: bigint,
  rate: bigint,
): bigint | undefined => {
  if (rate === 0n) return accruedIndex === index ? number : undefined
  const growth = accruedIndex - index
  return growth % rate === 0n ? number - growth / rate : undefined
}

type Switches = Pick<Vai, 'isPaused' | 'pausedActions' | 'isForcedLiquidationEnabled'>

const switchCalls = (
  { comptroller, revision }: VenusMarket,
  controller: Address,
): readonly ContractCall[] => [
  ...GUARDIANS.map((name) => viewOf(comptroller, comptrollerAbi, name, [])),
  ...pauseCalls(comptroller, controller),
  ...(revision === 'core-diamond'
    ? [viewOf(comptroller, comptrollerAbi, 'isForcedLiquidationEnabled', [controller])]
    : []),
]

const switchesIn = ({ revision }: VenusMarket, results: readonly CallResult[]): Switches | Fault => {
  const [mint, repay] = GUARDIANS.map((name, index) => answerOf(comptrollerAbi, name, results[index]))
  const pausedActions = pausedActionsIn(results.slice(GUARDIANS.length))
  const forced = answerOf(
    comptrollerAbi,
    'isForcedLiquidationEnabled',
    results[GUARDIANS.length + ACTIONS.length],
  )
  if (!mint?.ok) return mint?.fault as Fault
  if (!repay?.ok) return repay?.fault as Fault
  if ('reason' in pausedActions) return pausedActions
  if (!forced.ok && revision === 'core-diamond') return forced.fault
  return {
    isPaused: mint.value || repay.value,
    pausedActions,
    isForcedLiquidationEnabled: forced.ok && forced.value,
  }
}

/** Tells the controller's version, asked only once: a call that fails without a word costs more. */
const probeCalls = ({ vai }: VenusMarket, controller: Address): readonly ContractCall[] =>
  vai && 'token' in vai ? [] : [viewOf(controller, vaiControllerAbi, 'mintEnabledOnlyForPrimeHolder', [])]

const vaiIn = (
  market: VenusMarket,
  controller: Address,
  results: readonly CallResult[],
  block: BlockRef,
): Vai | Fault => {
  const answer = <TName extends (typeof OWN)[number]>(name: TName) =>
    answerOf(vaiControllerAbi, name, results[OWN.indexOf(name)])
  const [token, index] = [answer('getVAIAddress'), answer('vaiMintIndex')]
  const [baseRate, floatRate] = [answer('baseRateMantissa'), answer('floatRateMantissa')]
  const [blocksPerYear, rate] = [answer('getBlocksPerYear'), answer('getVAIRepayRatePerBlock')]
  const accrued = answerOf(vaiControllerAbi, 'vaiMintIndex', results[OWN.length])
  const known = market.vai && 'token' in market.vai ? market.vai : undefined
  const prime = answerOf(vaiControllerAbi, 'mintEnabledOnlyForPrimeHolder', results[OWN.length + 1])
  const switches = switchesIn(market, results.slice(OWN.length + (known ? 1 : 2)))
  if ('reason' in switches) return switches
  if (!(token.ok && index.ok && baseRate.ok && floatRate.ok && blocksPerYear.ok && rate.ok && accrued.ok))
    return faultAmong(token, index, baseRate, floatRate, blocksPerYear, rate, accrued) as Fault
  const accruedAt = accruedAtIn(block, index.value, accrued.value, rate.value)
  if (accruedAt === undefined)
    return {
      reason: 'unknown-revision',
      detail: `VAI's index grows from ${index.value} to ${accrued.value}, by no number of blocks at ${rate.value}`,
    }
  return {
    ...{ controller, token: token.value, mintIndex: index.value, accruedAt },
    ...{ baseRate: baseRate.value, floatRate: floatRate.value, blocksPerYear: blocksPerYear.value },
    seizesForInterest: known?.seizesForInterest ?? prime.ok,
    ...switches,
  }
}

/** VAI's rates and index. */
export const readVai = (market: VenusMarket, controller: Address): VenusRead => ({
  key: keys.vai,
  calls: [
    ...OWN.map((name) =>
      viewOf(
        controller,
        vaiControllerAbi,
        name,
        [],
        name === 'getVAIRepayRatePerBlock' ? 2 * COMPUTED_GAS_MAX : undefined,
      ),
    ),
    accruedIndexCall(controller),
    ...probeCalls(market, controller),
    ...switchCalls(market, controller),
  ],
  decode: (results, block) => {
    const vai = vaiIn(market, controller, results, block)
    if ('reason' in vai)
      return [
        updateMarket((current) => ({ ...current, vai: { address: controller, fault: vai } })),
        retry(keys.vai),
      ]
    const isNew = !market.vai || 'fault' in market.vai
    return [
      updateMarket((current) => ({ ...current, vai, blocksPerYear: vai.blocksPerYear })),
      ...(isNew ? due(keys.price(vai.token)) : []),
    ]
  },
})

/** The liquidator contract's settings; the older one never asks for VAI first. */
export const readLiquidatorContract = (address: Address): VenusRead => ({
  key: keys.liquidatorContract,
  calls: (['treasuryPercentMantissa', 'forceVAILiquidate', 'minLiquidatableVAI'] as const).map((name) =>
    viewOf(address, liquidatorAbi, name, []),
  ),
  decode: (results) => {
    const percent = answerOf(liquidatorAbi, 'treasuryPercentMantissa', results[0])
    const forces = answerOf(liquidatorAbi, 'forceVAILiquidate', results[1])
    const debtMin = answerOf(liquidatorAbi, 'minLiquidatableVAI', results[2])
    if (!percent.ok)
      return [
        updateMarket((market) => ({ ...market, liquidatorContract: { address, fault: percent.fault } })),
        retry(keys.liquidatorContract),
      ]
    const contract = {
      address,
      treasuryPercent: percent.value,
      splits: forces.ok ? ('bonus' as const) : ('repaid' as const),
      ...(forces.ok && forces.value && debtMin.ok ? { forcedVai: { debtMin: debtMin.value } } : {}),
    }
    return [updateMarket((market) => ({ ...market, liquidatorContract: contract }))]
  },
})

/** The contracts beside the comptroller, by what it says; undefined where there is none. */
export const besideOf = (mirror: VenusMirror): { readonly vai?: Address; readonly liquidator?: Address } => {
  const { vai, liquidatorContract } = marketOf(mirror) ?? {}
  const controller = vai && ('fault' in vai ? vai.address : vai.controller)
  return {
    ...(controller ? { vai: controller } : {}),
    ...(liquidatorContract ? { liquidator: liquidatorContract.address } : {}),
  }
}
