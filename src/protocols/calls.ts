import {
  type Abi,
  type Address,
  type ContractFunctionArgs,
  type ContractFunctionName,
  type EncodeFunctionDataParameters,
  encodeFunctionData,
} from 'viem'
import type { ContractCall } from '../model/evm.ts'

/** Makes calls of contracts' functions, which may need `gasMaxUsual` where a call says nothing else. */
export const callsWith =
  (gasMaxUsual: number) =>
  <const TAbi extends Abi, TName extends ContractFunctionName<TAbi>>(
    to: Address,
    abi: TAbi,
    functionName: TName,
    args: ContractFunctionArgs<TAbi, 'view' | 'pure' | 'nonpayable', TName>,
    gasMax: number = gasMaxUsual,
  ): ContractCall => ({
    to,
    data: encodeFunctionData({ abi, functionName, args } as unknown as EncodeFunctionDataParameters),
    gasMax,
  })
