// Calls of the branch's contracts.
import {
  type Abi,
  type Address,
  type ContractFunctionArgs,
  type ContractFunctionName,
  type EncodeFunctionDataParameters,
  encodeFunctionData,
} from 'viem'
import type { ContractCall } from '../../../model/evm.ts'

const GETTER_GAS_MAX = 60_000

/** A call of a getter, or with `gasMax` of something that costs more. */
export const callOf = <const TAbi extends Abi, TName extends ContractFunctionName<TAbi>>(
  to: Address,
  abi: TAbi,
  functionName: TName,
  args: ContractFunctionArgs<TAbi, 'view' | 'pure' | 'nonpayable', TName>,
  gasMax: number = GETTER_GAS_MAX,
): ContractCall => ({
  to,
  data: encodeFunctionData({ abi, functionName, args } as unknown as EncodeFunctionDataParameters),
  gasMax,
})
