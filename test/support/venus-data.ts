// What the Venus core pool's own contracts say of accounts.
import {
  type Address,
  decodeFunctionResult,
  encodeFunctionData,
  type Hash,
  type Hex,
  multicall3Abi,
} from 'viem'
import type { Devnet } from '../devnet/devnet.ts'
import { MULTICALL3 } from '../devnet/multicall3.ts'
import { comptrollerAbi, vaiControllerAbi, vTokenAbi } from '../devnet/venus-core/abis.ts'
import type { VenusAddresses } from '../devnet/venus-core/deploy.ts'

/** getAccountLiquidity and VAI debt with everything accrued to the block, and the first as the view answers it. */
export type VenusData = {
  readonly code: bigint
  readonly accrued: bigint
  readonly vai: bigint
  readonly storedCode: bigint
  readonly stored: bigint
}

type Call = { readonly target: Address; readonly allowFailure: boolean; readonly callData: Hex }

const callOf = (target: Address, callData: Hex): Call => ({ target, allowFailure: true, callData })

/** The comptroller's own liquidity (negative: a shortfall) of accounts at one block, and what they owe of VAI. */
export const venusDataAt = async (
  devnet: Devnet,
  { comptroller, vaiController, markets }: VenusAddresses,
  blockHash: Hash,
  accounts: readonly Address[],
): Promise<ReadonlyMap<Address, VenusData>> => {
  const abi = vaiControllerAbi
  const accruals = [
    ...Object.values(markets).map(({ vToken }) =>
      callOf(vToken, encodeFunctionData({ abi: vTokenAbi, functionName: 'accrueInterest' })),
    ),
    callOf(vaiController, encodeFunctionData({ abi, functionName: 'accrueVAIInterest' })),
  ]
  const questions = accounts.map((account) => {
    const call = { abi: comptrollerAbi, functionName: 'getAccountLiquidity' } as const
    return callOf(comptroller, encodeFunctionData({ ...call, args: [account] }))
  })
  const debts = accounts.map((account) => {
    const call = { abi, functionName: 'getVAIRepayAmount' } as const
    return callOf(vaiController, encodeFunctionData({ ...call, args: [account] }))
  })
  const aggregate = { abi: multicall3Abi, functionName: 'aggregate3' } as const
  const ask = async (calls: readonly Call[]) => {
    const data = encodeFunctionData({ ...aggregate, args: [calls] })
    const answer = await devnet.rpc.request<Hex>('eth_call', [{ to: MULTICALL3, data }, { blockHash }])
    return decodeFunctionResult({ ...aggregate, data: answer }).map(({ returnData }) => returnData)
  }
  const liquidityIn = (data: Hex | undefined) => {
    const call = { abi: comptrollerAbi, functionName: 'getAccountLiquidity' } as const
    const [code, liquidity, shortfall] = decodeFunctionResult({ ...call, data: data ?? '0x' })
    return { code, liquidity: liquidity - shortfall }
  }
  const accrued = (await ask([...accruals, ...questions, ...debts])).slice(accruals.length)
  const stored = await ask(questions)
  return new Map(
    accounts.map((account, index) => {
      const now = liquidityIn(accrued[index])
      const before = liquidityIn(stored[index])
      const vai = BigInt(accrued[accounts.length + index] ?? '0x0')
      return [
        account,
        {
          ...{ code: now.code, accrued: now.liquidity, vai },
          storedCode: before.code,
          stored: before.liquidity,
        },
      ]
    }),
  )
}
