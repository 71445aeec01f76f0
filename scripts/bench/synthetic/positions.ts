// Drawn accounts as the adapter's own state, without a chain.
import { type Address, checksumAddress, toHex } from 'viem'
import {
  type AaveMarket,
  type AavePosition,
  type Leg,
  MARKET,
  type Reserve,
  reservesOf,
} from '../../../src/protocols/aave-v3/state.ts'
import { RAY } from '../../../src/units/brands.ts'
import { amountsOf } from './amounts.ts'
import { drawAccounts } from './draw.ts'
import type { Pool } from './pool.ts'

/** Any address, a different one for every index. */
export const syntheticAccount = (index: number): Address =>
  checksumAddress(toHex(0x9e3779b97f4a7c15n * BigInt(index + 1), { size: 20 }))

const legIn = (reserve: Reserve, supplied: bigint, borrowed: bigint): Leg => ({
  scaledCollateral: (supplied * RAY) / reserve.liquidityIndex,
  scaledVariableDebt: (borrowed * RAY) / reserve.variableBorrowIndex,
})

const bitsOf = ({ id }: Reserve, { scaledCollateral, scaledVariableDebt }: Leg): bigint =>
  (scaledVariableDebt > 0n ? 1n << BigInt(2 * id) : 0n) | (scaledCollateral > 0n ? 2n << BigInt(2 * id) : 0n)

/** Positions without end, drawn from the figures: the first ones are always the same. */
export function* drawPositions({ market, deployment, block }: Pool): Generator<AavePosition, never> {
  const { chainId, protocol, deployment: name } = deployment
  const reserves = new Map(reservesOf(market as AaveMarket).map((reserve) => [reserve.symbol, reserve]))
  let index = 0
  for (const drawn of drawAccounts()) {
    const { supplies, borrows } = amountsOf(drawn)
    const legs: Record<Address, Leg> = {}
    let userConfiguration = 0n
    for (const symbol of new Set([...Object.keys(supplies), ...Object.keys(borrows)])) {
      const reserve = reserves.get(symbol)
      if (!reserve) throw new RangeError(`the local pool has no ${symbol}`)
      const leg = legIn(reserve, supplies[symbol] ?? 0n, borrows[symbol] ?? 0n)
      legs[reserve.asset] = leg
      userConfiguration |= bitsOf(reserve, leg)
    }
    const account = syntheticAccount(index++)
    yield {
      id: { chainId, protocol, deployment: name, market: MARKET, account },
      owner: account,
      asOf: block.number,
      eMode: 0,
      userConfiguration,
      legs,
    }
  }
  throw new Error('accounts ended')
}

/** The first `count` positions. */
export const positionsOf = (pool: Pool, count: number): readonly AavePosition[] => {
  const source = drawPositions(pool)
  return Array.from({ length: count }, () => source.next().value)
}
