import type { LiquidationRequest } from '../model/liquidation.ts'
import type { Market, Position } from '../model/market.ts'
import type { Env } from './adapter.ts'

/** `partly` of contracts that take the amount to repay as it is. */
export const withRepay = <R extends LiquidationRequest>(
  _market: Market,
  _position: Position,
  _env: Env,
  request: R,
  repay: bigint,
): R => ({ ...request, repay })
