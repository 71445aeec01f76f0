// Who is watched: by the configuration and by the database, together.
import type { Address } from 'viem'
import type { Watch } from '../alerts/engine.ts'
import type { Database } from '../store/database.ts'
import { type StoredWatch, storedWatches } from '../store/watches.ts'
import type { Config } from './config/config.ts'

/** A watch and where it is from. `missing`: receivers that it names and that are configured no more. */
export type ListedWatch = Watch & {
  readonly source: 'configuration' | 'database'
  readonly missing: readonly string[]
}

type Configured = Pick<Config, 'watches' | 'receivers'>

/** Who is watched. Of an account in both, the configuration's watches hold; a stored watch none of whose receivers is left speaks to all. */
export const listWatches = (
  { watches, receivers }: Configured,
  stored: readonly StoredWatch[],
): readonly ListedWatch[] => {
  const names = receivers.map(({ name }) => name)
  const configured = new Set(watches.map(({ account }) => account))
  return [
    ...watches.map((watch): ListedWatch => ({ ...watch, source: 'configuration', missing: [] })),
    ...stored.flatMap(({ account, label, receivers: wanted }): readonly ListedWatch[] => {
      if (configured.has(account)) return []
      const known = names.filter((name) => wanted?.includes(name))
      return [
        {
          account,
          ...(label === null ? {} : { label }),
          receivers: known.length > 0 ? known : names,
          source: 'database',
          missing: (wanted ?? []).filter((name) => !names.includes(name)),
        },
      ]
    }),
  ]
}

/** Accounts that began or ceased to be watched. */
export type WatchChange = { readonly added: readonly Address[]; readonly removed: readonly Address[] }

/** Who is watched while a daemon runs. */
export type WatchList = {
  watches(): readonly Watch[]
  /** Always the accounts of now: the same array, changed in place. */
  readonly accounts: readonly Address[]
  /** Reads the database again; listeners hear what changed. */
  refresh(): void
  /** `listener` is called after each refresh. */
  onChange(listener: (change: WatchChange) => void): void
}

/** The list of a daemon, as the database has it now. */
export const createWatchList = (config: Configured, database: Database): WatchList => {
  const listeners: ((change: WatchChange) => void)[] = []
  const read = (): readonly Watch[] => listWatches(config, storedWatches(database))
  let watches = read()
  const accounts = [...new Set(watches.map(({ account }) => account))]
  return {
    watches: () => watches,
    accounts,
    refresh: () => {
      watches = read()
      const before = [...accounts]
      const after = [...new Set(watches.map(({ account }) => account))]
      accounts.splice(0, accounts.length, ...after)
      const change = {
        added: after.filter((account) => !before.includes(account)),
        removed: before.filter((account) => !after.includes(account)),
      }
      for (const listener of listeners) listener(change)
    },
    onChange: (listener) => listeners.push(listener),
  }
}
