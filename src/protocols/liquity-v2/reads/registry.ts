// CollateralRegistry: which branches there are, and what the redemption rate goes by.
import type { Address } from 'viem'
import { collateralRegistryAbi, tokenAbi } from '../../../../abis/liquity-v2.ts'
import type { CallResult } from '../../../model/evm.ts'
import type { Fault } from '../../../model/market.ts'
import { answerOf, faultAmong } from '../../answers.ts'
import { retry } from '../../changing.ts'
import { keys } from '../keys.ts'
import {
  deploymentOf,
  type LiquityChange,
  type LiquityMirror,
  type LiquityRead,
  REGISTRY,
  type RegistryMarket,
} from '../state.ts'
import { callOf } from './calls.ts'
import { REVISION } from './changes.ts'

/** As many branches as any registry can have; of those that it has not, it answers the zero address. */
const BRANCHES_MAX = 10

const INDEXES = Array.from({ length: BRANCHES_MAX }, (_, index) => BigInt(index))

const registryOf = (
  mirror: LiquityMirror,
  boldToken: Address,
  troveManagers: readonly Address[],
): RegistryMarket => {
  const { chainId, protocol, deployment } = mirror.deployment
  return {
    isShared: true,
    id: { chainId, protocol, deployment, market: REGISTRY },
    label: 'Registry',
    quote: { symbol: 'USD', decimals: 18 },
    revision: REVISION,
    revisionRaw: REVISION,
    fidelity: 'exact',
    boldToken,
    branches: Object.keys(deploymentOf(mirror).branches),
    troveManagers,
  }
}

const troveManagersIn = (
  count: number,
  results: readonly CallResult[],
): { readonly list: readonly Address[]; readonly fault?: Fault | undefined } => {
  const answers = results
    .slice(0, count)
    .map((result) => answerOf(collateralRegistryAbi, 'getTroveManager', result))
  return { list: answers.flatMap((one) => (one.ok ? [one.value] : [])), fault: faultAmong(...answers) }
}

/** A registry that is not read is not there: redemptions wait for it, health does not. */
export const readRegistry = (mirror: LiquityMirror): LiquityRead => {
  const { collateralRegistry } = deploymentOf(mirror)
  const call = (name: 'totalCollaterals' | 'boldToken') =>
    callOf(collateralRegistry, collateralRegistryAbi, name, [])
  return {
    key: keys.registry,
    calls: [
      call('totalCollaterals'),
      call('boldToken'),
      ...INDEXES.map((index) =>
        callOf(collateralRegistry, collateralRegistryAbi, 'getTroveManager', [index]),
      ),
    ],
    decode: ([first, second, ...rest]): readonly LiquityChange[] => {
      const count = answerOf(collateralRegistryAbi, 'totalCollaterals', first)
      const bold = answerOf(collateralRegistryAbi, 'boldToken', second)
      if (!count.ok || !bold.ok) return [retry(keys.registry)]
      const { list, fault } = troveManagersIn(Number(count.value), rest)
      if (fault) return [retry(keys.registry)]
      const read = registryOf(mirror, bold.value, list)
      return [
        {
          kind: 'market',
          key: REGISTRY,
          next: (current) => (current?.isShared ? { ...current, ...read } : read),
        },
        { kind: 'due', key: keys.rate },
      ]
    },
  }
}

/** The rate's state changes with every redemption, and the supply with nearly everything: both are read with every head. */
export const readRate = (mirror: LiquityMirror, { boldToken }: RegistryMarket): LiquityRead => {
  const { collateralRegistry } = deploymentOf(mirror)
  const call = (name: 'baseRate' | 'lastFeeOperationTime') =>
    callOf(collateralRegistry, collateralRegistryAbi, name, [])
  return {
    key: keys.rate,
    calls: [call('baseRate'), call('lastFeeOperationTime'), callOf(boldToken, tokenAbi, 'totalSupply', [])],
    decode: ([first, second, third]): readonly LiquityChange[] => {
      const baseRate = answerOf(collateralRegistryAbi, 'baseRate', first)
      const time = answerOf(collateralRegistryAbi, 'lastFeeOperationTime', second)
      const supply = answerOf(tokenAbi, 'totalSupply', third)
      const isRead = baseRate.ok && time.ok && supply.ok
      const rate = isRead
        ? {
            baseRate: baseRate.value,
            lastFeeOperationTime: Number(time.value),
            boldSupply: supply.value,
          }
        : undefined
      return [
        {
          kind: 'market',
          key: REGISTRY,
          next: (current) => {
            if (!current?.isShared) return current
            const { rate: _old, ...rest } = current
            return rate ? { ...rest, rate } : rest
          },
        },
        ...(rate ? [] : [retry(keys.rate)]),
      ]
    },
  }
}
