// State at one observed block after the other: what did not change in between is not read again.
import type { Market } from '../model/market.ts'
import type { PriceKey, PriceReading } from '../model/price.ts'
import type { Deployment } from '../protocols/adapter.ts'
import type { Database } from './database.ts'
import { KIND, type Kind } from './entries.ts'
import { type PastState, pastState } from './history.ts'
import { parsePartKey } from './market-parts.ts'
import { preparedFor } from './statements.ts'

type Written = { readonly validFrom: number; readonly kind: Kind; readonly key: string }

const statementsOf = preparedFor({
  written: `SELECT v.valid_from AS validFrom, e.kind, e.key FROM entries e JOIN versions v ON v.entry_id = e.id
    WHERE e.deployment_id = ? AND e.kind IN (${KIND.market}, ${KIND.price}) AND v.valid_from > ? AND v.valid_from <= ?
    ORDER BY v.valid_from`,
})

/** The state of a deployment at blocks from `first` to `last`, asked for in ascending order. */
export const createPastWalk = (
  database: Database,
  deploymentId: number,
  deployment: Deployment,
  { first, last }: { readonly first: bigint; readonly last: bigint },
): ((blockNumber: bigint) => PastState) => {
  const written = statementsOf(database).written.all(
    ...[deploymentId, Number(first), Number(last)],
  ) as Written[]
  const markets = new Map<string, Market | undefined>()
  const prices = new Map<PriceKey, PriceReading | undefined>()
  let next = 0
  const forgetUpTo = (blockNumber: number): void => {
    for (let one = written[next]; one && one.validFrom <= blockNumber; one = written[++next])
      if (one.kind === KIND.price) prices.delete(one.key)
      else markets.delete(parsePartKey(one.key).market)
  }
  return (blockNumber) => {
    forgetUpTo(Number(blockNumber))
    const state = pastState(database, deploymentId, deployment, blockNumber)
    const kept = <T>(known: Map<string, T>, key: string, read: (key: string) => T): T => {
      if (!known.has(key)) known.set(key, read(key))
      return known.get(key) as T
    }
    return {
      ...state,
      market: (name) => kept(markets, name, state.market),
      price: (key) => kept(prices, key, state.price),
    }
  }
}
