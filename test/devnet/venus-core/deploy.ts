import { type Address, encodeFunctionData, maxUint256 } from 'viem'
import { AGREEING, creationCode, minimalProxy } from '../bytecode.ts'
import { createPlan, namedAccount, type Plan } from '../plan.ts'
import {
  comptrollerAbi,
  liquidatorAbi,
  oracleAbi,
  unitrollerAbi,
  vaiControllerAbi,
  vTokenAbi,
} from './abis.ts'
import { venusCreationCode } from './artifacts.ts'
import { MARKETS, type MarketSpec, NATIVE, RATE_CURVES, type RateKind, VAI_PRICE } from './markets.ts'

/** A market of the local comptroller. `underlying` is left out where it is the chain's own coin. */
export type VenusMarket = {
  readonly symbol: string
  readonly decimals: number
  readonly vToken: Address
  readonly underlying?: Address
}

/** Where everything is; markets are by the symbol of their underlying. */
export type VenusAddresses = {
  readonly admin: Address
  readonly treasury: Address
  readonly comptroller: Address
  readonly oracle: Address
  readonly vaiController: Address
  /** Deployed, but the comptroller accepts every liquidator until it is told to accept this contract only. */
  readonly liquidator: Address
  readonly models: Readonly<Record<RateKind, Address>>
  readonly markets: Readonly<Record<string, VenusMarket>>
}

/** VAIController of 2.2.1 knows its token by this address alone. */
export const VAI: Address = '0x4BD17003473389A42DAF6a0a729f6Fdb328BbBd7'

const MANTISSA_PER_BPS = 10n ** 14n
/** A ratio in basis points, scaled by 1e18. */
export const mantissa = (bps: number): bigint => BigInt(bps) * MANTISSA_PER_BPS

/** The oracle's price for one unit of an asset, scaled by 1e(36 − decimals), of a price in US dollars with 8 decimals. */
export const priceMantissa = (price: bigint, decimals: number): bigint => price * 10n ** BigInt(28 - decimals)

/** A vToken unit (8 decimals) is worth 0.02 units of its underlying at first. */
const initialExchangeRate = (decimals: number): bigint => 2n * 10n ** BigInt(8 + decimals)

const planProxied = (
  plan: Plan,
  proxyCode: 'Unitroller' | 'VAIUnitroller',
  code: 'Comptroller' | 'VAIController',
) => {
  const proxy = plan.deploy(venusCreationCode(proxyCode))
  const implementation = plan.deploy(venusCreationCode(code))
  plan.call(
    proxy,
    encodeFunctionData({
      abi: unitrollerAbi,
      functionName: '_setPendingImplementation',
      args: [implementation],
    }),
  )
  plan.call(
    implementation,
    encodeFunctionData({ abi: unitrollerAbi, functionName: '_become', args: [proxy] }),
  )
  return proxy
}

const planRateModels = (plan: Plan): Readonly<Record<RateKind, Address>> => {
  const jump = ({ base, slope, jump: steep, kink }: (typeof RATE_CURVES)['volatile' | 'stable']) =>
    plan.deploy(venusCreationCode('JumpRateModel', [base, slope, steep, kink].map(mantissa)))
  const { base, slope } = RATE_CURVES.linear
  return {
    volatile: jump(RATE_CURVES.volatile),
    stable: jump(RATE_CURVES.stable),
    linear: plan.deploy(venusCreationCode('WhitePaperInterestRateModel', [base, slope].map(mantissa))),
  }
}

type Core = Pick<VenusAddresses, 'admin' | 'comptroller' | 'oracle'>

const planMarket = (
  plan: Plan,
  core: Core,
  model: Address,
  spec: MarketSpec,
  underlying: Address | undefined,
): VenusMarket => {
  const { comptroller, oracle, admin } = core
  const { symbol, decimals } = spec
  const common = [
    comptroller,
    model,
    initialExchangeRate(decimals),
    `Venus ${symbol}`,
    `v${symbol}`,
    8,
    admin,
  ]
  const vToken = plan.deploy(
    underlying === undefined
      ? venusCreationCode('MockVBNB', common)
      : venusCreationCode('VBep20Immutable', [underlying, ...common]),
  )
  if (underlying !== undefined)
    plan.call(
      oracle,
      encodeFunctionData({
        abi: oracleAbi,
        functionName: 'setDirectPrice',
        args: [underlying, priceMantissa(spec.price, decimals)],
      }),
    )
  const abi = comptrollerAbi
  const factor = mantissa(spec.collateralFactor)
  for (const data of [
    encodeFunctionData({ abi, functionName: '_supportMarket', args: [vToken] }),
    encodeFunctionData({ abi, functionName: '_setCollateralFactor', args: [vToken, factor] }),
    encodeFunctionData({ abi, functionName: '_setMarketSupplyCaps', args: [[vToken], [maxUint256]] }),
  ])
    plan.call(comptroller, data)
  plan.call(
    vToken,
    encodeFunctionData({
      abi: vTokenAbi,
      functionName: '_setReserveFactor',
      args: [mantissa(spec.reserveFactor)],
    }),
  )
  return { symbol, decimals, vToken, ...(underlying === undefined ? {} : { underlying }) }
}

