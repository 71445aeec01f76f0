import {
  type Abi,
  type Address,
  type ContractFunctionArgs,
  type ContractFunctionName,
  type EncodeFunctionDataParameters,
  encodeFunctionData,
} from 'viem'
import type { ContractCall } from '../../../model/evm.ts'

/** A getter reads a word or two of storage, behind a proxy at worst. */
export const GETTER_GAS_MAX = 30_000

/** A call of a contract's function. */
export const callOf = <const TAbi extends Abi, TName extends ContractFunctionName<TAbi>>(
  abi: TAbi,
  to: Address,
  functionName: TName,
  args: ContractFunctionArgs<TAbi, 'view' | 'pure' | 'nonpayable', TName>,
  gasMax: number = GETTER_GAS_MAX,
): ContractCall => ({
  to,
  data: encodeFunctionData({ abi, functionName, args } as EncodeFunctionDataParameters),
  gasMax,
})
