// What redeeming now would take from whom.
import type { BlockRef } from '../model/block.ts'
import { formatDeploymentId } from '../model/ids.ts'
import type { Blocked } from '../model/liquidation.ts'
import type { Redemption } from '../model/redemption.ts'
import { type Assessable, bookEnvOf, isWhole } from './assessing.ts'
import { quotesOf } from './quoting.ts'

/** Of one deployment; `unknown` where its book is not whole, and who would be redeemed is not known. */
export type RedemptionPreview = {
  readonly deployment: string
  readonly outcome: Redemption | Blocked | { readonly kind: 'unknown' }
}

/** What redeeming `amount` of the debt asset (in its units) at a block would do, in each deployment whose debts can be redeemed. */
export const redemptionsAmong = (
  deployments: readonly Assessable[],
  block: BlockRef,
  amount: bigint,
): readonly RedemptionPreview[] => {
  const quotes = quotesOf(deployments)
  return deployments.flatMap((one): readonly RedemptionPreview[] => {
    const { adapter, mirror } = one
    if (!adapter.redemptions) return []
    const deployment = formatDeploymentId(mirror.deployment)
    if (!isWhole(one)) return [{ deployment, outcome: { kind: 'unknown' } }]
    const env = bookEnvOf(one, block, quotes)
    return [{ deployment, outcome: adapter.redemptions.redeem(mirror, env, amount) }]
  })
}
