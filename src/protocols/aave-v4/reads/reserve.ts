// A reserve of a spoke: its settings, its dynamic configurations, the spoke's own account of it, its price.
import { encodeFunctionData, getAddress } from 'viem'
import { hubAbi, oracleAbi, spokeAbi } from '../../../../abis/aave-v4.ts'
import type { CallResult } from '../../../model/evm.ts'
import type { Fault } from '../../../model/market.ts'
import { type Answer, answerOf } from '../../answers.ts'
import { due, retry } from '../../changing.ts'
import { keys } from '../keys.ts'
import {
  type AaveV4Change,
  type AaveV4Mirror,
  type AaveV4Read,
  hubAt,
  PRICE_SCALE,
  priceKeyOf,
  type Reserve,
  type SpokeMarket,
  spokeNamed,
  updateSpoke,
  withFault,
} from '../state.ts'
import { hubCall, refusalIn, spokeCall } from './calls.ts'

const PRICE_GAS_MAX = 300_000

/** Bits of ReserveFlags. */
const FLAGS = { paused: 1, frozen: 2, borrowable: 4, receiveSharesEnabled: 8 } as const

const DECIMALS_MAX = 18

/** A part that could not be read: what is known of it is old. */
const failed = (name: string, part: string, fault: Fault): readonly AaveV4Change[] => [
  updateSpoke(name, (current) => withFault(current, part, fault)),
  retry(part),
]

const reserveIn = (id: number, result: CallResult | undefined): Answer<Reserve> => {
  const answer = answerOf(spokeAbi, 'getReserve', result)
  if (!answer.ok) return answer
  const { underlying, hub, assetId, decimals, collateralRisk, flags, dynamicConfigKey } = answer.value
  if (decimals > DECIMALS_MAX) {
    const error = `${decimals} decimals are too many`
    return { ok: false, error, fault: { reason: 'read-failed', detail: `getReserve: ${error}` } }
  }
  const has = (flag: keyof typeof FLAGS): boolean => (flags & FLAGS[flag]) !== 0
  return {
    ok: true,
    value: {
      id,
      underlying: getAddress(underlying),
      hub: getAddress(hub),
      assetId,
      decimals,
      collateralRisk: BigInt(collateralRisk),
      paused: has('paused'),
      frozen: has('frozen'),
      borrowable: has('borrowable'),
      receiveSharesEnabled: has('receiveSharesEnabled'),
      dynamicConfigKey,
    },
  }
}

/** What a reserve needs besides, as far as it is not known yet. */
const dueAfter = (mirror: AaveV4Mirror, market: SpokeMarket, reserve: Reserve): readonly AaveV4Change[] => {
  const name = market.id.market
  const { id, hub, assetId, dynamicConfigKey } = reserve
  const known = hubAt(mirror, hub)
  return due(
    ...(market.dynamicConfigs[id]?.[dynamicConfigKey] ? [] : [keys.config(name, id, dynamicConfigKey)]),
    ...(market.spokeData[id] ? [] : [keys.spokeData(name, id)]),
    ...(known ? [] : [keys.hub(hub)]),
    ...(known?.assets[assetId] ? [] : [keys.asset(hub, assetId)]),
  )
}

/** Spoke.getReserve. */
export const readReserve = (market: SpokeMarket, id: number): AaveV4Read => {
  const name = market.id.market
  const part = keys.reserve(name, id)
  return {
    key: part,
    calls: [spokeCall(market.spoke, 'getReserve', [BigInt(id)])],
    decode: ([result], _block, mirror) => {
      const reserve = reserveIn(id, result)
      if (!reserve.ok) return failed(name, part, reserve.fault)
      const current = spokeNamed(mirror, name) ?? market
      return [
        updateSpoke(name, (before) => ({
          ...withFault(before, part, undefined),
          reserves: { ...before.reserves, [id]: reserve.value },
        })),
        ...dueAfter(mirror, current, reserve.value),
      ]
    },
  }
}

/** Spoke.getDynamicReserveConfig: one key of a reserve. */
export const readConfig = (market: SpokeMarket, id: number, key: number): AaveV4Read => {
  const name = market.id.market
  const part = keys.config(name, id, key)
  return {
    key: part,
    calls: [spokeCall(market.spoke, 'getDynamicReserveConfig', [BigInt(id), key])],
    decode: ([result]) => {
      const answer = answerOf(spokeAbi, 'getDynamicReserveConfig', result)
      if (!answer.ok) return failed(name, part, answer.fault)
      const { collateralFactor, maxLiquidationBonus, liquidationFee } = answer.value
      const config = {
        collateralFactor: BigInt(collateralFactor),
        maxLiquidationBonus: BigInt(maxLiquidationBonus),
        liquidationFee: BigInt(liquidationFee),
      }
      return [
        updateSpoke(name, (before) => ({
          ...withFault(before, part, undefined),
          dynamicConfigs: {
            ...before.dynamicConfigs,
            [id]: { ...before.dynamicConfigs[id], [key]: config },
          },
        })),
      ]
    },
  }
}

/** Hub.getSpoke: what the spoke itself has added and drawn. */
export const readSpokeData = (market: SpokeMarket, { id, hub, assetId }: Reserve): AaveV4Read => {
  const name = market.id.market
  const part = keys.spokeData(name, id)
  return {
    key: part,
    calls: [hubCall(hub, 'getSpoke', [BigInt(assetId), market.spoke])],
    decode: ([result]) => {
      const answer = answerOf(hubAbi, 'getSpoke', result)
      if (!answer.ok) return failed(name, part, answer.fault)
      const { addCap, drawCap, riskPremiumThreshold, ...rest } = answer.value
      const data = {
        ...rest,
        addCap: BigInt(addCap),
        drawCap: BigInt(drawCap),
        riskPremiumThreshold: BigInt(riskPremiumThreshold),
      }
      return [
        updateSpoke(name, (before) => ({
          ...withFault(before, part, undefined),
          spokeData: { ...before.spokeData, [id]: data },
        })),
      ]
    },
  }
}

/** AaveOracle.getReservePrice, as the spoke itself asks; a refusal is a failed price, in the oracle's words. */
export const readPrice = (market: SpokeMarket, id: number): AaveV4Read => {
  const key = priceKeyOf(market, id)
  const args = [BigInt(id)] as const
  return {
    key,
    calls: [
      {
        to: market.oracle,
        data: encodeFunctionData({ abi: oracleAbi, functionName: 'getReservePrice', args }),
        gasMax: PRICE_GAS_MAX,
      },
    ],
    decode: ([result]) => {
      const answer = answerOf(oracleAbi, 'getReservePrice', result)
      return [
        {
          kind: 'price',
          reading: answer.ok
            ? { kind: 'price', key, price: answer.value, scale: PRICE_SCALE, source: market.oracle }
            : { kind: 'failed', key, error: refusalIn(oracleAbi, result) ?? answer.error },
        },
      ]
    },
  }
}
