import { morphoOn } from '../../support/morpho-loans.ts'
import type { DeployLocal } from '../local-protocol.ts'
import { deployMorpho } from './morpho.ts'
import { createMorphoActivity } from './random-activity.ts'

/** Morpho Blue beside Aave, a loan of every account in some market. */
export const deploy: DeployLocal = async (devnet, random, accounts) => {
  const morpho = await deployMorpho(devnet)
  await morpho.fundAccounts(accounts)
  const activity = createMorphoActivity(devnet, morpho, random, accounts)
  for (const account of accounts)
    await morpho.act(await activity.open(random.pick(activity.markets), account), { tolerateReverts: true })
  return {
    wanted: morphoOn(devnet, morpho),
    stir: async () => {
      const { actions, seconds } = await activity.next()
      await morpho.act(actions, { tolerateReverts: true, seconds })
    },
    breakOne: () => morpho.break(morpho.addresses.markets.wbtc.params.oracle),
  }
}
