import type { Address } from 'viem'
import type { Feed } from '../feeds.ts'
import type { Core } from './deploy-core.ts'

/** A reserve of the local pool. */
export type Reserve = {
  readonly symbol: string
  readonly asset: Address
  readonly decimals: number
  readonly aToken: Address
  readonly variableDebtToken: Address
  readonly stableDebtToken: Address
  /** The price feed's proxy, and the aggregator that it had at first. */
  readonly feed: Address
  readonly aggregator: Address
}

/** Where everything is. `reserves` and `feeds` are by symbol, and grow when a reserve is added. */
export type Addresses = Core & {
  readonly multicall3: Address
  readonly reserves: Readonly<Record<string, Reserve>>
  readonly feeds: Readonly<Record<string, Feed>>
}
