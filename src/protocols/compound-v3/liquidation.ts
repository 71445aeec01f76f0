// Ways to liquidate an account, what each moves, and its transaction.
import { type Address, encodeFunctionData, zeroAddress } from 'viem'
import { cometAbi } from '../../../abis/compound-v3.ts'
import type {
  AssetAmount,
  Blocked,
  LiquidationOutcome,
  LiquidationRequest,
  LiquidationTerms,
} from '../../model/liquidation.ts'
import { WAD } from '../../units/brands.ts'
import type { Env, TransactionCall } from '../adapter.ts'
import { requireThat, unlessRefused } from '../refusing.ts'
import { type Absorbed, type Absorption, absorb } from './absorb.ts'
import { assetInfoByAddress, type Held, priceIn, valueDown } from './account.ts'
import { type Pool, poolOf, type ReadMarket } from './accrual.ts'
import { mulPriceDown } from './math.ts'
import { type CometMarket, type CometPosition, isOpen, tokenOf } from './state.ts'
import { baseAmountMax, buyCollateral, collateralReserves } from './storefront.ts'

export const ABSORB = 'absorb'
export const BUY_COLLATERAL = 'buyCollateral'

/**
 * `absorb` is the protocol's own liquidation: it takes everything, whoever calls. `buyCollateral` is absorb and then the
 * purchase of `collateralAsset` for `repay` base tokens, at least `minAmount` of it, for `recipient`.
 */
export type CometRequest = LiquidationRequest & {
  readonly minAmount?: bigint
  readonly recipient?: Address
  /** Who is credited with the liquidator's points of an absorb. */
  readonly absorber?: Address
}

const baseAmountOf = (market: ReadMarket, amount: bigint, env: Env): AssetAmount => {
  const { baseToken, baseTokenPriceFeed, baseScale } = market.configuration
  const value = mulPriceDown(amount, priceIn(env, baseTokenPriceFeed), baseScale)
  return { asset: baseToken, ...tokenOf(market, baseToken), amount, value }
}

const collateralAmountOf = (market: ReadMarket, held: Held, env: Env): AssetAmount => ({
  asset: held.info.asset,
  ...tokenOf(market, held.info.asset),
  amount: held.amount,
  value: valueDown(held, env),
})

type Outcome = LiquidationOutcome<CometMarket, CometPosition>

const afterOf = ({ market, position }: Pool): Outcome['after'] => ({
  market,
  position: isOpen(position) ? position : undefined,
})

const badDebtOf = ({ pool, shortfall }: Absorption, env: Env): readonly AssetAmount[] =>
  shortfall === 0n ? [] : [baseAmountOf(pool.market, shortfall, env)]

/** Everything goes to the protocol, which pays with its reserves: `repaid` and `badDebt` together are the event's basePaidOut. */
const absorbed = (absorption: Absorption, env: Env): Outcome => {
  const { pool, seized, basePaidOut, shortfall } = absorption
  return {
    kind: 'liquidated',
    repaid: baseAmountOf(pool.market, basePaidOut - shortfall, env),
    seized: seized.map((held) => collateralAmountOf(pool.market, held, env)),
    protocolFee: [],
    badDebt: badDebtOf(absorption, env),
    after: afterOf(pool),
  }
}

/** What of the borrower's collateral the protocol keeps when somebody buys `bought` of one asset. */
const keptOf = (seized: readonly Absorbed[], asset: Address, bought: bigint): readonly Held[] =>
  seized.flatMap(({ info, amount }) => {
    const kept = info.asset === asset ? amount - bought : amount
    return kept > 0n ? [{ info, amount: kept }] : []
  })

/** Absorb, then a purchase in the same block; what is not bought stays with the protocol. */
const absorbedAndBought = (absorption: Absorption, env: Env, request: CometRequest): Outcome => {
  const { pool, seized } = absorption
  const { collateralAsset: asset, repay, minAmount = 0n } = request
  const info = assetInfoByAddress(pool.market, asset)
  const baseAmount = repay ?? baseAmountMax(pool.market, env, asset, collateralReserves(pool.market, asset))
  const bought = buyCollateral(pool.market, env, { asset, minAmount, baseAmount })
  const { market, collateralAmount: amount } = bought
  return {
    kind: 'liquidated',
    repaid: baseAmountOf(market, baseAmount, env),
    seized: [collateralAmountOf(market, { info, amount }, env)],
    protocolFee: keptOf(seized, asset, amount).map((held) => collateralAmountOf(market, held, env)),
    badDebt: badDebtOf(absorption, env),
    after: afterOf({ ...pool, market }),
  }
}

