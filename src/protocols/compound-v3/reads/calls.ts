// Calls of Comet's functions, and what a refusal says.
import {
  type Address,
  type ContractFunctionArgs,
  type ContractFunctionName,
  decodeErrorResult,
  type EncodeFunctionDataParameters,
  encodeFunctionData,
} from 'viem'
import { cometAbi } from '../../../../abis/compound-v3.ts'
import type { CallResult, ContractCall } from '../../../model/evm.ts'

type Name = ContractFunctionName<typeof cometAbi>

/** A call of one of Comet's functions. */
export const cometCall = <TName extends Name>(
  comet: Address,
  functionName: TName,
  args: ContractFunctionArgs<typeof cometAbi, 'view' | 'pure' | 'nonpayable', TName>,
  gasMax: number,
): ContractCall => ({
  to: comet,
  data: encodeFunctionData({ abi: cometAbi, functionName, args } as EncodeFunctionDataParameters),
  gasMax,
})

/** What a failed call says: the contract's own error by its name, else the reason as it is. */
export const refusalIn = (result: CallResult | undefined): string => {
  if (!result || result.ok) return 'was not read'
  try {
    return decodeErrorResult({ abi: cometAbi, data: result.data }).errorName
  } catch {
    return result.error.replace(/^reverted: /, '')
  }
}
