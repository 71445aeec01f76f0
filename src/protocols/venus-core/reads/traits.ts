// What a newly listed vToken is. A native market answers what it does not have by its fallback, which accrues: so these calls are
// made once, in a round of their own, before anything of its state is read.
import { type Address, ethAddress, getAddress, zeroAddress } from 'viem'
import { vTokenAbi } from '../../../../abis/venus-core.ts'
import type { CallResult } from '../../../model/evm.ts'
import { type Answer, answerOf, symbolOf } from '../../answers.ts'
import { due, retry } from '../../changing.ts'
import type { Underlying } from '../../compound-v2/account.ts'
import { keys } from '../keys.ts'
import { updateMarket, type VenusChange, type VenusRead } from '../state.ts'
import { LONG_GAS_MAX, viewOf } from './calls.ts'

const PROBES = [
  ...(['symbol', 'decimals', 'underlying', 'reduceReservesBlockDelta'] as const),
  ...(['isFlashLoanEnabled', 'internalCash'] as const),
] as const

const NATIVE: Underlying = { asset: getAddress(ethAddress), symbol: 'BNB', decimals: 18 }

const faulty = (address: Address, detail: string): readonly VenusChange[] => [
  updateMarket((market) => ({
    ...market,
    faults: { ...market.faults, [address]: { reason: 'read-failed', detail } },
  })),
  retry(keys.vToken(address)),
]

const probesIn = (results: readonly CallResult[]) => {
  const answer = <TName extends (typeof PROBES)[number]>(name: TName) =>
    answerOf(vTokenAbi, name, results[PROBES.indexOf(name)])
  const underlying = answer('underlying')
  const isNative = !underlying.ok || underlying.value === zeroAddress
  return {
    symbol: symbolOf(answer('symbol') as Answer<string>, results[0]),
    decimals: answer('decimals'),
    asset: isNative ? undefined : underlying.value,
    parts: {
      isNative,
      paysOutReserves: answer('reduceReservesBlockDelta').ok,
      namesBorrower: answer('isFlashLoanEnabled').ok,
      keepsCash: answer('internalCash').ok,
    },
  }
}

/** Probes of a vToken, after which its underlying's name is read. */
export const readTraits = (address: Address): VenusRead => ({
  key: keys.vToken(address),
  calls: PROBES.map((name) => viewOf(address, vTokenAbi, name, [], LONG_GAS_MAX)),
  decode: (results) => {
    const { symbol = '', decimals, asset, parts } = probesIn(results)
    if (!decimals.ok) return faulty(address, decimals.fault.detail)
    const underlying = asset ? { asset, symbol: '', decimals: -1 } : NATIVE
    const traits = { symbol: symbol || address.slice(0, 10), decimals: decimals.value, underlying, ...parts }
    return [
      updateMarket((market) => ({ ...market, traits: { ...market.traits, [address]: traits } })),
      ...due(keys.vToken(address)),
    ]
  },
})
