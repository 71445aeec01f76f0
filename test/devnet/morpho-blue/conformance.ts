import { morphoOn } from '../../support/morpho-loans.ts'
import type { DeployLocal } from '../local-protocol.ts'
import { MARKETS, type MarketName } from './markets.ts'
import { deployMorpho } from './morpho.ts'
import { createMorphoActivity } from './random-activity.ts'

/** A rate model of another make wants the totals that the same round reads: a second round, where its market is touched. */
const isComputed = (name: MarketName): boolean => ['curve', 'none'].includes(MARKETS[name].rates)

/** Morpho Blue beside Aave, loans in every market whose rate is computed. */
export const deploy: DeployLocal = async (devnet, random, accounts) => {
  const morpho = await deployMorpho(devnet)
  await morpho.fundAccounts(accounts)
  const names = (Object.keys(MARKETS) as MarketName[]).filter(isComputed)
  const activity = createMorphoActivity(devnet, morpho, random, accounts, names)
  for (const [index, account] of accounts.entries()) {
    const name = names[index % names.length] ?? 'weth'
    await morpho.act(await activity.open(name, account), { tolerateReverts: true })
  }
  return {
    wanted: morphoOn(devnet, morpho),
    stir: async () => {
      const { actions, seconds } = await activity.next()
      await morpho.act(actions, { tolerateReverts: true, seconds })
    },
    breakOne: () => morpho.break(morpho.addresses.markets.wbtc.params.oracle),
  }
}
