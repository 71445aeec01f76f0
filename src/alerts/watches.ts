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
  const byAccount = new Map<
    string,
    { readonly label: string | undefined; readonly receivers: readonly string[] }
  >()
  for (const { account, label, receivers } of watches) {
    const known = byAccount.get(account)
    byAccount.set(account, {
      label: known?.label || label,
      receivers: [...new Set([...(known?.receivers ?? []), ...receivers])],
    })
  }
  return {
    has: (account) => byAccount.has(account),
    labelOf: (account) => byAccount.get(account)?.label,
    receiversOf: (account) => byAccount.get(account)?.receivers ?? [],
  }
}
