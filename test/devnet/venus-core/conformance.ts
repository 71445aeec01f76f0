import { encodeFunctionData } from 'viem'
import type { DeployLocal } from '../local-protocol.ts'
import { oracleAbi } from './abis.ts'
import { createVenusActivity } from './random-activity.ts'
import { deployVenus, enrich, venusOn } from './venus.ts'

const BLOCK_SECONDS_MAX = 86_400

/** The Venus core pool beside Aave, over the same tokens. */
export const deploy: DeployLocal = async (devnet, random, accounts) => {
  const venus = await deployVenus(devnet)
  const { addresses } = venus
  await enrich(devnet, addresses, accounts)
  const activity = createVenusActivity({ random, addresses, accounts, isCalm: true })
  await devnet.send(accounts.flatMap((account) => activity.open(account)))
  return {
    wanted: venusOn(devnet, venus),
    mintedBesides: ['VAI'],
    stir: () => devnet.send(activity.next(), random.integer(1, BLOCK_SECONDS_MAX)),
    breakOne: () => {
      const args = [addresses.markets['YAM']?.underlying ?? addresses.oracle, 0n] as const
      const data = encodeFunctionData({ abi: oracleAbi, functionName: 'setDirectPrice', args })
      return devnet.send([{ from: addresses.admin, to: addresses.oracle, data }])
    },
  }
}
