import type { Feed } from '../feeds.ts'
import type { Addresses, Reserve } from './addresses.ts'

type Addition = { readonly reserve: Reserve; readonly feed: Feed; readonly since: number }

/** The addresses as of the head: reserves come with blocks and vanish with them. */
export type Registry = {
  addresses(): Addresses
  add(addition: Addition): void
  /** Forgets what was added in blocks above `head`. */
  prune(head: number): void
}

export const createRegistry = (atBoot: Addresses): Registry => {
  let additions: readonly Addition[] = []
  let addresses = atBoot
  const set = (next: readonly Addition[]) => {
    additions = next
    addresses = {
      ...atBoot,
      reserves: {
        ...atBoot.reserves,
        ...Object.fromEntries(next.map(({ reserve }) => [reserve.symbol, reserve])),
      },
      feeds: { ...atBoot.feeds, ...Object.fromEntries(next.map(({ feed }) => [feed.symbol, feed])) },
    }
  }
  return {
    addresses: () => addresses,
    add: (addition) => set([...additions, addition]),
    prune: (head) => set(additions.filter((addition) => addition.since <= head)),
  }
}
