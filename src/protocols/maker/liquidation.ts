// The one way to liquidate an urn, what it moves, and its transaction.
import { type Address, encodeFunctionData, getAddress, zeroAddress } from 'viem'
import { dogAbi } from '../../../abis/maker.ts'
import { BaseError } from '../../model/errors.ts'
import type {
  Blocked,
  LiquidationOutcome,
  LiquidationRequest,
  LiquidationTerms,
} from '../../model/liquidation.ts'
import { WAD } from '../../units/brands.ts'
import type { Env, TransactionCall } from '../adapter.ts'
import { requireThat, unlessRefused } from '../refusing.ts'
import { daiAmount, gemAmount } from './amounts.ts'
import { type Barked, bark } from './bark.ts'
import { feedPriceOf } from './clipper.ts'
import { radToWadUp } from './math.ts'
import { poolOf, systemAfter } from './pool.ts'
import { isOpen, type MakerMarket, type MakerPosition } from './state.ts'

export const BARK = 'bark'

/** `keeper` gets the incentive; left out, nobody does. */
export type BarkRequest = LiquidationRequest & { readonly keeper?: Address }

export class SharedMarketError extends BaseError {
  override readonly name = 'SharedMarketError'
  constructor(name: string) {
    super(`${name} is shared by all ilks and holds no urns`, { remedy: 'Name an ilk, for example ETH-A.' })
  }
}

type Outcome = LiquidationOutcome<MakerMarket, MakerPosition>

const outcomeOf = (barked: Barked): Outcome => {
  const { pool, dink, due, coin } = barked
  const { market, position } = pool
  return {
    kind: 'liquidated',
    repaid: daiAmount(market, due),
    seized: [gemAmount(market, dink, feedPriceOf(pool))],
    protocolFee: [],
    badDebt: [],
    reward: coin === 0n ? [] : [daiAmount(market, coin)],
    after: { market, position: isOpen(position) ? position : undefined, markets: systemAfter(pool) },
  }
}

/**
 * What a bark in this block would move, or the contracts' refusal. It takes all that the limits allow: less is refused, in
 * words of ours. The collateral goes into an auction, whose buyers repay.
 */
export const liquidate = (
  market: MakerMarket,
  position: MakerPosition,
  env: Env,
  { repay }: BarkRequest,
): Outcome | Blocked =>
  unlessRefused(() => {
    const barked = bark(poolOf(market, position, env), env.timestamp)
    requireThat(
      repay === undefined || repay >= radToWadUp(barked.due),
      'bark takes all that the limits allow',
    )
    return outcomeOf(barked)
  })

/** The bark, where it would go through. Its incentive factor is what is seized per debt. */
export const terms = (
  market: MakerMarket,
  position: MakerPosition,
  env: Env,
): readonly LiquidationTerms<BarkRequest>[] => {
  const outcome = unlessRefused(() => outcomeOf(bark(poolOf(market, position, env), env.timestamp)))
  if (outcome.kind === 'blocked') return []
  const { repaid, seized } = outcome
  const [collateral] = seized
  if (!collateral) return []
  return [
    {
      request: { method: BARK, debtAsset: repaid.asset, collateralAsset: collateral.asset },
      repayMax: repaid.amount,
      incentiveFactor: repaid.value === 0n ? 0n : (collateral.value * WAD) / repaid.value,
      payer: 'auction',
    },
  ]
}

/** Dog.bark. */
export const call = (
  market: MakerMarket,
  { id }: MakerPosition,
  { keeper = zeroAddress }: BarkRequest,
): TransactionCall => {
  if (market.isShared) throw new SharedMarketError(market.id.market)
  const args = [market.ilk, getAddress(id.account), keeper] as const
  return {
    to: market.modules.dog,
    data: encodeFunctionData({ abi: dogAbi, functionName: 'bark', args }),
  }
}
