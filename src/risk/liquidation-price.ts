import type { Address } from 'viem'
import type { Assessment, DebtLeg, Health } from '../model/assessment.ts'
import type { PriceKey, PriceReading } from '../model/price.ts'
import type { Env } from '../protocols/adapter.ts'
import { PPM } from '../units/brands.ts'

/**
 * At which price of one asset, all others held, a loan becomes liquidatable. Prices are the oracle's integers, in units of `scale`;
 * `liquidationPrice` is liquidatable while one tick nearer to the current price is not; null when no price does it.
 * `changePpm` is null without a liquidation price, and where the price is 0.
 */
export type LiquidationPrice = {
  readonly asset: Address
  readonly symbol: string
  readonly price: bigint
  readonly scale: bigint
  readonly liquidationPrice: bigint | null
  readonly changePpm: bigint | null
}

/** An asset's price is searched up to this multiple of the current one. */
const RISE_FACTOR_MAX = 10n ** 6n

/** The same env with one price replaced. */
export const withPrice = (env: Env, key: PriceKey, price: bigint): Env => ({
  ...env,
  prices: (wanted): PriceReading | undefined => {
    const reading = env.prices(wanted)
    return wanted === key && reading?.kind === 'price' ? { ...reading, price } : reading
  },
})

/** Halves the gap between a price that is safe and one that is liquidatable until they are neighbours; answers the latter. */
const boundary = (
  safe: bigint,
  liquidatable: bigint,
  isLiquidatableAt: (price: bigint) => boolean,
): bigint => {
  let [near, far] = [safe, liquidatable]
  while (far - near > 1n || near - far > 1n) {
    const middle = (near + far) / 2n
    if (isLiquidatableAt(middle)) far = middle
    else near = middle
  }
  return far
}

const liquidationPriceOf = (
  leg: DebtLeg,
  scale: bigint,
  limit: bigint,
  isLiquidatableAt: (price: bigint) => boolean,
): LiquidationPrice => {
  const { asset, symbol, price } = leg
  const liquidationPrice = isLiquidatableAt(price)
    ? price
    : isLiquidatableAt(limit)
      ? boundary(price, limit, isLiquidatableAt)
      : null
  const changePpm =
    liquidationPrice === null || price === 0n ? null : ((liquidationPrice - price) * PPM) / price
  return { asset, symbol, price, scale, liquidationPrice, changePpm }
}

/**
 * Liquidation prices of every collateral as it falls and of every debt as it rises, found on the adapter's own predicate.
 * `assess` is the adapter's, bound to one market and position.
 */
export const liquidationPrices = (
  health: Health,
  env: Env,
  assess: (env: Env) => Assessment,
): readonly LiquidationPrice[] => {
  const isLiquidatableWith = (key: PriceKey) => (price: bigint) => {
    const assessment = assess(withPrice(env, key, price))
    return assessment.kind === 'assessed' && assessment.isLiquidatable
  }
  const collateral = health.collateral.filter(({ amount }) => amount > 0n)
  const debt = health.debt.filter(({ amount }) => amount > 0n)
  const scaleOf = ({ priceKey }: DebtLeg): bigint => {
    const reading = env.prices(priceKey)
    return reading?.kind === 'price' ? reading.scale : 10n ** BigInt(health.quote.decimals)
  }
  const isBoth = ({ priceKey }: DebtLeg): boolean => collateral.some((leg) => leg.priceKey === priceKey)
  return [
    ...collateral.map((leg) => liquidationPriceOf(leg, scaleOf(leg), 1n, isLiquidatableWith(leg.priceKey))),
    ...debt
      .filter((leg) => !isBoth(leg))
      .map((leg) =>
        liquidationPriceOf(leg, scaleOf(leg), leg.price * RISE_FACTOR_MAX, isLiquidatableWith(leg.priceKey)),
      ),
  ]
}
