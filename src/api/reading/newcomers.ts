// Watched accounts that the book does not have yet: it is told of them between two cycles, and reads them with the next.
import type { Address } from 'viem'
import type { FollowEvent } from '../../monitor/follow.ts'

export type Newcomers = {
  /** Accounts are watched from now on. */
  add(accounts: readonly Address[]): void
  onFollowEvent(chainId: number, event: FollowEvent): void
  /** Whether the book of a chain may not have an account yet, though it is watched. */
  has(chainId: number, account: Address): boolean
}

/** A cycle may be under way when an account is added: only the one after it is certain to read it. */
const CYCLES_UNTIL_READ = 2

/** At the start every account of `watched` is one, until the first cycle of each chain. */
export const createNewcomers = (chainIds: readonly number[], watched: readonly Address[]): Newcomers => {
  const left = new Map(
    chainIds.map((id) => [id, new Map<Address, number>(watched.map((account) => [account, 1]))]),
  )
  return {
    add: (accounts) => {
      for (const waiting of left.values())
        for (const account of accounts) waiting.set(account, CYCLES_UNTIL_READ)
    },
    onFollowEvent: (chainId, event) => {
      if (event.kind !== 'cycle' || event.outcome.kind !== 'committed') return
      const waiting = left.get(chainId)
      for (const [account, cycles] of waiting ?? [])
        if (cycles > 1) waiting?.set(account, cycles - 1)
        else waiting?.delete(account)
    },
    has: (chainId, account) => left.get(chainId)?.has(account) ?? false,
  }
}
