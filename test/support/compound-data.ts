// What Compound's own contracts say of accounts.
import {
  type Address,
  decodeFunctionResult,
  encodeFunctionData,
  type Hash,
  type Hex,
  multicall3Abi,
} from 'viem'
import { comptrollerAbi, cTokenAbi } from '../devnet/compound-v2/abis.ts'
import type { CompoundAddresses } from '../devnet/compound-v2/deploy.ts'
import type { Devnet } from '../devnet/devnet.ts'
import { MULTICALL3 } from '../devnet/multicall3.ts'

/** getAccountLiquidity with everything accrued to the block, and as the view answers it. */
export type CompoundData = {
  readonly code: bigint
  readonly accrued: bigint
  readonly storedCode: bigint
  readonly stored: bigint
}

/** The code of a view that reverts. */
const REVERTED = -1n

/** The comptroller's own liquidity (negative: a shortfall) of accounts at one block. */
export const compoundDataAt = async (
  devnet: Devnet,
  { comptroller, markets }: CompoundAddresses,
  blockHash: Hash,
  accounts: readonly Address[],
): Promise<ReadonlyMap<Address, CompoundData>> => {
  const accruals = Object.values(markets).map(({ cToken }) => ({
    target: cToken,
    allowFailure: true,
    callData: encodeFunctionData({ abi: cTokenAbi, functionName: 'accrueInterest' }),
  }))
  const questions = accounts.map((account) => ({
    target: comptroller,
    allowFailure: true,
    callData: encodeFunctionData({
      abi: comptrollerAbi,
      functionName: 'getAccountLiquidity',
      args: [account],
    }),
  }))
  const call = { abi: multicall3Abi, functionName: 'aggregate3' } as const
  const ask = async (calls: readonly (typeof questions)[number][]) => {
    const data = encodeFunctionData({ ...call, args: [calls] })
    const answer = await devnet.rpc.request<Hex>('eth_call', [{ to: MULTICALL3, data }, { blockHash }])
    const results = decodeFunctionResult({ ...call, data: answer }).slice(-accounts.length)
    return results.map(({ success, returnData }) =>
      success
        ? decodeFunctionResult({
            abi: comptrollerAbi,
            functionName: 'getAccountLiquidity',
            data: returnData,
          })
        : [REVERTED, 0n, 0n],
    )
  }
  const [accrued, stored] = [await ask([...accruals, ...questions]), await ask(questions)]
  return new Map(
    accounts.map((account, index) => {
      const [code = 0n, liquidity = 0n, shortfall = 0n] = accrued[index] ?? []
      const [storedCode = 0n, storedLiquidity = 0n, storedShortfall = 0n] = stored[index] ?? []
      return [
        account,
        { code, accrued: liquidity - shortfall, storedCode, stored: storedLiquidity - storedShortfall },
      ]
    }),
  )
}
