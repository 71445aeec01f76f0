import { type Address, decodeFunctionResult, encodeFunctionData, type Hex } from 'viem'
import type { Devnet } from '../devnet.ts'
import type { DeployLocal } from '../local-protocol.ts'
import { comptrollerAbi, oracleAbi } from './abis.ts'
import { createVenusActivity } from './random-activity.ts'
import { deployVenus, enrich, type Venus, venusOn } from './venus.ts'

const BLOCK_SECONDS_MAX = 60

const assetsIn = async (devnet: Devnet, to: Address, account: Address): Promise<readonly Address[]> => {
  const call = { abi: comptrollerAbi, functionName: 'getAssetsIn' } as const
  const data = encodeFunctionData({ ...call, args: [account] })
  return decodeFunctionResult({ ...call, data: await devnet.rpc.request<Hex>('eth_call', [{ to, data }]) })
}

/** The asset whose price somebody, but hardly anybody, depends on. */
const rarest = async (
  devnet: Devnet,
  { addresses }: Venus,
  accounts: readonly Address[],
): Promise<Address> => {
  const entered = await Promise.all(accounts.map((one) => assetsIn(devnet, addresses.comptroller, one)))
  const counts = Object.values(addresses.markets)
    .flatMap(({ vToken, underlying }) => (underlying === undefined ? [] : [{ vToken, underlying }]))
    .map(({ vToken, underlying }) => ({
      underlying,
      count: entered.filter((list) => list.includes(vToken)).length,
    }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => a.count - b.count)
  return counts[0]?.underlying ?? addresses.comptroller
}

/** The real Venus core pool over the devnet's tokens. */
export const deploy: DeployLocal = async (devnet, random, accounts) => {
  const venus = await deployVenus(devnet)
  const { addresses } = venus
  await enrich(devnet, addresses, accounts)
  const activity = createVenusActivity({ random, addresses, accounts, isCalm: true })
  await devnet.send(accounts.flatMap((account) => activity.open(account)))
  return {
    deployment: venusOn(devnet, venus).deployment,
    stir: () => devnet.send(activity.next(), random.integer(1, BLOCK_SECONDS_MAX)),
    breakOne: async () => {
      const args = [await rarest(devnet, venus, accounts), 0n] as const
      const data = encodeFunctionData({ abi: oracleAbi, functionName: 'setDirectPrice', args })
      return devnet.send([{ from: addresses.admin, to: addresses.oracle, data }])
    },
  }
}
