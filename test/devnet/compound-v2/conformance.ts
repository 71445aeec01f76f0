import { encodeFunctionData } from 'viem'
import type { DeployLocal } from '../local-protocol.ts'
import { oracleAbi } from './abis.ts'
import { compoundOn, deployCompoundV2, enrich } from './compound.ts'
import { createCompoundActivity } from './random-activity.ts'

const BLOCK_SECONDS_MAX = 86_400

/** Compound v2 beside Aave, over the same tokens. */
export const deploy: DeployLocal = async (devnet, random, accounts) => {
  const compound = await deployCompoundV2(devnet)
  const { addresses } = compound
  await enrich(devnet, addresses, accounts)
  const activity = createCompoundActivity({ random, addresses, accounts })
  await devnet.send(accounts.flatMap((account) => activity.open(account)))
  return {
    wanted: compoundOn(devnet, compound),
    stir: () => devnet.send(activity.next(), random.integer(1, BLOCK_SECONDS_MAX)),
    breakOne: () => {
      const args = [addresses.markets['YAM']?.cToken ?? addresses.oracle, 0n] as const
      const data = encodeFunctionData({ abi: oracleAbi, functionName: 'setUnderlyingPrice', args })
      return devnet.send([{ from: addresses.admin, to: addresses.oracle, data }])
    },
  }
}
