import { type Address, decodeFunctionResult, encodeFunctionData, type Hash, type Hex } from 'viem'
import { poolAbi } from '../../abis/aave-v3.ts'
import type { Devnet } from '../devnet/devnet.ts'

export type AccountData = {
  readonly collateral: bigint
  readonly debt: bigint
  readonly healthFactor: bigint
}

/** The pool's own account data of accounts at one block; undefined where it reverts. */
export const accountDataAt = async (
  devnet: Devnet,
  blockHash: Hash,
  accounts: readonly Address[],
): Promise<ReadonlyMap<Address, AccountData | undefined>> => {
  const read = async (account: Address): Promise<AccountData | undefined> => {
    const data = encodeFunctionData({ abi: poolAbi, functionName: 'getUserAccountData', args: [account] })
    try {
      const answer = await devnet.rpc.request<Hex>('eth_call', [
        { to: devnet.addresses.pool, data },
        { blockHash },
      ])
      const [collateral, debt, , , , healthFactor] = decodeFunctionResult({
        abi: poolAbi,
        functionName: 'getUserAccountData',
        data: answer,
      })
      return { collateral, debt, healthFactor }
    } catch {
      return undefined
    }
  }
  return new Map(await Promise.all(accounts.map(async (account) => [account, await read(account)] as const)))
}
