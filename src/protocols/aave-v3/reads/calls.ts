// How this folder's calls are put together, and how a part of the market is changed by their answers.
import {
  type Abi,
  type Address,
  type ContractFunctionName,
  type EncodeFunctionDataParameters,
  encodeFunctionData,
} from 'viem'
import type { ContractCall } from '../../../model/evm.ts'
import type { Fault } from '../../../model/market.ts'
import { type AaveChange, type AaveMarket, MARKET, type MarketPart } from '../state.ts'

/** Gas that a view of a few words needs at most, its proxy included. */
const VIEW_GAS_MAX = 30_000

/** A view of a contract. */
export const viewOf = <const TAbi extends Abi, TName extends ContractFunctionName<TAbi>>(
  to: Address,
  view: EncodeFunctionDataParameters<TAbi, TName>,
  gasMax = VIEW_GAS_MAX,
): ContractCall => ({ to, data: encodeFunctionData(view), gasMax })

/** Changes the market, once it is known. */
export const updateMarket = (next: (market: AaveMarket) => AaveMarket): AaveChange => ({
  kind: 'market',
  key: MARKET,
  next: (market) => market && next(market),
})

/** A market whose part was read again: its fault is set or cleared, and `fault` is the first of all parts. */
export const withPart = (market: AaveMarket, part: MarketPart, fault: Fault | undefined): AaveMarket => {
  const { fault: _, ...rest } = market
  const faults = { ...market.faults }
  if (fault) faults[part] = fault
  else delete faults[part]
  const first = Object.values(faults)[0]
  return first ? { ...rest, faults, fault: first } : { ...rest, faults }
}
