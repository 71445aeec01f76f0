import { type Address, encodeAbiParameters, type Hex, keccak256, numberToHex } from 'viem'
import type { Devnet } from '../devnet.ts'
import type { DeployLocal } from '../local-protocol.ts'
import { listAbi } from './abis.ts'
import { createLiquityActivity } from './random-activity.ts'
import { actorOf, type LiquitySystem } from './system.ts'
import { deployZero, liquityOn } from './zero.ts'

const BLOCK_SECONDS_MAX = 86_400

/** Where the TroveManager of Zero keeps rewardSnapshots. */
const SNAPSHOTS_SLOT = 22n

const snapshotSlotOf = (owner: Address): Hex =>
  keccak256(encodeAbiParameters([{ type: 'address' }, { type: 'uint256' }], [owner, SNAPSHOTS_SLOT]))

/** Nothing breaks one trove and no other but its storage: a snapshot ahead of all rewards. The trove above moves, so that it is looked at. */
const breakSecond = async (devnet: Devnet, system: LiquitySystem): Promise<void> => {
  const list = { address: system.sortedTroves, abi: listAbi } as const
  const first = await devnet.client.readContract({ ...list, functionName: 'getFirst' })
  const second = await devnet.client.readContract({ ...list, functionName: 'getNext', args: [first] })
  await devnet.send([actorOf(system, first).supply(1n)])
  const future = numberToHex(2n ** 255n, { size: 32 })
  await devnet.rpc.request('anvil_setStorageAt', [system.manager, snapshotSlotOf(second), future])
}

/** Sovryn Zero, the fork of Liquity v1 whose contracts npm has. */
export const deploy: DeployLocal = async (devnet, random, accounts) => {
  const system = await deployZero(devnet)
  const activity = createLiquityActivity({ devnet, random, system, accounts })
  await activity.open()
  return {
    wanted: liquityOn(devnet, system),
    stir: async () => devnet.send(await activity.next(), random.integer(1, BLOCK_SECONDS_MAX)),
    breakOne: () => breakSecond(devnet, system),
  }
}
