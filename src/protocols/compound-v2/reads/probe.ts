// What a newly listed cToken is. Asking a CEther for a function that it lacks runs its fallback, which accrues: so these calls are
// made once, in a round of their own, before anything of its state is read.
import { type Address, encodeFunctionData, ethAddress, getAddress } from 'viem'
import { comptrollerAbi, cTokenAbi } from '../../../../abis/compound-v2.ts'
import type { CallResult, ContractCall } from '../../../model/evm.ts'
import { type Answer, answerOf, faultAmong, symbolOf } from '../../answers.ts'
import { due, retry } from '../../changing.ts'
import { keys } from '../keys.ts'
import { type CompoundChange, type CompoundMarket, type CompoundRead, updateMarket } from '../state.ts'

const GETTER_GAS_MAX = 60_000
/** A fallback that accrues and mints nothing. */
const FALLBACK_GAS_MAX = 400_000

const KNOWN = ['symbol', 'decimals', 'interestRateModel'] as const
const MAYBE = ['underlying', 'protocolSeizeShareMantissa', 'accrualBlockTimestamp'] as const
const NAMES = [...KNOWN, ...MAYBE] as const

export const NATIVE: Address = getAddress(ethAddress)

const probeCalls = ({ comptroller }: CompoundMarket, address: Address): readonly ContractCall[] => [
  ...NAMES.map(
    (functionName, index): ContractCall => ({
      to: address,
      data: encodeFunctionData({ abi: cTokenAbi, functionName }),
      gasMax: index < KNOWN.length ? GETTER_GAS_MAX : FALLBACK_GAS_MAX,
    }),
  ),
  {
    to: comptroller,
    data: encodeFunctionData({ abi: comptrollerAbi, functionName: 'isDeprecated', args: [address] }),
    gasMax: GETTER_GAS_MAX,
  },
]

const decode = (address: Address, results: readonly CallResult[]): readonly CompoundChange[] => {
  const answer = <TName extends (typeof NAMES)[number]>(name: TName) =>
    answerOf(cTokenAbi, name, results[NAMES.indexOf(name)])
  const symbol = symbolOf(answer('symbol') as Answer<string>, results[0])
  const decimals = answer('decimals')
  const interestRateModel = answer('interestRateModel')
  const underlying = answer('underlying')
  if (!decimals.ok || !interestRateModel.ok) {
    const fault = faultAmong(decimals, interestRateModel)
    return [
      updateMarket((market) =>
        fault ? { ...market, faults: { ...market.faults, [address]: fault } } : market,
      ),
      retry(keys.token(address)),
    ]
  }
  const traits = {
    symbol: symbol || address.slice(0, 10),
    decimals: decimals.value,
    underlying: underlying.ok ? underlying.value : NATIVE,
    isNative: !underlying.ok,
    hasSeizeShare: answer('protocolSeizeShareMantissa').ok,
    interestRateModel: interestRateModel.value,
  }
  const clock = answer('accrualBlockTimestamp').ok ? ('second' as const) : ('block' as const)
  const hasDeprecation = answerOf(comptrollerAbi, 'isDeprecated', results[NAMES.length]).ok
  return [
    updateMarket((market) => ({
      ...market,
      clock,
      hasDeprecation,
      revision: hasDeprecation ? `${clock}, deprecation` : clock,
      traits: { ...market.traits, [address]: traits },
    })),
    ...due(keys.token(address)),
  ]
}

export const readTraits = (market: CompoundMarket, address: Address): CompoundRead => ({
  key: keys.token(address),
  calls: probeCalls(market, address),
  decode: (results) => decode(address, results),
})
