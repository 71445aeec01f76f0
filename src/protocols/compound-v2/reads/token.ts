// One cToken: its totals, the comptroller's settings of it, and its interest rate model.
import { type Address, encodeFunctionData, erc20Abi } from 'viem'
import { comptrollerAbi, cTokenAbi } from '../../../../abis/compound-v2.ts'
import type { CallResult, ContractCall } from '../../../model/evm.ts'
import type { Fault } from '../../../model/market.ts'
import { type Answer, answerOf, faultAmong, symbolOf } from '../../answers.ts'
import type { Underlying } from '../account.ts'
import { exchangeRateDown, type Lending } from '../accrual.ts'
import { keys } from '../keys.ts'
import {
  type CompoundChange,
  type CompoundMarket,
  type CompoundMirror,
  type CompoundRead,
  type CompoundToken,
  due,
  marketOf,
  retry,
  type Traits,
  updateMarket,
  withToken,
} from '../state.ts'
import { rateCalls, rateModelIn } from './rate.ts'

const GETTER_GAS_MAX = 40_000
/** Cash is the underlying's balance, which some tokens compute. */
const CASH_GAS_MAX = 150_000
const ERC20_GAS_MAX = 60_000
const NATIVE_DECIMALS = 18

/** CToken.borrowRateMaxMantissa, an internal constant: 0.0005 % a slot. */
const BORROW_RATE_MAX = 5_000_000_000_000n

const ACCRUED_AT = { block: 'accrualBlockNumber', second: 'accrualBlockTimestamp' } as const
const TOTALS = [
  ...(['totalBorrows', 'totalReserves', 'totalSupply', 'borrowIndex', 'reserveFactorMantissa'] as const),
  ...(['interestRateModel', 'getCash', 'exchangeRateStored'] as const),
] as const
const SETTINGS = [
  'markets',
  'mintGuardianPaused',
  'borrowGuardianPaused',
  'borrowCaps',
  'supplyCaps',
] as const

type TokenView =
  | (typeof TOTALS)[number]
  | (typeof ACCRUED_AT)['block' | 'second']
  | 'protocolSeizeShareMantissa'

const tokenCall = (to: Address, functionName: TokenView): ContractCall => ({
  to,
  data: encodeFunctionData({ abi: cTokenAbi, functionName }),
  gasMax: functionName === 'getCash' || functionName === 'exchangeRateStored' ? CASH_GAS_MAX : GETTER_GAS_MAX,
})

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
  totals: [ACCRUED_AT[market.clock], ...TOTALS].map((name) => tokenCall(address, name)),
  settings: SETTINGS.map((functionName) => ({
    to: market.comptroller,
    data: encodeFunctionData({ abi: comptrollerAbi, functionName, args: [address] }),
    gasMax: GETTER_GAS_MAX,
  })),
  share: traits.hasSeizeShare ? [tokenCall(address, 'protocolSeizeShareMantissa')] : [],
  rate: rateCalls(address, traits.interestRateModel, market.clock),
  underlying:
    traits.isNative || market.cTokens[address]
      ? []
      : (['symbol', 'decimals'] as const).map((functionName) => ({
          to: traits.underlying,
          data: encodeFunctionData({ abi: erc20Abi, functionName }),
          gasMax: ERC20_GAS_MAX,
          immutable: true,
        })),
})

/** A token without a symbol goes by its address; one without decimals cannot be shown, and is a fault. */
const underlyingIn = (
  { isNative, underlying, symbol }: Traits,
  results: readonly CallResult[],
): Underlying | Fault => {
  if (isNative)
    return { asset: underlying, symbol: symbol.replace(/^(?:c|m|qi|v)/, ''), decimals: NATIVE_DECIMALS }
  const decimals = answerOf(erc20Abi, 'decimals', results[1])
  if (!decimals.ok) return { reason: 'read-failed', detail: `decimals of ${underlying}: ${decimals.error}` }
  const name = symbolOf(answerOf(erc20Abi, 'symbol', results[0]), results[0])
  return { asset: underlying, symbol: name || underlying.slice(0, 10), decimals: decimals.value }
}

const settingsIn = (results: readonly CallResult[]) => {
  const listing = answerOf(comptrollerAbi, 'markets', results[0])
  const mint = answerOf(comptrollerAbi, 'mintGuardianPaused', results[1])
  const borrow = answerOf(comptrollerAbi, 'borrowGuardianPaused', results[2])
  const borrowCap = answerOf(comptrollerAbi, 'borrowCaps', results[3])
  const supplyCap = answerOf(comptrollerAbi, 'supplyCaps', results[4])
  if (!listing.ok || !mint.ok || !borrow.ok) return faultAmong(listing, mint, borrow) as Fault
  const [isListed, collateralFactor] = listing.value
  return {
    isListed,
    collateralFactor,
    isMintPaused: mint.value,
    isBorrowPaused: borrow.value,
    borrowCap: borrowCap.ok ? borrowCap.value : 0n,
    supplyCap: supplyCap.ok ? supplyCap.value : 0n,
  }
}

type Tallies = Pick<Lending, 'totals' | 'reserveFactor' | 'initialExchangeRate'> & {
  readonly interestRateModel: Address
}

/** Totals as stored; the exchange rate has to follow from them, else this is maths that we do not know. */
const talliesIn = (
  { clock }: CompoundMarket,
  [accrual, ...results]: readonly CallResult[],
): Tallies | Fault => {
  const answer = <TName extends (typeof TOTALS)[number]>(name: TName) =>
    answerOf(cTokenAbi, name, results[TOTALS.indexOf(name)])
  const accruedAt: Answer<bigint> = answerOf(cTokenAbi, ACCRUED_AT[clock], accrual)
  const cash = answer('getCash')
  const borrows = answer('totalBorrows')
  const reserves = answer('totalReserves')
  const supply = answer('totalSupply')
  const index = answer('borrowIndex')
  const factor = answer('reserveFactorMantissa')
  const model = answer('interestRateModel')
  const rate = answer('exchangeRateStored')
  if (
    !accruedAt.ok ||
    !cash.ok ||
    !borrows.ok ||
    !reserves.ok ||
    !supply.ok ||
    !index.ok ||
    !factor.ok ||
    !model.ok ||
    !rate.ok
  )
    return faultAmong(accruedAt, cash, borrows, reserves, supply, index, factor, model, rate) as Fault
  const lending = {
    totals: {
      cash: cash.value,
      totalBorrows: borrows.value,
      totalReserves: reserves.value,
      totalSupply: supply.value,
      borrowIndex: index.value,
      accruedAt: accruedAt.value,
    },
    reserveFactor: factor.value,
    initialExchangeRate: supply.value === 0n ? rate.value : 0n,
  }
  const computed = exchangeRateDown(lending)
  if (computed !== rate.value)
    return {
      reason: 'unknown-revision',
      detail: `exchangeRateStored answers ${rate.value}, its totals give ${computed}`,
    }
  return { ...lending, interestRateModel: model.value }
}

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
  const tallies = talliesIn(market, take(plan.totals))
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
