import type { Acted, Action, Blocked } from '../../model/liquidation.ts'
import type { Env } from '../adapter.ts'
import type { AaveMarket, AavePosition } from './state.ts'
export const act = (
  _m: AaveMarket,
  _p: AavePosition,
  _e: Env,
  _a: Action,
): Acted<AaveMarket, AavePosition> | Blocked => ({ kind: 'blocked', revert: '' })
