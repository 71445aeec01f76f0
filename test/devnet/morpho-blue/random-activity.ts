import type { Address, Hex } from 'viem'
import { decodeFunctionResult, encodeFunctionData } from 'viem'
import type { Devnet } from '../devnet.ts'
import type { Random } from '../random.ts'
import { morphoAbi, oracleMockAbi } from './abis.ts'
import type { MorphoAction } from './actions.ts'
import { MORPHO_ADMIN } from './deploy.ts'
import { MARKETS, type MarketName, type MarketSpec } from './markets.ts'
import type { Morpho } from './morpho.ts'

/** A block of activity: send it with `act(actions, { seconds, tolerateReverts: true })`. */
export type RandomBlock = { readonly actions: readonly MorphoAction[]; readonly seconds: number }

const YEAR_SECONDS = 31_536_000
const E36 = 10n ** 36n
const WAD = 10n ** 18n
const ACTIONS_PER_BLOCK_MAX = 4

/** Multiplies by a factor, to a millionth. */
const times = (amount: bigint, factor: number): bigint =>
  (amount * BigInt(Math.round(factor * 1e6))) / 1_000_000n

/** Everything that can happen in markets (all unless told), at random amounts, most of which Morpho accepts. */
export const createMorphoActivity = (
  devnet: Devnet,
  morpho: Morpho,
  random: Random,
  accounts: readonly Address[],
  names: readonly MarketName[] = Object.keys(MARKETS) as MarketName[],
) => {
  const { markets } = morpho.addresses
  const loans: { readonly market: MarketName; readonly account: Address }[] = []
  const someLoan = () =>
    loans.length > 0 ? random.pick(loans) : { market: random.pick(names), account: random.pick(accounts) }

  const read = async (to: Address, data: Hex): Promise<Hex | undefined> =>
    devnet.rpc.request<Hex>('eth_call', [{ to, data }, 'latest']).catch(() => undefined)

  const priceIn = async (name: MarketName): Promise<bigint> => {
    const data = encodeFunctionData({ abi: oracleMockAbi, functionName: 'price' })
    const answer = await read(markets[name].params.oracle, data)
    return answer ? BigInt(answer) : 0n
  }

  const liquidityIn = async (name: MarketName): Promise<bigint> => {
    const args = [markets[name].id] as const
    const data = encodeFunctionData({ abi: morphoAbi, functionName: 'market', args })
    const answer = (await read(morpho.addresses.morpho, data)) ?? '0x'
    const [supplied, , borrowed] = decodeFunctionResult({
      abi: morphoAbi,
      functionName: 'market',
      data: answer,
    })
    return supplied - borrowed
  }

  const borrowSharesOf = async (name: MarketName, account: Address): Promise<bigint> => {
    const args = [markets[name].id, account] as const
    const data = encodeFunctionData({ abi: morphoAbi, functionName: 'position', args })
    const answer = (await read(morpho.addresses.morpho, data)) ?? '0x'
    return decodeFunctionResult({ abi: morphoAbi, functionName: 'position', data: answer })[1]
  }

  const someCollateral = (name: MarketName): bigint =>
    times(10n ** BigInt(markets[name].collateralDecimals), random.magnitude(0.001, 1_000))

  /** A loan from far below to just above what is allowed. */
  const open = async (market: MarketName, account: Address): Promise<readonly MorphoAction[]> => {
    const collateral = someCollateral(market)
    const quoted = (collateral * (await priceIn(market))) / E36
    const assets = times((quoted * markets[market].params.lltv) / WAD, random.magnitude(0.5, 1.02))
    loans.push({ market, account })
    return [
      { kind: 'supplyCollateral', market, account, assets: collateral },
      { kind: 'borrow', market, account, amount: { assets } },
    ]
  }

  const movePrice = async (market: MarketName): Promise<readonly MorphoAction[]> => {
    const spec: MarketSpec = MARKETS[market]
    if (spec.oracle === 'feed') return [{ kind: 'accrue', market }]
    const price = times(
      await priceIn(market),
      random.chance(0.1) ? random.magnitude(0.1, 1) : random.magnitude(0.75, 1.2),
    )
    return [{ kind: 'setOraclePrice', market, price: price > 0n ? price : 10n ** 24n }]
  }

  const repay = async (market: MarketName, account: Address): Promise<readonly MorphoAction[]> => {
    const shares = await borrowSharesOf(market, account)
    const amount = { shares: random.chance(0.3) ? shares : times(shares, random.next()) }
    return [{ kind: 'repay', market, account, amount }]
  }

  /** Everybody in a market, whoever is unhealthy. */
  const liquidate = async (market: MarketName): Promise<readonly MorphoAction[]> => {
    const borrowers = new Set(loans.flatMap((loan) => (loan.market === market ? [loan.account] : [])))
    const actions: MorphoAction[] = []
    for (const borrower of borrowers) {
      const repaidShares = times(await borrowSharesOf(market, borrower), random.pick([1, 0.5, 0.01]))
      actions.push({ kind: 'liquidate', market, borrower, seizedAssets: 0n, repaidShares })
    }
    return actions
  }

  /** Takes all that is left to borrow, or to withdraw. */
  const drain = async (market: MarketName): Promise<readonly MorphoAction[]> => [
    { kind: 'withdraw', market, account: MORPHO_ADMIN, amount: { assets: await liquidityIn(market) } },
  ]

  const administer = async (market: MarketName): Promise<readonly MorphoAction[]> => [
    random.chance(0.5)
      ? { kind: 'setFee', market, fee: BigInt(random.integer(0, 25)) * (WAD / 100n) }
      : { kind: 'setFeeRecipient', recipient: random.pick([...accounts, morpho.feeRecipient]) },
  ]

  const some = async (): Promise<readonly MorphoAction[]> => {
    const choice = random.next()
    if (choice < 0.25) return open(random.pick(names), random.pick(accounts))
    const { market, account } = someLoan()
    if (choice < 0.5) return movePrice(market)
    if (choice < 0.62) return repay(market, account)
    if (choice < 0.75) return liquidate(market)
    if (choice < 0.8) return [{ kind: 'withdrawCollateral', market, account, assets: someCollateral(market) }]
    if (choice < 0.86) return [{ kind: 'accrue', market }]
    if (choice < 0.9) return [{ kind: 'supply', market, account, amount: { assets: someCollateral(market) } }]
    return choice < 0.96 ? drain(market) : administer(market)
  }

  return {
    markets: names,
    open,
    next: async (): Promise<RandomBlock> => {
      const actions: MorphoAction[] = []
      const count = random.integer(0, ACTIONS_PER_BLOCK_MAX)
      while (actions.length < count) actions.push(...(await some()))
      const seconds = random.chance(0.05) ? random.integer(1, YEAR_SECONDS) : random.integer(1, 3_600)
      return { actions, seconds }
    },
  }
}
