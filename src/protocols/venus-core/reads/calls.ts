// How contract views become calls.
import {
  type Abi,
  type Address,
  type ContractFunctionArgs,
  type ContractFunctionName,
  type EncodeFunctionDataParameters,
  encodeFunctionData,
} from 'viem'
import type { ContractCall } from '../../../model/evm.ts'

/** A getter of one or two words behind a proxy, the diamond's facets included. */
export const VIEW_GAS_MAX = 60_000
/** Views that compute: cash by a token's balance, a rate by its model, a balance by its index. */
export const COMPUTED_GAS_MAX = 300_000
/** Lists, and what a native market's fallback does when it is asked for what it does not have: it accrues and mints nothing. */
export const LONG_GAS_MAX = 900_000

/** A view of a contract, called with at most `gasMax`. */
export const viewOf = <
  const TAbi extends Abi,
  TName extends ContractFunctionName<TAbi>,
  const TArgs extends ContractFunctionArgs<TAbi, 'view' | 'nonpayable', TName>,
>(
  to: Address,
  abi: TAbi,
  functionName: TName,
  args: TArgs,
  gasMax: number = VIEW_GAS_MAX,
): ContractCall => ({
  to,
  data: encodeFunctionData({ abi, functionName, args } as unknown as EncodeFunctionDataParameters),
  gasMax,
})
