// Reads of one reserve: what the pool says of it, and what its tokens say.
import { type Address, getAddress, zeroAddress } from 'viem'
import {
  laterPoolAbi,
  oracleAbi,
  poolAbi,
  scaledTokenAbi,
  stableDebtTokenAbi,
} from '../../../../abis/aave-v3.ts'
import { erc20Abi } from '../../../../abis/erc20.ts'
import type { CallResult, ContractCall } from '../../../model/evm.ts'
import type { Fault } from '../../../model/market.ts'
import { answerOf, faultAmong, symbolOf } from '../../answers.ts'
import { due, retry } from '../../changing.ts'
import { decodeConfiguration } from '../configuration.ts'
import { keys } from '../keys.ts'
import { revisionOf } from '../revisions/index.ts'
import {
  type AaveChange,
  type AaveMarket,
  type AaveMirror,
  type AaveRead,
  MARKET,
  marketOf,
  type Reserve,
  withReserve,
} from '../state.ts'
import { viewOf } from './calls.ts'

const RESERVE_GAS_MAX = 60_000
/** Underlying tokens are strangers' contracts: some compute a balance. */
const UNDERLYING_GAS_MAX = 60_000

/** The total is accrued by the token. */
const STABLE_GAS_MAX = 40_000

const NO_STABLE_DEBT = { principal: 0n, rate: 0n, timestamp: 0 } as const

const updateReserve = (
  asset: Address,
  next: (reserve: Reserve | undefined) => Reserve | undefined,
): AaveChange => ({
  kind: 'market',
  key: MARKET,
  next: (market) => {
    if (!market) return market
    const reserve = next(market.reserves[asset])
    return reserve ? withReserve(market, reserve) : market
  },
})

const unread = (asset: Address, symbol: string): Reserve => ({
  id: -1,
  asset,
  symbol,
  configuration: 0n,
  liquidityIndex: 0n,
  liquidityRate: 0n,
  variableBorrowIndex: 0n,
  variableBorrowRate: 0n,
  lastUpdateTimestamp: 0,
  aToken: zeroAddress,
  stableDebtToken: zeroAddress,
  variableDebtToken: zeroAddress,
  accruedToTreasury: 0n,
  isolationModeTotalDebt: 0n,
  deficit: 0n,
  liquidationGracePeriodUntil: 0,
})

/** One call of a reserve's read by the name under which its answer is looked up. */
type NamedCall = { readonly name: string; readonly call: ContractCall }

const LATER_VIEWS = [
  ['virtualBalance', 'getVirtualUnderlyingBalance', 'hasVirtualBalance'],
  ['gracePeriod', 'getLiquidationGracePeriod', 'hasVirtualBalance'],
  ['deficit', 'getReserveDeficit', 'hasDeficit'],
] as const

const reserveCalls = (market: AaveMarket, asset: Address): readonly NamedCall[] => {
  const { pool, oracle } = market.wiring
  const state = revisionOf(market.revision)?.state
  const later = LATER_VIEWS.filter(([, , feature]) => state?.[feature])
  const symbol = viewOf(asset, { abi: erc20Abi, functionName: 'symbol' }, UNDERLYING_GAS_MAX)
  const data = { abi: poolAbi, functionName: 'getReserveData', args: [asset] } as const
  return [
    { name: 'data', call: viewOf(pool, data, RESERVE_GAS_MAX) },
    ...later.map(([name, functionName]) => ({
      name,
      call: viewOf(pool, { abi: laterPoolAbi, functionName, args: [asset] }),
    })),
    {
      name: 'priceFeed',
      call: viewOf(oracle, { abi: oracleAbi, functionName: 'getSourceOfAsset', args: [asset] }),
    },
    ...(market.reserves[asset] ? [] : [{ name: 'symbol', call: { ...symbol, immutable: true } }]),
  ]
}

type ResultOf = (name: string) => CallResult | undefined

/** What later revisions keep of a reserve beside its data; what the pool's revision does not have was not asked for. */
const laterState = (resultOf: ResultOf, isAccountedFor: boolean) => {
  const answers = LATER_VIEWS.map(([name, functionName]) => {
    const result = resultOf(name)
    return result && answerOf(laterPoolAbi, functionName, result)
  })
  const [virtualBalance, gracePeriod, deficit] = answers.map((answer) =>
    answer?.ok ? answer.value : undefined,
  )
  const fault = faultAmong(...answers.flatMap((answer) => answer ?? []))
  if (fault) return fault
  return {
    liquidationGracePeriodUntil: Number(gracePeriod ?? 0),
    deficit: BigInt(deficit ?? 0),
    ...(virtualBalance === undefined || !isAccountedFor ? {} : { virtualBalance: BigInt(virtualBalance) }),
  }
}

