// Liquity v2: three branches under one registry, with the feeds that the deployment on Ethereum has, and one that is set.
import { liquityV2 } from '../../src/protocols/liquity-v2/index.ts'
import type { DeployLocal } from '../devnet/local-protocol.ts'
import type { Random } from '../devnet/random.ts'
import { readArtifacts, sourceOf } from './artifacts.ts'
import { happenings, opening, report } from './liquity-v2/activity.ts'
import { deployLiquity } from './liquity-v2/deploy.ts'
import type { Scene } from './liquity-v2/scene.ts'

const DAY_SECONDS = 86_400
const HOUR_SECONDS = 3_600

const anySeconds = (random: Random): number => {
  const roll = random.next()
  if (roll < 0.6) return 12
  return Math.ceil(
    roll < 0.97 ? random.magnitude(1, 6 * HOUR_SECONDS) : random.magnitude(1, 40) * DAY_SECONDS,
  )
}

export const contracts = sourceOf

/** Branches beside the devnet's Aave, with loans of everybody in each. */
export const deployFrom =
  (folder: string): DeployLocal =>
  async (devnet, random, accounts) => {
    const artifacts = readArtifacts(folder)
    const liquity = await deployLiquity(devnet, artifacts)
    const scene: Scene = {
      ...{ devnet, artifacts, random, liquity, accounts },
      ...{ prices: new Map(), managers: new Map(), blocks: 0 },
    }
    await devnet.send(opening(scene))
    return {
      wanted: {
        adapter: liquityV2,
        deployment: {
          ...{ chainId: devnet.chainId, protocol: liquityV2.protocol, deployment: 'recorded' },
          ...{ collateralRegistry: liquity.collateralRegistry, fromBlock: BigInt(liquity.fromBlock) },
          branches: Object.fromEntries(
            liquity.branches.map(({ name, addressesRegistry }) => [name, addressesRegistry]),
          ),
        },
      },
      stir: async () => devnet.send(await happenings(scene), anySeconds(random)),
      breakOne: async () => {
        const [branch] = liquity.branches
        return branch && devnet.send(report(scene, branch, 0))
      },
    }
  }
