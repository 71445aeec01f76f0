// Compound III, classic or with an extended asset list, whichever factory the artifacts hold.
import { compoundV3 } from '../../src/protocols/compound-v3/index.ts'
import { loadFeedCodes } from '../devnet/feeds.ts'
import type { DeployLocal } from '../devnet/local-protocol.ts'
import { sendAll } from '../devnet/send-all.ts'
import { anySeconds } from './any-seconds.ts'
import { readArtifacts, sourceOf } from './artifacts.ts'
import { happenings, opening } from './compound-v3/activity.ts'
import { deployComet } from './compound-v3/deploy.ts'
import { report, type Scene } from './compound-v3/scene.ts'

export const contracts = sourceOf

/** A Comet beside the devnet's Aave, over tokens and feeds of its own. */
export const deployFrom =
  (folder: string): DeployLocal =>
  async (devnet, random, accounts) => {
    const artifacts = readArtifacts(folder)
    const codes = loadFeedCodes()
    const market = await deployComet(devnet, artifacts, codes)
    const scene: Scene = { devnet, artifacts, random, market, accounts, prices: new Map(), codes }
    await sendAll(devnet, 'loans', await opening(scene))
    return {
      wanted: {
        adapter: compoundV3,
        deployment: {
          ...{ chainId: devnet.chainId, protocol: compoundV3.protocol, deployment: 'recorded' },
          ...{ comet: market.comet, fromBlock: BigInt(market.fromBlock) },
        },
      },
      stir: async () => devnet.send(await happenings(scene), anySeconds(random)),
      breakOne: async () => devnet.send(await report(scene, random.pick(market.collaterals), 0n)),
    }
  }
