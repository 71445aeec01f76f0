// One vToken: its totals, the comptroller's settings of it, its interest rate model, and once its underlying.
import type { Address } from 'viem'
import { vTokenAbi } from '../../../../abis/venus-core.ts'
import type { CallResult, ContractCall } from '../../../model/evm.ts'
import type { Fault } from '../../../model/market.ts'
import { type Answer, answerOf, symbolOf } from '../../answers.ts'
import { due, retry } from '../../changing.ts'
import type { Underlying } from '../../compound-v2/account.ts'
import { keys } from '../keys.ts'
import {
  marketOf,
  type Traits,
  updateMarket,
  type VenusChange,
  type VenusMarket,
  type VenusMirror,
  type VenusRead,
  type VToken,
  withVToken,
} from '../state.ts'
import { COMPUTED_GAS_MAX, viewOf } from './calls.ts'
import { modelCalls, rateCall, rateModelIn } from './rate.ts'
import { settingsCalls, settingsIn } from './settings.ts'
import { faulty, tallyIn, totalsCalls } from './totals.ts'

/** VToken.borrowRateMaxMantissa, an internal constant: 0.0005 % a block. */
const BORROW_RATE_MAX = 5_000_000_000_000n

const isNamed = ({ underlying }: Traits): boolean => underlying.decimals >= 0

/** An underlying that has no decimals has no price that we know the scale of. */
const underlyingIn = (
  { underlying: { asset } }: Traits,
  results: readonly CallResult[],
): Underlying | Fault => {
  const symbol = symbolOf(answerOf(vTokenAbi, 'symbol', results[0]) as Answer<string>, results[0])
  const decimals = answerOf(vTokenAbi, 'decimals', results[1])
  return decimals.ok
    ? { asset, symbol: symbol || asset.slice(0, 10), decimals: decimals.value }
    : decimals.fault
}

/** A rate that only its model's contract can compute makes the market observed. */
const withFidelity = (market: VenusMarket): VenusMarket => {
  const isTold = Object.values(market.cTokens).some(({ rateModel }) => rateModel.kind === 'given')
  return { ...market, fidelity: isTold ? 'observed' : 'exact' }
}

/** The market with the vToken, its fault mended, in the comptroller's order. */
const withWhole = (market: VenusMarket, vToken: VToken, traits: Traits): VenusMarket => {
  const { [vToken.address]: _mended, ...faults } = market.faults
  const { cTokens } = withVToken(market, vToken)
  const ordered = market.listed.flatMap((address) => {
    const one = cTokens[address]
    return one ? [[address, one] as const] : []
  })
  return withFidelity({
    ...market,
    faults,
    traits: { ...market.traits, [vToken.address]: traits },
    cTokens: Object.fromEntries(ordered),
  })
}

/** The calls of one read by what they are for, so that their answers can be taken apart. */
type Parts = readonly (readonly ContractCall[])[]

const partsOf = (
  market: VenusMarket,
  address: Address,
  traits: Traits,
  model: Address | undefined,
): Parts => [
  totalsCalls(address, traits),
  settingsCalls(market, address),
  [viewOf(address, vTokenAbi, 'interestRateModel', []), rateCall(address)],
  model ? modelCalls(model, market.cTokens[address]?.rateModel) : [],
  isNamed(traits)
    ? []
    : (['symbol', 'decimals'] as const).map((name) =>
        viewOf(traits.underlying.asset, vTokenAbi, name, [], COMPUTED_GAS_MAX),
      ),
]

const decode = (
  address: Address,
  traits: Traits,
  model: Address | undefined,
  parts: readonly (readonly CallResult[])[],
  mirror: VenusMirror,
): readonly VenusChange[] => {
  const market = marketOf(mirror)
  if (!market) return []
  const [totals = [], settings = [], [modelResult, rateResult] = [], models = [], names = []] = parts
  const tally = tallyIn(traits, totals, market.cTokens[address])
  const set = settingsIn(market, settings)
  const underlying = isNamed(traits) ? traits.underlying : underlyingIn(traits, names)
  const modelNow = answerOf(vTokenAbi, 'interestRateModel', modelResult)
  if ('reason' in tally) return faulty(address, tally)
  if ('reason' in set) return faulty(address, set)
  if ('reason' in underlying) return faulty(address, underlying)
  if (!modelNow.ok) return faulty(address, modelNow.fault)
  const isModelRead = modelNow.value === model
  const like = market.cTokens[address]?.rateModel
  const rateModel = rateModelIn(rateResult, models, like, tally.totals)
  const isUnlike = rateModel.kind === 'given' && (like?.kind === 'jump' || like?.kind === 'two-kinks')
  const { symbol, decimals, isNative, namesBorrower } = traits
  const vToken: VToken = {
    ...{ address, symbol, decimals, underlying, isNative, namesBorrower, protocolSeizeShare: 0n },
    ...tally,
    ...set,
    ...{ rateModel, borrowRateMax: BORROW_RATE_MAX, interestRateModel: modelNow.value },
  }
  const isNew = market.cTokens[address] === undefined
  return [
    updateMarket((current) => withWhole(current, vToken, { ...traits, underlying })),
    ...(isNew ? due(keys.price(address)) : []),
    ...(isNew && market.boundedOracle ? due(keys.boundedPrices(address)) : []),
    ...(isModelRead && !isUnlike ? [] : due(keys.vToken(address))),
    ...(rateModel.kind === 'failed' ? [retry(keys.vToken(address))] : []),
  ]
}

/** Everything of one vToken. Its model's parameters follow in another round where the model is another than before. */
export const readVToken = (market: VenusMarket, address: Address, traits: Traits): VenusRead => {
  const model = market.cTokens[address]?.interestRateModel
  const parts = partsOf(market, address, traits, model)
  return {
    key: keys.vToken(address),
    calls: parts.flat(),
    decode: (results, _block, mirror) => {
      let offset = 0
      const answers = parts.map((calls) => {
        offset += calls.length
        return results.slice(offset - calls.length, offset)
      })
      return decode(address, traits, model, answers, mirror)
    },
  }
}
