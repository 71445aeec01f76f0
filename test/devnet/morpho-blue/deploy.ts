import {
  type Address,
  encodeAbiParameters,
  encodeFunctionData,
  type Hex,
  keccak256,
  maxUint256,
  zeroAddress,
} from 'viem'
import { tokenAbi } from '../aave-v3/abis.ts'
import type { Addresses } from '../aave-v3/addresses.ts'
import { createPlan, namedAccount, type Plan, type Transaction } from '../plan.ts'
import { marketParamsType, morphoAbi, oracleMockAbi } from './abis.ts'
import { morphoCreationCodes } from './artifacts.ts'
import { feedOracle } from './feed-oracle.ts'
import { MARKETS, type MarketName, type MarketSpec, type RateKind } from './markets.ts'

export type MarketParams = {
  readonly loanToken: Address
  readonly collateralToken: Address
  readonly oracle: Address
  readonly irm: Address
  readonly lltv: bigint
}

/** A market as it stands on the local chain. */
export type LocalMarket = {
  readonly name: MarketName
  readonly id: Hex
  readonly params: MarketParams
  readonly loanDecimals: number
  readonly collateralDecimals: number
}

export type MorphoAddresses = {
  readonly morpho: Address
  readonly rateModels: Readonly<Record<RateKind, Address>>
  readonly markets: Readonly<Record<MarketName, LocalMarket>>
}

/** Who owns Morpho, lends in every market, and liquidates. */
export const MORPHO_ADMIN: Address = namedAccount('morpho admin')

const PLENTY = 2n ** 120n
const WAD = 10n ** 18n
const PER_MILLE = WAD / 1_000n

/** An oracle's price by the dollar prices of both tokens, each with 8 decimals: loan units for a unit of collateral, times 1e36. */
export const oraclePrice = (
  { loanDecimals, collateralDecimals }: Pick<LocalMarket, 'loanDecimals' | 'collateralDecimals'>,
  collateralPrice: bigint,
  loanPrice: bigint,
): bigint => (collateralPrice * 10n ** BigInt(36 + loanDecimals - collateralDecimals)) / loanPrice

const planMarket = (
  plan: Plan,
  codes: ReturnType<typeof morphoCreationCodes>,
  { reserves }: Addresses,
  rateModels: MorphoAddresses['rateModels'],
  name: MarketName,
  prices: Readonly<Record<string, bigint>>,
): LocalMarket => {
  const spec: MarketSpec = MARKETS[name]
  const [loan, collateral] = [reserves[spec.loan], reserves[spec.collateral]]
  if (!loan || !collateral) throw new Error(`no reserve for market ${name}`)
  const decimals = { loanDecimals: loan.decimals, collateralDecimals: collateral.decimals }
  const scale = 10n ** BigInt(36 + loan.decimals - collateral.decimals - 8)
  const oracle = plan.deploy(spec.oracle === 'feed' ? feedOracle(collateral.feed, scale) : codes.OracleMock)
  if (spec.oracle === 'mock') {
    const price = oraclePrice(decimals, prices[spec.collateral] ?? 0n, prices[spec.loan] ?? 1n)
    plan.call(oracle, encodeFunctionData({ abi: oracleMockAbi, functionName: 'setPrice', args: [price] }))
  }
  const params: MarketParams = {
    loanToken: loan.asset,
    collateralToken: collateral.asset,
    oracle,
    irm: rateModels[spec.rates],
    lltv: BigInt(spec.lltv) * PER_MILLE,
  }
  const id = keccak256(
    encodeAbiParameters(marketParamsType, [
      params.loanToken,
      params.collateralToken,
      oracle,
      params.irm,
      params.lltv,
    ]),
  )
  return { name, id, params, ...decimals }
}

const configure = (plan: Plan, morpho: Address, { params, name }: LocalMarket): void => {
  const fee = BigInt(MARKETS[name].fee) * PER_MILLE
  plan.call(morpho, encodeFunctionData({ abi: morphoAbi, functionName: 'createMarket', args: [params] }))
  if (fee > 0n)
    plan.call(morpho, encodeFunctionData({ abi: morphoAbi, functionName: 'setFee', args: [params, fee] }))
}

/** Plans Morpho with its rate models, oracles and markets. `prices`: of the reserves in dollars, 8 decimals. */
export const planMorpho = (
  aave: Addresses,
  prices: Readonly<Record<string, bigint>>,
  feeRecipient: Address,
): { readonly plan: Plan; readonly addresses: MorphoAddresses } => {
  const codes = morphoCreationCodes()
  const plan = createPlan(MORPHO_ADMIN)
  const morpho = plan.deploy(withArgument(codes.Morpho, MORPHO_ADMIN))
  const rateModels = {
    curve: plan.deploy(withArgument(codes.AdaptiveCurveIrm, morpho)),
    none: zeroAddress,
    mock: plan.deploy(codes.IrmMock),
    fragile: plan.deploy(codes.IrmMock),
  }
  const enable = (functionName: 'enableIrm' | 'enableLltv', argument: Address | bigint) =>
    plan.call(morpho, encodeFunctionData({ abi: morphoAbi, functionName, args: [argument as never] }))
  for (const model of Object.values(rateModels)) enable('enableIrm', model)
  for (const lltv of new Set(Object.values(MARKETS).map((spec) => spec.lltv)))
    enable('enableLltv', BigInt(lltv) * PER_MILLE)
  const names = Object.keys(MARKETS) as MarketName[]
  const markets = names.map((name) => planMarket(plan, codes, aave, rateModels, name, prices))
  for (const market of markets) configure(plan, morpho, market)
  plan.call(
    morpho,
    encodeFunctionData({ abi: morphoAbi, functionName: 'setFeeRecipient', args: [feeRecipient] }),
  )
  const byName = Object.fromEntries(markets.map((market) => [market.name, market]))
  return { plan, addresses: { morpho, rateModels, markets: byName as MorphoAddresses['markets'] } }
}

const withArgument = (code: Hex, argument: Address): Hex =>
  `${code}${encodeAbiParameters([{ type: 'address' }], [argument]).slice(2)}`

/** An account takes plenty of every token that markets use, and lets Morpho take it. */
export const fund = (account: Address, { morpho, markets }: MorphoAddresses): readonly Transaction[] => {
  const tokens = new Set(
    Object.values(markets).flatMap(({ params }) => [params.loanToken, params.collateralToken]),
  )
  return [...tokens].flatMap((token) =>
    [
      encodeFunctionData({ abi: tokenAbi, functionName: 'mint', args: [account, PLENTY] }),
      encodeFunctionData({ abi: tokenAbi, functionName: 'approve', args: [morpho, maxUint256] }),
    ].map((data) => ({ from: account, to: token, data })),
  )
}
