import type { Address } from 'viem'
import type { Devnet } from '../devnet.ts'
import type { DeployLocal } from '../local-protocol.ts'
import type { Random } from '../random.ts'
import type { MorphoAction } from './actions.ts'
import { oraclePrice } from './deploy.ts'
import { MARKETS, type MarketName, type MarketSpec } from './markets.ts'
import { deployMorpho, type Morpho } from './morpho.ts'

const NAMES = Object.keys(MARKETS) as MarketName[]
const BLOCK_SECONDS_MAX = 86_400
const ACTIONS_MAX = 4
const DOLLAR = 10 ** 8

type World = {
  readonly devnet: Devnet
  readonly morpho: Morpho
  readonly random: Random
  readonly accounts: readonly Address[]
}

const amountOf = async (
  { devnet }: World,
  symbol: string,
  decimals: number,
  dollars: number,
): Promise<bigint> =>
  (BigInt(Math.round(dollars * DOLLAR)) * 10n ** BigInt(decimals)) / (await devnet.price(symbol))

/** A loan near enough to its threshold that prices decide. */
const loanOf = async (
  world: World,
  market: MarketName,
  account: Address,
): Promise<readonly MorphoAction[]> => {
  const { morpho, random } = world
  const { loan, collateral, lltv }: MarketSpec = MARKETS[market]
  const { loanDecimals, collateralDecimals } = morpho.addresses.markets[market]
  const dollars = random.magnitude(100, 50_000)
  const assets = await amountOf(world, collateral, collateralDecimals, dollars)
  const share = 0.5 + random.next() / 2
  const borrowed = await amountOf(world, loan, loanDecimals, (dollars * share * lltv) / 1_000)
  return [
    { kind: 'supplyCollateral', market, account, assets },
    { kind: 'borrow', market, account, amount: { assets: borrowed } },
  ]
}

const setPrice = async (world: World, market: MarketName): Promise<MorphoAction> => {
  const { devnet, morpho, random } = world
  const { loan, collateral }: MarketSpec = MARKETS[market]
  const price = oraclePrice(
    morpho.addresses.markets[market],
    await devnet.price(collateral),
    await devnet.price(loan),
  )
  const ppm = BigInt(Math.round(random.magnitude(0.7, 1.2) * 1_000_000))
  return { kind: 'setOraclePrice', market, price: (price * ppm) / 1_000_000n }
}

const anyActions = async (world: World): Promise<readonly MorphoAction[]> => {
  const { random, accounts } = world
  const market = random.pick(NAMES)
  const account = random.pick(accounts)
  const assets = BigInt(Math.round(random.magnitude(1, 1e9)))
  switch (random.integer(0, 5)) {
    case 0:
      return loanOf(world, market, account)
    case 1:
      return [{ kind: 'repay', market, account, amount: { assets } }]
    case 2:
      return [{ kind: 'withdrawCollateral', market, account, assets }]
    case 3:
      return [{ kind: 'accrue', market }]
    case 4:
      return [{ kind: 'liquidate', market, borrower: account, seizedAssets: 0n, repaidShares: assets }]
    default: {
      const { oracle }: MarketSpec = MARKETS[market]
      return oracle === 'mock' ? [await setPrice(world, market)] : [{ kind: 'accrue', market }]
    }
  }
}

/** Morpho Blue beside Aave, a loan of every account in some market. */
export const deploy: DeployLocal = async (devnet, random, accounts) => {
  const morpho = await deployMorpho(devnet)
  const world: World = { devnet, morpho, random, accounts }
  await morpho.fundAccounts(accounts)
  for (const [index, account] of accounts.entries())
    await morpho.act(await loanOf(world, NAMES[index % NAMES.length] as MarketName, account), {
      tolerateReverts: true,
    })
  return {
    deployment: {
      chainId: devnet.chainId,
      protocol: 'morpho-blue',
      deployment: 'main',
      morpho: morpho.addresses.morpho,
      fromBlock: BigInt(morpho.fromBlock),
    } as const,
    stir: async () => {
      const actions: MorphoAction[] = []
      for (let count = random.integer(1, ACTIONS_MAX); count > 0; count--)
        actions.push(...(await anyActions(world)))
      await morpho.act(actions, { tolerateReverts: true, seconds: random.integer(1, BLOCK_SECONDS_MAX) })
    },
    breakOne: () => morpho.break(morpho.addresses.markets.wbtc.params.oracle),
  }
}
