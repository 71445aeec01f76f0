import { encodeAbiParameters, keccak256, pad, toHex } from 'viem'
import type { DeployLocal } from '../local-protocol.ts'
import { createLiquityActivity } from './random-activity.ts'
import { actorOf } from './system.ts'
import { deployZero, liquityOn } from './zero.ts'

const BLOCK_SECONDS_MAX = 86_400

/** Where TroveManagerStorage of Zero keeps rewardSnapshots. */
const SNAPSHOTS_SLOT = 17n

/** Sovryn Zero, the fork of Liquity v1 whose contracts npm has. */
export const deploy: DeployLocal = async (devnet, random, accounts) => {
  const system = await deployZero(devnet)
  const activity = createLiquityActivity({ devnet, random, system, accounts })
  await activity.open()
  return {
    wanted: liquityOn(devnet, system),
    stir: async () => devnet.send(await activity.next(), random.integer(1, BLOCK_SECONDS_MAX)),
    breakOne: async () => {
      throw new Error('todo')
    },
  }
}
