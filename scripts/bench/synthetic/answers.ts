// What the contracts of a synthetic pool answer: recorded words about the pool, and accounts as they are told.
import { type Address, getAddress, type Hex, numberToHex, slice, toFunctionSelector } from 'viem'
import type { Call, CallResult, ContractCall } from '../../../src/model/evm.ts'
import { type AavePosition, type Reserve, reservesOf } from '../../../src/protocols/aave-v3/state.ts'
import { callKey, type Pool } from './pool.ts'

/** How the pool and its accounts are at a block. `priceBps` multiplies prices of volatile assets. */
export type Situation = {
  readonly priceBps: bigint
  positionOf(account: Address): AavePosition | undefined
}

type Side = { readonly reserve: Reserve; readonly of: 'collateral' | 'debt' | 'stable' }

const VOLATILE = ['WETH', 'wstETH', 'WBTC', 'LINK']
const BPS = 10_000n
const selector = {
  configuration: toFunctionSelector('getUserConfiguration(address)'),
  eMode: toFunctionSelector('getUserEMode(address)'),
  scaled: toFunctionSelector('scaledBalanceOf(address)'),
  price: toFunctionSelector('getAssetPrice(address)'),
}

const word = (value: bigint): CallResult => ({ ok: true, data: numberToHex(value, { size: 32 }) })

const addressIn = (data: Hex): Address => getAddress(slice(data, 16, 36))

const sidesOf = (pool: Pool): ReadonlyMap<string, Side> =>
  new Map(
    reservesOf(pool.market).flatMap((reserve): [string, Side][] => [
      [reserve.aToken.toLowerCase(), { reserve, of: 'collateral' }],
      [reserve.variableDebtToken.toLowerCase(), { reserve, of: 'debt' }],
      [reserve.stableDebtToken.toLowerCase(), { reserve, of: 'stable' }],
    ]),
  )

/** Answers calls as the pool's contracts would in a situation. Throws on a call that was neither recorded nor is of an account. */
export const createAnswers = (pool: Pool): ((call: Call, situation: Situation) => CallResult) => {
  const sides = sidesOf(pool)
  const volatile = new Set(
    reservesOf(pool.market).flatMap(({ symbol, asset }) => (VOLATILE.includes(symbol) ? [asset] : [])),
  )
  const ofAccount = ({ to, data }: ContractCall, { positionOf }: Situation): CallResult | undefined => {
    const side = sides.get(to.toLowerCase())
    const called = slice(data, 0, 4)
    if (side?.of === 'stable') return word(0n)
    const isOfUser = called === selector.configuration || called === selector.eMode
    if (!isOfUser && called !== selector.scaled) return undefined
    const position = positionOf(addressIn(data))
    if (called === selector.configuration) return word(position?.userConfiguration ?? 0n)
    if (called === selector.eMode) return word(BigInt(position?.eMode ?? 0))
    const leg = side && position?.legs[side.reserve.asset]
    return word((side?.of === 'debt' ? leg?.scaledVariableDebt : leg?.scaledCollateral) ?? 0n)
  }
  return (call, situation) => {
    const recorded = pool.answers.get(callKey(call))
    if (!recorded) {
      const answer = 'data' in call ? ofAccount(call, situation) : undefined
      if (!answer) throw new Error(`the synthetic pool has no answer to ${callKey(call)}`)
      return answer
    }
    const isPrice = 'data' in call && slice(call.data, 0, 4) === selector.price
    if (!isPrice || !recorded.ok || !volatile.has(addressIn(call.data))) return recorded
    return word((BigInt(recorded.data) * situation.priceBps) / BPS)
  }
}
