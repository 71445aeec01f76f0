// Aave v4: two hubs, two spokes, and whoever uses them.
import type { Address } from 'viem'
import { aaveV4 } from '../../src/protocols/aave-v4/index.ts'
import { loadFeedCodes } from '../devnet/feeds.ts'
import type { DeployLocal } from '../devnet/local-protocol.ts'
import { namedAccount } from '../devnet/plan.ts'
import { happenings, opening } from './aave-v4/activity.ts'
import { deployInstance } from './aave-v4/deploy.ts'
import { report, type Scene } from './aave-v4/scene.ts'
import { anySeconds } from './any-seconds.ts'
import { readArtifacts, sourceOf } from './artifacts.ts'

export const contracts = sourceOf

/** An instance beside the devnet's Aave v3, over tokens and feeds of its own. */
export const deployFrom =
  (folder: string): DeployLocal =>
  async (devnet, random, accounts) => {
    const artifacts = readArtifacts(folder)
    const instance = await deployInstance(devnet, artifacts, loadFeedCodes())
    const scene: Scene = { devnet, artifacts, random, instance, accounts, prices: new Map() }
    const funder: Address = namedAccount('recorded funder')
    await devnet.send(await opening(scene, funder))
    return {
      wanted: {
        adapter: aaveV4,
        deployment: {
          ...{ chainId: devnet.chainId, protocol: aaveV4.protocol, deployment: 'recorded' },
          ...{ accessManager: instance.accessManager, fromBlock: BigInt(instance.fromBlock) },
          spokes: Object.fromEntries(instance.spokes.map(({ name, address }) => [name, address])),
        },
      },
      stir: async () => devnet.send(await happenings(scene), anySeconds(random)),
      breakOne: async () => devnet.send(await report(scene, random.pick(instance.listings).token, 0n)),
    }
  }
