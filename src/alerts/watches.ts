// Who wants to hear of whose loans.
import type { Address } from 'viem'

/** An account that somebody wants to hear about, and who. */
export type Watch = {
  readonly account: Address
  readonly label?: string
  readonly receivers: readonly string[]
}

/** Watches by account. */
export type Watched = {
  has(account: string): boolean
  /** The first label that a watch of the account has. */
  labelOf(account: string): string | undefined
  /** Receivers of all its watches, each once. */
  receiversOf(account: string): readonly string[]
}

export const watchedBy = (watches: readonly Watch[]): Watched => {
  const byAccount = new Map<string, readonly Watch[]>()
  for (const watch of watches) byAccount.set(watch.account, [...(byAccount.get(watch.account) ?? []), watch])
  const of = (account: string): readonly Watch[] => byAccount.get(account) ?? []
  return {
    has: (account) => byAccount.has(account),
    labelOf: (account) => of(account).find(({ label }) => label)?.label,
    receiversOf: (account) => [...new Set(of(account).flatMap(({ receivers }) => receivers))],
  }
}
