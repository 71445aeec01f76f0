import { type Address, encodeFunctionData } from 'viem'
import { createPlan, namedAccount, type Plan } from '../plan.ts'
import { comptrollerAbi, cTokenAbi, oracleAbi, unitrollerAbi } from './abis.ts'
import { compoundCreationCode } from './artifacts.ts'
import { MARKETS, type MarketSpec, RATE_CURVES, type RateKind } from './markets.ts'

/** A market of the local comptroller. `underlying` is left out where it is the chain's own coin. */
export type CompoundMarket = {
  readonly symbol: string
  readonly decimals: number
  readonly cToken: Address
  readonly underlying?: Address
}

/** Where everything is; markets are by the symbol of their underlying. */
export type CompoundAddresses = {
  readonly admin: Address
  readonly comptroller: Address
  readonly oracle: Address
  readonly models: Readonly<Record<RateKind, Address>>
  readonly markets: Readonly<Record<string, CompoundMarket>>
}

const MANTISSA_PER_BPS = 10n ** 14n
export const mantissa = (bps: number): bigint => BigInt(bps) * MANTISSA_PER_BPS

/** The oracle's price for one unit of an asset, scaled by 1e(36 − decimals), of a price in wei for a whole one. */
export const priceMantissa = (price: bigint, decimals: number): bigint =>
  (price * 10n ** 18n) / 10n ** BigInt(decimals)

/** A cToken unit (8 decimals) is worth 0.02 units of its underlying at first. */
const initialExchangeRate = (decimals: number): bigint => 2n * 10n ** BigInt(8 + decimals)

const planComptroller = (plan: Plan): Address => {
  const unitroller = plan.deploy(compoundCreationCode('Unitroller'))
  const comptroller = plan.deploy(compoundCreationCode('Comptroller'))
  const abi = unitrollerAbi
  const setPending = { abi, functionName: '_setPendingImplementation', args: [comptroller] } as const
  plan.call(unitroller, encodeFunctionData(setPending))
  plan.call(comptroller, encodeFunctionData({ abi, functionName: '_become', args: [unitroller] }))
  return unitroller
}

const planRateModels = (plan: Plan): Readonly<Record<RateKind, Address>> => {
  const jump = ({ base, slope, jump: steep, kink }: (typeof RATE_CURVES)['volatile' | 'stable']) =>
    plan.deploy(
      compoundCreationCode('JumpRateModelV2', [...[base, slope, steep, kink].map(mantissa), plan.from]),
    )
  const { base, slope } = RATE_CURVES.linear
  return {
    volatile: jump(RATE_CURVES.volatile),
    stable: jump(RATE_CURVES.stable),
    linear: plan.deploy(compoundCreationCode('WhitePaperInterestRateModel', [base, slope].map(mantissa))),
  }
}

type Core = Pick<CompoundAddresses, 'admin' | 'comptroller' | 'oracle'>

const planMarket = (
  plan: Plan,
  { comptroller, oracle, admin }: Core,
  model: Address,
  spec: MarketSpec,
  underlying: Address | undefined,
): CompoundMarket => {
  const { symbol, decimals } = spec
  const rate = initialExchangeRate(decimals)
  const common = [comptroller, model, rate, `Compound ${symbol}`, `c${symbol}`, 8, admin]
  const cToken = plan.deploy(
    underlying === undefined
      ? compoundCreationCode('CEther', common)
      : compoundCreationCode('CErc20Immutable', [underlying, ...common]),
  )
  if (underlying !== undefined)
    plan.call(
      oracle,
      encodeFunctionData({
        abi: oracleAbi,
        functionName: 'setUnderlyingPrice',
        args: [cToken, priceMantissa(spec.price, decimals)],
      }),
    )
  const factor = mantissa(spec.collateralFactor)
  const abi = comptrollerAbi
  plan.call(comptroller, encodeFunctionData({ abi, functionName: '_supportMarket', args: [cToken] }))
  plan.call(
    comptroller,
    encodeFunctionData({ abi, functionName: '_setCollateralFactor', args: [cToken, factor] }),
  )
  const reserveFactor = mantissa(spec.reserveFactor)
  plan.call(
    cToken,
    encodeFunctionData({ abi: cTokenAbi, functionName: '_setReserveFactor', args: [reserveFactor] }),
  )
  return { symbol, decimals, cToken, ...(underlying === undefined ? {} : { underlying }) }
}

/** Plans the real Compound v2 over tokens that are there already. The plan's sender becomes its admin. */
export const planCompoundV2 = (
  underlyings: Readonly<Record<string, Address>>,
): { readonly plan: Plan; readonly addresses: CompoundAddresses } => {
  const plan = createPlan(namedAccount('compound admin'))
  const comptroller = planComptroller(plan)
  const oracle = plan.deploy(compoundCreationCode('SimplePriceOracle'))
  const abi = comptrollerAbi
  for (const data of [
    encodeFunctionData({ abi, functionName: '_setPriceOracle', args: [oracle] }),
    encodeFunctionData({ abi, functionName: '_setCloseFactor', args: [mantissa(5_000)] }),
    encodeFunctionData({ abi, functionName: '_setLiquidationIncentive', args: [mantissa(10_800)] }),
  ])
    plan.call(comptroller, data)
  const models = planRateModels(plan)
  const core = { admin: plan.from, comptroller, oracle }
  const markets = MARKETS.map((spec) => {
    const underlying = underlyings[spec.symbol]
    return planMarket(plan, core, models[spec.rates], spec, underlying)
  })
  const bySymbol = Object.fromEntries(markets.map((market) => [market.symbol, market]))
  return { plan, addresses: { ...core, models, markets: bySymbol } }
}
