// A hub: its revision, its assets with their rate curves, and the symbols of their tokens.
import { type Address, encodeFunctionData, getAddress } from 'viem'
import { erc20Abi, hubAbi, strategyAbi } from '../../../../abis/aave-v4.ts'
import type { CallResult, ContractCall } from '../../../model/evm.ts'
import type { Fault } from '../../../model/market.ts'
import { type Answer, answerOf, symbolOf } from '../../answers.ts'
import { due, retry } from '../../changing.ts'
import { keys } from '../keys.ts'
import { REVISIONS } from '../revisions.ts'
import {
  type AaveV4Mirror,
  type AaveV4Read,
  type HubAsset,
  type HubMarket,
  hubAt,
  type RateCurve,
  short,
  USD,
  updateHub,
  withFault,
} from '../state.ts'
import { hubCall } from './calls.ts'

const RATES_GAS_MAX = 40_000
const SYMBOL_GAS_MAX = 60_000

const emptyHub = (mirror: AaveV4Mirror, hub: Address): HubMarket => {
  const { chainId, protocol, deployment } = mirror.deployment
  return {
    id: { chainId, protocol, deployment, market: hub },
    label: `Aave v4 hub ${short(hub)}`,
    quote: USD,
    revision: 'unknown',
    revisionRaw: '',
    fidelity: 'exact',
    kind: 'hub',
    isShared: true,
    faults: {},
    hub,
    assets: {},
    symbols: {},
  }
}

/** HUB_REVISION: the hub's maths. */
export const readHub = (hub: Address): AaveV4Read => {
  const key = keys.hub(hub)
  return {
    key,
    calls: [hubCall(hub, 'HUB_REVISION', [])],
    decode: ([result], _block, mirror) => {
      const { fault: _, ...rest } = hubAt(mirror, hub) ?? emptyHub(mirror, hub)
      const answer = answerOf(hubAbi, 'HUB_REVISION', result)
      if (!answer.ok)
        return [{ kind: 'market', key: hub, next: () => ({ ...rest, fault: answer.fault }) }, retry(key)]
      const revisionRaw = String(answer.value)
      const isKnown = REVISIONS.includes(revisionRaw)
      const fault: Fault = { reason: 'unknown-revision', detail: `no maths for HUB_REVISION ${revisionRaw}` }
      return [
        {
          kind: 'market',
          key: hub,
          next: () => ({
            ...rest,
            revision: isKnown ? revisionRaw : 'unknown',
            revisionRaw,
            ...(isKnown ? {} : { fault }),
          }),
        },
      ]
    },
  }
}

const ratesCall = (strategy: Address, assetId: number): ContractCall => ({
  to: strategy,
  data: encodeFunctionData({
    abi: strategyAbi,
    functionName: 'getInterestRateData',
    args: [BigInt(assetId)],
  }),
  gasMax: RATES_GAS_MAX,
})

/** A strategy that tells no such curve, or none for this asset, is of another kind. */
const rateCurveIn = (result: CallResult | undefined): { readonly rateCurve?: RateCurve } => {
  const answer = answerOf(strategyAbi, 'getInterestRateData', result)
  if (!answer.ok || answer.value.optimalUsageRatio === 0) return {}
  const { optimalUsageRatio, baseDrawnRate, rateGrowthBeforeOptimal, rateGrowthAfterOptimal } = answer.value
  return {
    rateCurve: {
      optimalUsageRatio: BigInt(optimalUsageRatio),
      baseDrawnRate: BigInt(baseDrawnRate),
      rateGrowthBeforeOptimal: BigInt(rateGrowthBeforeOptimal),
      rateGrowthAfterOptimal: BigInt(rateGrowthAfterOptimal),
    },
  }
}

const assetIn = (result: CallResult | undefined): Answer<HubAsset> => {
  const answer = answerOf(hubAbi, 'getAsset', result)
  if (!answer.ok) return answer
  const {
    underlying,
    irStrategy,
    liquidityFee,
    feeReceiver: _,
    reinvestmentController: __,
    ...rest
  } = answer.value
  return {
    ok: true,
    value: {
      ...rest,
      underlying: getAddress(underlying),
      irStrategy: getAddress(irStrategy),
      liquidityFee: BigInt(liquidityFee),
    },
  }
}

/** Hub.getAsset, with the curve of its rate strategy; a strategy that is new is asked in the round behind, as is a new asset's symbol. */
export const readAsset = (mirror: AaveV4Mirror, hub: Address, assetId: number): AaveV4Read => {
  const key = keys.asset(hub, assetId)
  const asked = hubAt(mirror, hub)?.assets[assetId]?.irStrategy
  return {
    key,
    calls: [hubCall(hub, 'getAsset', [BigInt(assetId)]), ...(asked ? [ratesCall(asked, assetId)] : [])],
    decode: ([first, second]) => {
      const asset = assetIn(first)
      if (!asset.ok) return [updateHub(hub, (before) => withFault(before, key, asset.fault)), retry(key)]
      const rates = asset.value.irStrategy === asked ? rateCurveIn(second) : {}
      return [
        updateHub(hub, (before) => ({
          ...withFault(before, key, undefined),
          assets: { ...before.assets, [assetId]: { ...asset.value, ...rates } },
        })),
        ...(asset.value.irStrategy === asked ? [] : due(key)),
        ...(asked === undefined ? due(keys.symbol(hub, assetId)) : []),
      ]
    },
  }
}

/** The symbol of an asset's token. Without an answer it goes by its address until there is one. */
export const readSymbol = (mirror: AaveV4Mirror, hub: Address, assetId: number): AaveV4Read => {
  const key = keys.symbol(hub, assetId)
  const token = hubAt(mirror, hub)?.assets[assetId]?.underlying
  if (!token) return { key, calls: [], decode: () => [] }
  return {
    key,
    calls: [
      {
        to: token,
        data: encodeFunctionData({ abi: erc20Abi, functionName: 'symbol' }),
        gasMax: SYMBOL_GAS_MAX,
      },
    ],
    decode: ([result]) => {
      const symbol = symbolOf(answerOf(erc20Abi, 'symbol', result), result) || short(token)
      return [
        updateHub(hub, (current) => ({ ...current, symbols: { ...current.symbols, [assetId]: symbol } })),
        ...(result?.ok ? [] : [retry(key)]),
      ]
    },
  }
}
