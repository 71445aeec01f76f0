import type { Address } from 'viem'
import { formatDeploymentId } from '../model/ids.ts'
import { positionIdsOf } from '../store/entries.ts'
import type { Follower } from './cycle.ts'

/**
 * Brings the attention of a follower in step with accounts that began or ceased to be watched, between cycles or in the
 * middle of one. `Follower.watched` is its owner's to change.
 */
export const rewatch = (
  { database, attentions }: Pick<Follower, 'database' | 'attentions'>,
  { added, removed }: { readonly added: readonly Address[]; readonly removed: readonly Address[] },
): void => {
  const ids = new Map(added.map((account) => [account, positionIdsOf(database, account)]))
  for (const [{ mirror }, attention] of attentions) {
    const prefix = `${formatDeploymentId(mirror.deployment)}:`
    for (const [account, owned] of ids)
      attention.watch(
        account,
        owned.filter((id) => id.startsWith(prefix)).map((id) => id.slice(prefix.length)),
      )
    for (const account of removed) attention.unwatch(account)
  }
}
