// Euler v2 on a devnet: the vault kit, the connector and the price oracles, built elsewhere.

import { eulerV2 } from '../../src/protocols/euler-v2/index.ts'
import { REVERTING } from '../devnet/bytecode.ts'
import type { DeployLocal } from '../devnet/local-protocol.ts'
import { sendAll } from '../devnet/send-all.ts'
import { createActivity } from './euler-v2/activity.ts'
import { CONTRACTS, createCodes } from './euler-v2/contracts.ts'
import { fund, lend, lendShares } from './euler-v2/funding.ts'
import { deployWorld } from './euler-v2/world.ts'

export const contracts = (): string => CONTRACTS

/** Vaults with loans of these owners' sub-accounts, by the contracts in a folder of artifacts. */
export const deployFrom =
  (artifacts: string): DeployLocal =>
  async (devnet, random, accounts) => {
    const world = await deployWorld(devnet, createCodes(artifacts))
    const activity = createActivity(devnet, world, random, accounts)
    await sendAll(devnet, 'tokens', fund(world, accounts))
    await sendAll(devnet, 'liquidity', lend(world))
    await sendAll(devnet, 'shares', lendShares(world, accounts))
    await devnet.send([...accounts.slice(0, 1).map(activity.openLasting), ...accounts.map(activity.open)])
    const { evc, factory: eVaultFactory, feeds } = world
    return {
      wanted: {
        adapter: eulerV2,
        deployment: {
          chainId: devnet.chainId,
          protocol: eulerV2.protocol,
          deployment: 'main',
          evc,
          eVaultFactory,
          fromBlock: BigInt(world.fromBlock),
        },
      },
      stir: async () => {
        const { transactions, seconds } = await activity.next()
        return devnet.send(transactions, seconds)
      },
      breakOne: () => devnet.rpc.request('anvil_setCode', [feeds.WBTC, REVERTING]),
    }
  }
