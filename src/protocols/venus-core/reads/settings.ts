// What the comptroller has set for a vToken, in the core pool and in the others.
import type { Address } from 'viem'
import { comptrollerAbi } from '../../../../abis/venus-core.ts'
import type { CallResult, ContractCall } from '../../../model/evm.ts'
import type { Fault } from '../../../model/market.ts'
import { answerOf, faultAmong } from '../../answers.ts'
import { retry } from '../../changing.ts'
import { keys } from '../keys.ts'
import {
  ACTIONS,
  type ComptrollerAction,
  type PoolMarket,
  updateMarket,
  type VenusMarket,
  type VenusRead,
  type VToken,
} from '../state.ts'
import { VIEW_GAS_MAX, viewOf } from './calls.ts'

const ERROR: Fault = { reason: 'read-failed', detail: 'actionPaused' }

export const pauseCalls = (comptroller: Address, market: Address): readonly ContractCall[] =>
  ACTIONS.map((_, action) => viewOf(comptroller, comptrollerAbi, 'actionPaused', [market, action]))

/** The paused actions by the answers to `pauseCalls`. */
export const pausedActionsIn = (results: readonly CallResult[]): readonly ComptrollerAction[] | Fault => {
  const answers = ACTIONS.map((_, index) => answerOf(comptrollerAbi, 'actionPaused', results[index]))
  const fault = faultAmong(...answers)
  return fault ?? ACTIONS.filter((_, index) => answers[index]?.ok && answers[index].value)
}

const poolMarketIn = (result: CallResult | undefined): PoolMarket | Fault => {
  const answer = answerOf(comptrollerAbi, 'poolMarkets', result)
  if (!answer.ok) return answer.fault
  const [isListed, collateralFactor, , liquidationThreshold, liquidationIncentive, , isBorrowAllowed] =
    answer.value
  return { isListed, collateralFactor, liquidationThreshold, liquidationIncentive, isBorrowAllowed }
}

/** The monolith's market: its collateral factor is its threshold, and its incentive the one of all. */
const monolithMarketIn = (results: readonly CallResult[]): PoolMarket | Fault => {
  const market = answerOf(comptrollerAbi, 'markets', results[0])
  const incentive = answerOf(comptrollerAbi, 'liquidationIncentiveMantissa', results[1])
  if (!market.ok || !incentive.ok) return faultAmong(market, incentive) ?? ERROR
  const [isListed, collateralFactor] = market.value
  return {
    isListed,
    collateralFactor,
    liquidationThreshold: collateralFactor,
    liquidationIncentive: incentive.value,
    isBorrowAllowed: true,
  }
}

/** What the comptroller has set for a vToken. */
export const settingsCalls = (
  { comptroller, revision }: VenusMarket,
  address: Address,
): readonly ContractCall[] => {
  const abi = comptrollerAbi
  return [
    ...(revision === 'core-diamond'
      ? [
          viewOf(comptroller, abi, 'poolMarkets', [0n, address]),
          viewOf(comptroller, abi, 'isForcedLiquidationEnabled', [address]),
        ]
      : [
          viewOf(comptroller, abi, 'markets', [address]),
          viewOf(comptroller, abi, 'liquidationIncentiveMantissa', []),
        ]),
    viewOf(comptroller, abi, 'supplyCaps', [address]),
    viewOf(comptroller, abi, 'borrowCaps', [address]),
    ...pauseCalls(comptroller, address),
  ]
}

type Settings = PoolMarket &
  Pick<VToken, 'isForcedLiquidationEnabled' | 'supplyCap' | 'borrowCap' | 'pausedActions'>

/** The settings by the answers to `settingsCalls`. */
export const settingsIn = ({ revision }: VenusMarket, results: readonly CallResult[]): Settings | Fault => {
  const isDiamond = revision === 'core-diamond'
  const core = isDiamond ? poolMarketIn(results[0]) : monolithMarketIn(results)
  if ('reason' in core) return core
  const forced = isDiamond
    ? answerOf(comptrollerAbi, 'isForcedLiquidationEnabled', results[1])
    : { ok: true as const, value: false }
  const supplyCap = answerOf(comptrollerAbi, 'supplyCaps', results[2])
  const borrowCap = answerOf(comptrollerAbi, 'borrowCaps', results[3])
  if (!forced.ok || !supplyCap.ok || !borrowCap.ok) return faultAmong(forced, supplyCap, borrowCap) ?? ERROR
  const pausedActions = pausedActionsIn(results.slice(4))
  if ('reason' in pausedActions) return pausedActions
  return {
    ...core,
    isForcedLiquidationEnabled: forced.value,
    supplyCap: supplyCap.value,
    borrowCap: borrowCap.value,
    pausedActions,
  }
}

/** A pool that accounts may select, and every listed vToken's part in it. */
export const readPool = ({ comptroller, listed }: VenusMarket, poolId: string): VenusRead => ({
  key: keys.pool(poolId),
  calls: [
    viewOf(comptroller, comptrollerAbi, 'pools', [BigInt(poolId)], 2 * VIEW_GAS_MAX),
    ...listed.map((address) => viewOf(comptroller, comptrollerAbi, 'poolMarkets', [BigInt(poolId), address])),
  ],
  decode: (results) => {
    const pool = answerOf(comptrollerAbi, 'pools', results[0])
    const markets = listed.map((address, index) => [address, poolMarketIn(results[index + 1])] as const)
    if (!pool.ok || markets.some(([, one]) => 'reason' in one)) return [retry(keys.pool(poolId))]
    const [label, isActive, allowCorePoolFallback] = pool.value
    const read = {
      ...{ label, isActive, allowCorePoolFallback },
      markets: Object.fromEntries(markets) as Record<Address, PoolMarket>,
    }
    return [updateMarket((market) => ({ ...market, pools: { ...market.pools, [poolId]: read } }))]
  },
})
