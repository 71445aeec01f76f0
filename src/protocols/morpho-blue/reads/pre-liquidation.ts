// A pre-liquidation contract: whether the factory made it, and its parameters.
import { type Address, encodeFunctionData } from 'viem'
import { preLiquidationAbi, preLiquidationFactoryAbi } from '../../../../abis/morpho-blue.ts'
import { answerOf } from '../../answers.ts'
import { due, retry } from '../../changing.ts'
import { keys } from '../keys.ts'
import {
  accountsIn,
  type Id,
  type MorphoChange,
  type MorphoMarket,
  type MorphoMirror,
  type MorphoRead,
  type PreLiquidation,
} from '../state.ts'

const GETTER_GAS_MAX = 20_000

/** The contract's parameters as its market holds them. */
export const preLiquidationOf = (params: {
  readonly preLltv: bigint
  readonly preLCF1: bigint
  readonly preLCF2: bigint
  readonly preLIF1: bigint
  readonly preLIF2: bigint
  readonly preLiquidationOracle: Address
}): PreLiquidation => {
  const { preLltv, preLCF1, preLCF2, preLIF1, preLIF2, preLiquidationOracle: oracle } = params
  return { preLltv, preLCF1, preLCF2, preLIF1, preLIF2, oracle }
}

/** A market with one pre-liquidation contract more, changed, or without it. */
export const withPreLiquidation = (
  market: MorphoMarket,
  contract: Address,
  preLiquidation: PreLiquidation | undefined,
): MorphoMarket => {
  const { [contract]: _replaced, ...others } = market.preLiquidations
  return {
    ...market,
    preLiquidations: preLiquidation ? { ...others, [contract]: preLiquidation } : others,
  }
}

/** Positions that may have authorised a contract which their market did not have so far. */
const touched = (mirror: MorphoMirror, id: Id, contract: Address): readonly MorphoChange[] => {
  if (mirror.markets.get(id)?.preLiquidations[contract]) return []
  return due(...accountsIn(mirror, id).map((account) => keys.position(id, account)))
}

/** One contract of the factory; one that a reorg took back goes. */
export const readPreLiquidation = (factory: Address, id: Id, contract: Address): MorphoRead => ({
  key: keys.preLiquidation(id, contract),
  calls: [
    {
      to: factory,
      data: encodeFunctionData({
        abi: preLiquidationFactoryAbi,
        functionName: 'isPreLiquidation',
        args: [contract],
      }),
      gasMax: GETTER_GAS_MAX,
    },
    {
      to: contract,
      data: encodeFunctionData({ abi: preLiquidationAbi, functionName: 'preLiquidationParams' }),
      gasMax: GETTER_GAS_MAX,
      immutable: true,
    },
  ],
  decode: (results, _block, mirror) => {
    const isThere = answerOf(preLiquidationFactoryAbi, 'isPreLiquidation', results[0])
    const params = answerOf(preLiquidationAbi, 'preLiquidationParams', results[1])
    if (!isThere.ok || (isThere.value && !params.ok)) return [retry(keys.preLiquidation(id, contract))]
    const preLiquidation = isThere.value && params.ok ? preLiquidationOf(params.value) : undefined
    return [
      {
        kind: 'market',
        key: id,
        next: (current) => current && withPreLiquidation(current, contract, preLiquidation),
      },
      ...(preLiquidation ? touched(mirror, id, contract) : []),
    ]
  },
})