/** What a liquidation in this block would move, to the unit, or the contract's refusal. Absorb takes everything: a part of it is refused, in words of ours. */
export const liquidate = (
  market: CometMarket,
  position: CometPosition,
  env: Env,
  request: CometRequest,
): Outcome | Blocked =>
  unlessRefused(() => {
    const stored = poolOf(market, position)
    const { method, debtAsset, repay } = request
    requireThat(debtAsset === stored.market.configuration.baseToken, 'BadAsset')
    const absorption = absorb(stored, env)
    if (method === BUY_COLLATERAL) return absorbedAndBought(absorption, env, request)
    const { basePaidOut, shortfall } = absorption
    requireThat(repay === undefined || repay >= basePaidOut - shortfall, 'absorb repays everything')
    return absorbed(absorption, env)
  })

/** Buying what this absorb brings in of one asset, where the storefront is open and it is worth paying anything for. */
const purchaseOf = (
  { pool }: Absorption,
  held: Held,
  env: Env,
): { readonly terms: LiquidationTerms<CometRequest>; readonly gain: bigint } | undefined => {
  const { baseToken: debtAsset } = pool.market.configuration
  const { asset } = held.info
  const terms = unlessRefused(() => {
    const baseAmount = baseAmountMax(pool.market, env, asset, held.amount)
    const bought = buyCollateral(pool.market, env, { asset, minAmount: 0n, baseAmount })
    return { baseAmount, minAmount: bought.collateralAmount }
  })
  if ('kind' in terms || terms.minAmount === 0n) return undefined
  const { baseAmount: repay, minAmount } = terms
  const paid = baseAmountOf(pool.market, repay, env).value
  const got = valueDown({ ...held, amount: minAmount }, env)
  return {
    terms: {
      request: { method: BUY_COLLATERAL, debtAsset, collateralAsset: asset, repay, minAmount },
      repayMax: repay,
      incentiveFactor: (got * WAD) / (paid === 0n ? 1n : paid),
      payer: 'liquidator',
    },
    gain: got - paid,
  }
}

/**
 * How the account can be liquidated in this block: the purchases that follow an absorb, most rewarding first, then absorb
 * itself, whose caller gets nothing but points. Purchases are of what this account brings in; more may be in store.
 */
export const terms = (
  market: CometMarket,
  position: CometPosition,
  env: Env,
): readonly LiquidationTerms<CometRequest>[] => {
  const absorption = unlessRefused(() => absorb(poolOf(market, position), env))
  if ('kind' in absorption) return []
  const { pool, seized, basePaidOut, shortfall } = absorption
  const { baseToken: debtAsset } = pool.market.configuration
  const purchases = seized
    .flatMap((held) => purchaseOf(absorption, held, env) ?? [])
    .sort((a, b) => (a.gain === b.gain ? 0 : a.gain > b.gain ? -1 : 1))
  const collateralAsset = seized[0]?.info.asset ?? debtAsset
  return [
    ...purchases.map((one) => one.terms),
    {
      request: { method: ABSORB, debtAsset, collateralAsset },
      repayMax: basePaidOut - shortfall,
      incentiveFactor: 0n,
      payer: 'protocol',
    },
  ]
}

/** A purchase for `repay` base tokens, with the least that they get in this block; an absorb takes everything. */
export const partly = (
  market: CometMarket,
  position: CometPosition,
  env: Env,
  request: CometRequest,
  repay: bigint,
): CometRequest | Blocked => {
  const outcome = liquidate(market, position, env, { ...request, repay, minAmount: 0n })
  return outcome.kind === 'blocked'
    ? outcome
    : { ...request, repay, minAmount: outcome.seized[0]?.amount ?? 0n }
}

/**
 * The transaction of a request. A purchase takes two, and absorb is the first of them whichever is asked for; with a
 * `recipient` it is the second, buyCollateral, which goes through once the account is absorbed.
 */
export const call = (
  market: CometMarket,
  position: CometPosition,
  request: CometRequest,
): TransactionCall => {
  const { method, collateralAsset, repay = 0n, minAmount = 0n, recipient, absorber = zeroAddress } = request
  const data =
    method === BUY_COLLATERAL && recipient
      ? encodeFunctionData({
          abi: cometAbi,
          functionName: 'buyCollateral',
          args: [collateralAsset, minAmount, repay, recipient],
        })
      : encodeFunctionData({ abi: cometAbi, functionName: 'absorb', args: [absorber, [position.owner]] })
  return { to: market.comet, data }
}
