// Calls of the contracts' functions, with the gas that they may need, and what a refusal says.
import {
  type Abi,
  type Address,
  type ContractFunctionArgs,
  type ContractFunctionName,
  decodeErrorResult,
  type EncodeFunctionDataParameters,
  encodeFunctionData,
} from 'viem'
import { hubAbi, spokeAbi } from '../../../../abis/aave-v4.ts'
import type { CallResult, ContractCall } from '../../../model/evm.ts'

/** A proxy, a delegate call and some storage words: five of a spoke, ten of a hub. */
const SPOKE_VIEW_GAS_MAX = 40_000
const HUB_VIEW_GAS_MAX = 60_000

type Kind = 'view' | 'pure' | 'nonpayable'

/** A call of a spoke's function. */
export const spokeCall = <TName extends ContractFunctionName<typeof spokeAbi>>(
  to: Address,
  functionName: TName,
  args: ContractFunctionArgs<typeof spokeAbi, Kind, TName>,
  gasMax: number = SPOKE_VIEW_GAS_MAX,
): ContractCall => ({
  to,
  data: encodeFunctionData({ abi: spokeAbi, functionName, args } as EncodeFunctionDataParameters),
  gasMax,
})

/** A call of a hub's function. */
export const hubCall = <TName extends ContractFunctionName<typeof hubAbi>>(
  to: Address,
  functionName: TName,
  args: ContractFunctionArgs<typeof hubAbi, Kind, TName>,
): ContractCall => ({
  to,
  data: encodeFunctionData({ abi: hubAbi, functionName, args } as EncodeFunctionDataParameters),
  gasMax: HUB_VIEW_GAS_MAX,
})

/** The name of the error with which a call was refused; undefined where it was not, or in other words. */
export const refusalIn = (abi: Abi, result: CallResult | undefined): string | undefined => {
  if (!result || result.ok) return undefined
  try {
    return decodeErrorResult({ abi, data: result.data }).errorName
  } catch {
    return undefined
  }
}
