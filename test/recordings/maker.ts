// Maker / Sky: Vat, Jug, Spotter, Dog, clips, OSMs, the manager of vaults, proxies and a Lockstake engine, with the price tellers for stand-ins.

import { encodeFunctionData } from 'viem'
import { maker as adapter } from '../../src/protocols/maker/index.ts'
import type { DeployLocal } from '../devnet/local-protocol.ts'
import type { Transaction } from '../devnet/plan.ts'
import type { Random } from '../devnet/random.ts'
import { readArtifacts, sourceOf } from './artifacts.ts'
import { sourceAbi } from './maker/abis.ts'
import { borrowing } from './maker/borrowers.ts'
import { ADMIN, deployMaker } from './maker/deploy.ts'
import { auctions, barks, governance, report, upkeep } from './maker/keepers.ts'
import { look, type Scene } from './maker/scene.ts'

const HOUR_SECONDS = 3_600
const OPENING_BLOCKS = 6
const BORROWERS_MAX = 4

const anySeconds = (random: Random): number => {
  const roll = random.next()
  if (roll < 0.55) return 12
  if (roll < 0.95) return Math.ceil(random.magnitude(1, 2 * HOUR_SECONDS))
  return Math.ceil(random.magnitude(1, 20) * 24 * HOUR_SECONDS)
}

/** What happens in a block, in order. */
const happenings = async (scene: Scene): Promise<readonly Transaction[]> => {
  const { random } = scene
  const now = await look(scene)
  const borrowers = Array.from({ length: random.integer(1, BORROWERS_MAX) }, () => borrowing(scene, now))
  return [
    ...(random.chance(0.4) ? report(scene) : []),
    ...(random.chance(0.6) ? upkeep(scene) : []),
    ...(random.chance(0.3) ? governance(scene, now) : []),
    ...borrowers.flat(),
    ...barks(scene, now),
    ...auctions(scene, now),
  ]
}

export const contracts = sourceOf

/** Deploys Maker, and opens urns of every kind. */
export const deployFrom =
  (folder: string): DeployLocal =>
  async (devnet, random, accounts) => {
    const maker = await deployMaker(devnet, readArtifacts(folder), accounts)
    const scene: Scene = { devnet, maker, random, accounts }
    for (let block = 0; block < OPENING_BLOCKS; block++) {
      const now = await look(scene)
      await devnet.send(accounts.flatMap(() => borrowing(scene, now)))
    }
    const { vat, dog, jug, spotter, dai, ilkRegistry, cdpManager, getCdps } = maker
    const { proxyRegistry, proxyFactory, engine } = maker
    const deployment = {
      ...{ chainId: devnet.chainId, protocol: adapter.protocol, deployment: 'recorded' },
      ...{ vat, dog, jug, spotter, dai, ilkRegistry, cdpManager, getCdps, proxyRegistry, proxyFactory },
      lockstake: [engine],
      fromBlock: BigInt(maker.fromBlock),
    }
    const breaking = encodeFunctionData({ abi: sourceAbi, functionName: 'breakIt' })
    return {
      wanted: { adapter, deployment },
      stir: async () => devnet.send(await happenings(scene), anySeconds(random)),
      breakOne: () =>
        devnet.send(
          maker.ilks
            .filter(({ name }) => name === 'GUSD-A')
            .map(({ teller }) => ({ from: ADMIN, to: teller, data: breaking })),
        ),
    }
  }
