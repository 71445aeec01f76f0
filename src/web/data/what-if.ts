// What would be, by the very code that the daemon assesses with: it is loaded for one protocol when it is asked for.
import type { Address } from 'viem'
import { type CallOptions, type Client, PlimsollError } from '../../client/client.ts'
import type { Assessment } from '../../model/assessment.ts'
import type { Action } from '../../model/liquidation.ts'
import type { Adapter } from '../../protocols/adapter.ts'
import { laterBy } from '../../risk/later.ts'
import { assessLoan, behind, type Loan, withPrices } from '../../risk/loan.ts'
import { loanWith } from '../../risk/loan-state.ts'
import { PPM } from '../../units/brands.ts'

const adapters = import.meta.glob<Readonly<Record<string, Adapter>>>('../../protocols/*/index.ts')

/** What a loan rests on: from the book, or read from the chain for this where the book does not have it. */
const stateOf = async (
  client: Client,
  { id, owner, chainId }: Asked,
  options: CallOptions,
): Promise<unknown> => {
  try {
    return (await client.positionState(id, options)).state
  } catch (error) {
    if (!(error instanceof PlimsollError && error.status === 404)) throw error
  }
  const { chains } = await client.account(owner, { chain: chainId, include: 'state' }, options)
  const found = chains.flatMap(({ positions }) => positions).find((one) => one.id === id)
  return found && 'state' in found ? found.state : undefined
}

type Asked = {
  readonly id: string
  readonly owner: string
  readonly chainId: number
  readonly protocol: string
}

/** A loan as the daemon has it, to compute with. Throws where it cannot be had. */
export const loadLoan = async (client: Client, asked: Asked, options: CallOptions): Promise<Loan> => {
  const { protocol } = asked
  const [state, module] = await Promise.all([
    stateOf(client, asked, options),
    adapters[`../../protocols/${protocol}/index.ts`]?.(),
  ])
  const adapter = Object.values(module ?? {}).find((one) => one?.protocol === protocol)
  if (!adapter) throw new Error(`this page does not know the protocol ${protocol}`)
  return loanWith(adapter, state)
}

export type Change = Action

/** Changes that happen one after the other: what the account does, then prices, then time. */
export type WhatIf = {
  readonly actions: readonly Change[]
  /** By price key: signed parts per million. */
  readonly prices: ReadonlyMap<string, number>
  readonly seconds: number
}

export type Outcome =
  | { readonly kind: 'assessed'; readonly assessment: Assessment }
  /** Nothing is left of it. */
  | { readonly kind: 'gone' }
  /** The contract would refuse it, in its own word. */
  | { readonly kind: 'blocked'; readonly action: Change; readonly revert: string }

/** What a loan comes to. Exact, as the contract would compute it. */
export const whatIf = (loan: Loan, { actions, prices, seconds }: WhatIf): Outcome => {
  let current = loan
  for (const action of actions) {
    const { adapter, market, position, env } = current
    const outcome = adapter.act(market, position, env, action)
    if (outcome.kind === 'blocked') return { kind: 'blocked', action, revert: outcome.revert }
    const after = behind(current, outcome.after)
    if (!after) return { kind: 'gone' }
    current = after
  }
  const priced = withPrices(current, (key, price) => {
    const ppm = prices.get(key)
    return ppm === undefined || ppm === 0 ? undefined : (price * (PPM + BigInt(ppm))) / PPM
  })
  return { kind: 'assessed', assessment: assessLoan(seconds === 0 ? priced : laterBy(priced, seconds)) }
}

/** An action of so much of an asset. */
export const actionOf = (kind: Change['kind'], asset: string, amount: bigint): Change => ({
  kind,
  asset: asset as Address,
  amount,
})