const reserveData = (
  asset: Address,
  resultOf: ResultOf,
  market: AaveMarket | undefined,
): Omit<Reserve, 'symbol'> | Fault => {
  const data = answerOf(poolAbi, 'getReserveData', resultOf('data'))
  if (!data.ok) return data.fault
  const { value } = data
  const isOptional = market && revisionOf(market.revision)?.state.isVirtualBalanceOptional
  const later = laterState(
    resultOf,
    !isOptional || decodeConfiguration(value.configuration).isVirtualAccountingActive,
  )
  if ('reason' in later) return later
  return {
    id: value.id,
    asset,
    configuration: value.configuration,
    liquidityIndex: value.liquidityIndex,
    liquidityRate: value.currentLiquidityRate,
    variableBorrowIndex: value.variableBorrowIndex,
    variableBorrowRate: value.currentVariableBorrowRate,
    lastUpdateTimestamp: value.lastUpdateTimestamp,
    aToken: getAddress(value.aTokenAddress),
    stableDebtToken: getAddress(value.stableDebtTokenAddress),
    variableDebtToken: getAddress(value.variableDebtTokenAddress),
    rateStrategy: getAddress(value.interestRateStrategyAddress),
    accruedToTreasury: value.accruedToTreasury,
    isolationModeTotalDebt: value.isolationModeTotalDebt,
    ...later,
  }
}

const decodeReserve = (asset: Address, resultOf: ResultOf, mirror: AaveMirror): readonly AaveChange[] => {
  const market = marketOf(mirror)
  const known = market?.reserves[asset]
  const named = resultOf('symbol')
  const symbol =
    known?.symbol ?? symbolOf(answerOf(erc20Abi, 'symbol', named), named) ?? `${asset.slice(0, 8)}…`
  const data = reserveData(asset, resultOf, market)
  if ('reason' in data)
    return [
      updateReserve(asset, (current) => ({ ...(current ?? unread(asset, symbol)), fault: data })),
      retry(keys.reserve(asset)),
    ]
  const { eMode } = decodeConfiguration(data.configuration)
  const feed = answerOf(oracleAbi, 'getSourceOfAsset', resultOf('priceFeed'))
  const priceFeed = feed.ok && feed.value !== zeroAddress ? { priceFeed: getAddress(feed.value) } : {}
  const isNew = !known?.totals || known.aToken !== data.aToken
  return [
    updateReserve(asset, (current) => ({ ...withoutPoolState(current), ...data, ...priceFeed, symbol })),
    ...(isNew ? due(keys.totals(asset)) : []),
    ...(eMode === 0 || market?.eModes[eMode] ? [] : due(keys.eMode(eMode))),
  ]
}

/** What the tokens say of a reserve, which its own data leave untouched. */
const withoutPoolState = (reserve: Reserve | undefined): Partial<Reserve> => ({
  ...(reserve?.totals ? { totals: reserve.totals } : {}),
  ...(reserve?.underlyingBalance === undefined ? {} : { underlyingBalance: reserve.underlyingBalance }),
})

/** A reserve's state, and once its token's symbol. */
export const readReserve = (market: AaveMarket, asset: Address): AaveRead => {
  const named = reserveCalls(market, asset)
  return {
    key: keys.reserve(asset),
    calls: named.map(({ call }) => call),
    decode: (results, _block, mirror) =>
      decodeReserve(asset, (name) => results[named.findIndex((one) => one.name === name)], mirror),
  }
}

/** Whether the reserve has a token of stable debt; pools since 3.2 name a mock or none. */
const hasStableToken = (market: AaveMarket, { stableDebtToken }: Reserve): boolean =>
  stableDebtToken !== zeroAddress && revisionOf(market.revision)?.state.hasStableDebt === true

/** What a reserve's tokens say: supply and debts of all accounts, and the underlying that the aToken holds. */
export const readTotals = (market: AaveMarket, reserve: Reserve): AaveRead => {
  const { asset, aToken, variableDebtToken, stableDebtToken } = reserve
  const total = { abi: scaledTokenAbi, functionName: 'scaledTotalSupply' } as const
  const held = { abi: erc20Abi, functionName: 'balanceOf', args: [aToken] } as const
  const stableSupply = { abi: stableDebtTokenAbi, functionName: 'getSupplyData' } as const
  return {
    key: keys.totals(asset),
    calls: [
      viewOf(aToken, total),
      viewOf(variableDebtToken, total),
      viewOf(asset, held, UNDERLYING_GAS_MAX),
      ...(hasStableToken(market, reserve) ? [viewOf(stableDebtToken, stableSupply, STABLE_GAS_MAX)] : []),
    ],
    decode: (results) => {
      const supply = answerOf(scaledTokenAbi, 'scaledTotalSupply', results[0])
      const debt = answerOf(scaledTokenAbi, 'scaledTotalSupply', results[1])
      const underlying = answerOf(erc20Abi, 'balanceOf', results[2])
      const stable =
        results.length > 3 ? answerOf(stableDebtTokenAbi, 'getSupplyData', results[3]) : undefined
      if (!supply.ok || !debt.ok || !underlying.ok || stable?.ok === false) return [retry(keys.totals(asset))]
      const [principal, , rate, timestamp] = stable?.value ?? []
      const stableDebt =
        principal === undefined || rate === undefined || timestamp === undefined
          ? NO_STABLE_DEBT
          : { principal, rate, timestamp }
      const totals = { scaledSupply: supply.value, scaledVariableDebt: debt.value, stableDebt }
      return [
        updateReserve(
          asset,
          (current) => current && { ...current, totals, underlyingBalance: underlying.value },
        ),
      ]
    },
  }
}
