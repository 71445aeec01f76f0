// One cToken: its totals, the comptroller's settings of it, and its interest rate model.
import type { Address } from 'viem'
import { cTokenAbi } from '../../../../abis/compound-v2.ts'
import type { CallResult, ContractCall } from '../../../model/evm.ts'
import type { Fault } from '../../../model/market.ts'
import { answerOf } from '../../answers.ts'
import { due, retry } from '../../changing.ts'
import { keys } from '../keys.ts'
import {
  type CompoundChange,
  type CompoundMarket,
  type CompoundMirror,
  type CompoundRead,
  type CompoundToken,
  marketOf,
  type Traits,
  updateMarket,
  withToken,
} from '../state.ts'
import { rateCalls, rateModelIn } from './rate.ts'
import {
  settingsCalls,
  settingsIn,
  talliesIn,
  tokenCall,
  totalsCalls,
  underlyingCalls,
  underlyingIn,
} from './token-parts.ts'

/** CToken.borrowRateMaxMantissa, an internal constant: 0.0005 % a slot. */
const BORROW_RATE_MAX = 5_000_000_000_000n

/** What the calls of one token are, so that their answers can be taken apart. */
type Plan = {
  readonly address: Address
  readonly traits: Traits
  readonly totals: readonly ContractCall[]
  readonly settings: readonly ContractCall[]
  readonly share: readonly ContractCall[]
  readonly rate: readonly ContractCall[]
  readonly underlying: readonly ContractCall[]
}

const planOf = (market: CompoundMarket, address: Address, traits: Traits): Plan => ({
  address,
  traits,
  totals: totalsCalls(address, market.clock),
  settings: settingsCalls(market, address),
  share: traits.hasSeizeShare ? [tokenCall(address, 'protocolSeizeShareMantissa')] : [],
  rate: rateCalls(address, traits.interestRateModel, market.clock),
  underlying: market.cTokens[address] ? [] : underlyingCalls(traits),
})

const faulty = (address: Address, fault: Fault): readonly CompoundChange[] => [
  updateMarket((market) => ({ ...market, faults: { ...market.faults, [address]: fault } })),
  retry(keys.token(address)),
]

/** A market whose rate only its model's contract can compute is observed. */
const withFidelity = (market: CompoundMarket): CompoundMarket => {
  const isGiven = Object.values(market.cTokens).some(({ rateModel }) => rateModel.kind === 'given')
  return { ...market, fidelity: isGiven ? 'observed' : 'exact' }
}

/** The market with the token, its fault mended, in the comptroller's order. */
const withWhole = (market: CompoundMarket, cToken: CompoundToken): CompoundMarket => {
  const { [cToken.address]: _mended, ...faults } = market.faults
  const { cTokens } = withToken(market, cToken)
  const ordered = market.listed.flatMap((address) => {
    const one = cTokens[address]
    return one ? [[address, one] as const] : []
  })
  return withFidelity({ ...market, faults, cTokens: Object.fromEntries(ordered) })
}

/** Positions whose account entered a market before it could be read. */
const enteredBefore = ({ positions }: CompoundMirror, address: Address): readonly CompoundChange[] =>
  [...positions.values()]
    .filter(({ entered }) => entered.includes(address))
    .flatMap(({ owner }) => due(keys.account(owner)))

const decode = (
  plan: Plan,
  results: readonly CallResult[],
  mirror: CompoundMirror,
): readonly CompoundChange[] => {
  const { address, traits } = plan
  const market = marketOf(mirror)
  if (!market) return []
  let offset = 0
  const take = (calls: readonly ContractCall[]): readonly CallResult[] => {
    offset += calls.length
    return results.slice(offset - calls.length, offset)
  }
  const tallies = talliesIn(market.clock, take(plan.totals))
  const settings = settingsIn(take(plan.settings))
  const [shareResult] = take(plan.share)
  const rateResults = take(plan.rate)
  const known = market.cTokens[address]
  const underlying = known?.underlying ?? underlyingIn(traits, take(plan.underlying))
  const share = shareResult ? answerOf(cTokenAbi, 'protocolSeizeShareMantissa', shareResult) : undefined
  if ('reason' in tallies) return faulty(address, tallies)
  if ('reason' in settings) return faulty(address, settings)
  if ('reason' in underlying) return faulty(address, underlying)
  if (share && !share.ok) return faulty(address, share.fault)
  const { interestRateModel, ...lending } = tallies
  const rateModel = rateModelIn(market.clock, rateResults, lending.totals)
  const cToken: CompoundToken = {
    ...{ address, symbol: traits.symbol, decimals: traits.decimals, underlying },
    ...{ isNative: traits.isNative, protocolSeizeShare: share?.value ?? 0n },
    ...lending,
    ...settings,
    ...{ rateModel, borrowRateMax: BORROW_RATE_MAX },
    ...(known?.borrowsSlot === undefined ? {} : { borrowsSlot: known.borrowsSlot }),
  }
  const isMoved = interestRateModel !== traits.interestRateModel
  const nowTraits = { ...traits, interestRateModel }
  return [
    updateMarket((current) =>
      withWhole({ ...current, traits: { ...current.traits, [address]: nowTraits } }, cToken),
    ),
    ...(isMoved ? due(keys.token(address)) : []),
    ...(rateModel.kind === 'failed' ? [retry(keys.token(address))] : []),
    ...(known ? [] : [...enteredBefore(mirror, address), ...due(keys.price(address))]),
  ]
}

export const readToken = (market: CompoundMarket, address: Address, traits: Traits): CompoundRead => {
  const plan = planOf(market, address, traits)
  return {
    key: keys.token(address),
    calls: [...plan.totals, ...plan.settings, ...plan.share, ...plan.rate, ...plan.underlying],
    decode: (results, _block, mirror) => decode(plan, results, mirror),
  }
}

/** Cash alone. An answer that fails makes the whole token due. */
export const readCash = (address: Address): CompoundRead => ({
  key: keys.cash(address),
  calls: [tokenCall(address, 'getCash')],
  decode: (results) => {
    const cash = answerOf(cTokenAbi, 'getCash', results[0])
    if (!cash.ok) return due(keys.token(address))
    return [
      updateMarket((market) => {
        const cToken = market.cTokens[address]
        return cToken && cToken.totals.cash !== cash.value
          ? withToken(market, { ...cToken, totals: { ...cToken.totals, cash: cash.value } })
          : market
      }),
    ]
  },
})
