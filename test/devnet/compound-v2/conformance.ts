import { type Address, decodeFunctionResult, encodeFunctionData, type Hex } from 'viem'
import type { Devnet } from '../devnet.ts'
import type { DeployLocal } from '../local-protocol.ts'
import { comptrollerAbi, oracleAbi } from './abis.ts'
import { type CompoundV2, compoundOn, deployCompoundV2, enrich } from './compound.ts'
import { createCompoundActivity } from './random-activity.ts'

const BLOCK_SECONDS_MAX = 60

const assetsIn = async (devnet: Devnet, to: Address, account: Address): Promise<readonly Address[]> => {
  const call = { abi: comptrollerAbi, functionName: 'getAssetsIn' } as const
  const data = encodeFunctionData({ ...call, args: [account] })
  return decodeFunctionResult({ ...call, data: await devnet.rpc.request<Hex>('eth_call', [{ to, data }]) })
}

/** The market whose price somebody, but hardly anybody, depends on. */
const rarest = async (
  devnet: Devnet,
  { addresses }: CompoundV2,
  accounts: readonly Address[],
): Promise<Address> => {
  const entered = await Promise.all(accounts.map((one) => assetsIn(devnet, addresses.comptroller, one)))
  const counts = Object.values(addresses.markets)
    .filter(({ underlying }) => underlying !== undefined)
    .map(({ cToken }) => ({ cToken, count: entered.filter((list) => list.includes(cToken)).length }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => a.count - b.count)
  return counts[0]?.cToken ?? addresses.comptroller
}

/** The real Compound v2 over the devnet's tokens. */
export const deploy: DeployLocal = async (devnet, random, accounts) => {
  const compound = await deployCompoundV2(devnet)
  const { addresses } = compound
  await enrich(devnet, addresses, accounts)
  const activity = createCompoundActivity({ random, addresses, accounts, zeroPrices: false })
  await devnet.send(accounts.flatMap((account) => activity.open(account)))
  return {
    deployment: compoundOn(devnet, compound).deployment,
    stir: () => devnet.send(activity.next(), random.integer(1, BLOCK_SECONDS_MAX)),
    breakOne: async () => {
      const args = [await rarest(devnet, compound, accounts), 0n] as const
      const data = encodeFunctionData({ abi: oracleAbi, functionName: 'setUnderlyingPrice', args })
      return devnet.send([{ from: addresses.admin, to: addresses.oracle, data }])
    },
  }
}
