// What an account does with its own loan, executed on a state.
import type { Acted, Action, Blocked } from '../../model/liquidation.ts'
import type { Env } from '../adapter.ts'
import { unlessRefused } from '../refusing.ts'
import { accrued } from './accrual.ts'
import { borrow, repay } from './borrowing.ts'
import { type Pool, remaining, type Scene } from './movements.ts'
import { refuseFault, requireThat } from './refusing.ts'
import { revisionOf } from './revisions/index.ts'
import { type AaveMarket, type AavePosition, type Reserve, withReserve } from './state.ts'
import { supply, withdraw } from './supplying.ts'

const actions: Readonly<Record<Action['kind'], (scene: Scene, amount: bigint) => Pool>> = {
  supply,
  withdraw,
  borrow,
  repay,
}

/** The state that an action meets: its reserve accrued to the block. Refuses what is not listed or could not be read. */
const sceneOf = (market: AaveMarket, position: AavePosition, env: Env, asset: Reserve['asset']): Scene => {
  const revision = revisionOf(market.revision)
  if (!revision)
    return refuseFault({ reason: 'unknown-revision', detail: `no maths for revision ${market.revision}` })
  const stored = market.reserves[asset]
  const fault = market.fault ?? position.fault ?? stored?.fault
  if (fault) refuseFault(fault)
  requireThat(revision, stored !== undefined, 'inactive')
  const reserve = accrued(stored as Reserve, revision, env.timestamp)
  return { pool: { market: withReserve(market, reserve), position }, reserve, revision, env }
}

/**
 * Pool.supply, withdraw, borrow or repay by the account for itself, at the variable rate, in this block: the state behind it
 * or the pool's refusal. 2^256 − 1 withdraws or repays everything. Rates stay as they are: what the interest rate strategy
 * makes of the new balances is not modelled, and counts from the next second on only.
 */
export const act = (
  market: AaveMarket,
  position: AavePosition,
  env: Env,
  { kind, asset, amount }: Action,
): Acted<AaveMarket, AavePosition> | Blocked =>
  unlessRefused(() => {
    const after = actions[kind](sceneOf(market, position, env, asset), amount)
    return {
      kind: 'acted',
      after: { market: after.market, position: remaining(after.position) },
    }
  })
