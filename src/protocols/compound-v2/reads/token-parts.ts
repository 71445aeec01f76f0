// The parts of one cToken's state: its own totals, the comptroller's settings of it, what it lends.
import { type Address, encodeFunctionData, erc20Abi } from 'viem'
import { comptrollerAbi, cTokenAbi } from '../../../../abis/compound-v2.ts'
import type { CallResult, ContractCall } from '../../../model/evm.ts'
import type { Fault } from '../../../model/market.ts'
import { type Answer, answerOf, faultAmong, symbolOf } from '../../answers.ts'
import type { Underlying } from '../account.ts'
import { exchangeRateDown, type Lending } from '../accrual.ts'
import type { Clock, CompoundMarket, Traits } from '../state.ts'

const GETTER_GAS_MAX = 30_000
/** Cash is the underlying's balance, which some tokens compute. */
const CASH_GAS_MAX = 100_000
const ERC20_GAS_MAX = 60_000
const NATIVE_DECIMALS = 18

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

/** A getter of a cToken. */
export const tokenCall = (to: Address, functionName: TokenView): ContractCall => ({
  to,
  data: encodeFunctionData({ abi: cTokenAbi, functionName }),
  gasMax: functionName === 'getCash' || functionName === 'exchangeRateStored' ? CASH_GAS_MAX : GETTER_GAS_MAX,
})

/** A cToken's totals as stored. */
export const totalsCalls = (address: Address, clock: Clock): readonly ContractCall[] =>
  [ACCRUED_AT[clock], ...TOTALS].map((name) => tokenCall(address, name))

type Tallies = Pick<Lending, 'totals' | 'reserveFactor' | 'initialExchangeRate'> & {
  readonly interestRateModel: Address
}

/** Totals as stored; the exchange rate has to follow from them, else this is maths that we do not know. */
export const talliesIn = (clock: Clock, [accrual, ...results]: readonly CallResult[]): Tallies | Fault => {
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

/** What the comptroller keeps of a cToken. */
export const settingsCalls = ({ comptroller }: CompoundMarket, address: Address): readonly ContractCall[] =>
  SETTINGS.map((functionName) => ({
    to: comptroller,
    data: encodeFunctionData({ abi: comptrollerAbi, functionName, args: [address] }),
    gasMax: GETTER_GAS_MAX,
  }))

/** The answers to `settingsCalls`; comptrollers without caps have none. */
export const settingsIn = (results: readonly CallResult[]) => {
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

/** Symbol and decimals of what is lent; of the native asset they are known. */
export const underlyingCalls = ({ isNative, underlying }: Traits): readonly ContractCall[] =>
  isNative
    ? []
    : (['symbol', 'decimals'] as const).map((functionName) => ({
        to: underlying,
        data: encodeFunctionData({ abi: erc20Abi, functionName }),
        gasMax: ERC20_GAS_MAX,
        immutable: true,
      }))

/** A token without a symbol goes by its address; one without decimals cannot be shown, and is a fault. */
export const underlyingIn = (
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
