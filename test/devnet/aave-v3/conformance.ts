import { aaveOn } from '../../support/follower.ts'
import type { DeployLocal } from '../local-protocol.ts'
import { randomAccount } from './random-account.ts'
import { createActivity } from './random-activity.ts'

const BLOCK_SECONDS_MAX = 86_400

/** The devnet's own Aave v3. */
export const deploy: DeployLocal = async (devnet, random, accounts) => {
  const specs = accounts.map((account) => randomAccount(random, account))
  await devnet.openAccounts(specs, { tolerateReverts: true })
  const activity = createActivity(random, specs, { actionsPerBlockMax: 4 })
  return {
    wanted: aaveOn(devnet),
    stir: () =>
      devnet.act(activity.next().actions, {
        tolerateReverts: true,
        seconds: random.integer(1, BLOCK_SECONDS_MAX),
      }),
    breakOne: () => devnet.breakFeed('LINK', 'revert'),
  }
}