const planComptroller = (plan: Plan, accessControl: Address): Core => {
  const comptroller = planProxied(plan, 'Unitroller', 'Comptroller')
  const oracle = plan.deploy(venusCreationCode('SimplePriceOracle'))
  const lens = plan.deploy(venusCreationCode('ComptrollerLens'))
  const set = (
    functionName: '_setComptrollerLens' | '_setPriceOracle' | '_setAccessControl',
    address: Address,
  ) => plan.call(comptroller, encodeFunctionData({ abi: comptrollerAbi, functionName, args: [address] }))
  set('_setComptrollerLens', lens)
  set('_setPriceOracle', oracle)
  set('_setAccessControl', accessControl)
  for (const [functionName, bps] of [
    ['_setCloseFactor', 5_000],
    ['_setLiquidationIncentive', 11_000],
  ] as const)
    plan.call(comptroller, encodeFunctionData({ abi: comptrollerAbi, functionName, args: [mantissa(bps)] }))
  return { admin: plan.from, comptroller, oracle }
}

const planVai = (plan: Plan, { comptroller, oracle }: Core, accessControl: Address): Address => {
  const controller = planProxied(plan, 'VAIUnitroller', 'VAIController')
  const abi = vaiControllerAbi
  const receiver = namedAccount('vai receiver')
  for (const data of [
    encodeFunctionData({ abi, functionName: '_setComptroller', args: [comptroller] }),
    encodeFunctionData({ abi, functionName: 'initialize' }),
    encodeFunctionData({ abi, functionName: 'setAccessControl', args: [accessControl] }),
    encodeFunctionData({ abi, functionName: 'setReceiver', args: [receiver] }),
    encodeFunctionData({ abi, functionName: 'setBaseRate', args: [mantissa(200)] }),
    encodeFunctionData({ abi, functionName: 'setFloatRate', args: [mantissa(5_000)] }),
  ])
    plan.call(controller, data)
  plan.call(
    comptroller,
    encodeFunctionData({ abi: comptrollerAbi, functionName: '_setVAIController', args: [controller] }),
  )
  plan.call(
    comptroller,
    encodeFunctionData({ abi: comptrollerAbi, functionName: '_setVAIMintRate', args: [10_000n] }),
  )
  plan.call(
    oracle,
    encodeFunctionData({
      abi: oracleAbi,
      functionName: 'setDirectPrice',
      args: [VAI, priceMantissa(VAI_PRICE, 18)],
    }),
  )
  return controller
}

const planLiquidator = (plan: Plan, { comptroller }: Core, vBnb: Address, treasury: Address): Address => {
  const implementation = plan.deploy(venusCreationCode('Liquidator', [comptroller, vBnb, treasury]))
  const liquidator = plan.deploy(creationCode(minimalProxy(implementation)))
  plan.call(
    liquidator,
    encodeFunctionData({ abi: liquidatorAbi, functionName: 'initialize', args: [mantissa(500)] }),
  )
  return liquidator
}

/** Plans the real Venus core pool of 2.2.1 over tokens that are there already. The plan's sender becomes its admin. */
export const planVenus = (
  underlyings: Readonly<Record<string, Address>>,
): { readonly plan: Plan; readonly addresses: VenusAddresses } => {
  const plan = createPlan(namedAccount('venus admin'))
  const treasury = namedAccount('venus treasury')
  const accessControl = plan.deploy(creationCode(AGREEING))
  const core = planComptroller(plan, accessControl)
  const models = planRateModels(plan)
  const markets = MARKETS.map((spec) =>
    planMarket(plan, core, models[spec.rates], spec, underlyings[spec.symbol]),
  )
  const vaiController = planVai(plan, core, accessControl)
  const bySymbol = Object.fromEntries(markets.map((market) => [market.symbol, market]))
  const liquidator = planLiquidator(plan, core, bySymbol[NATIVE]?.vToken ?? VAI, treasury)
  return { plan, addresses: { ...core, treasury, vaiController, liquidator, models, markets: bySymbol } }
}
